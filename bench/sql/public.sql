-- Paths of pages that everybody may see, more than fit into memory as it is set up: the newest posts, and all authors' feeds.
SELECT
    array(
        SELECT '/@' || u.username || '/' || p.slug
        FROM posts AS p
        JOIN users AS u ON u.id = p.author_id
        WHERE p.published_at IS NOT NULL AND p.deleted_at IS NULL
        ORDER BY p.published_at DESC
        LIMIT 5000
    )
    || array(SELECT '/@' || u.username || feed.path FROM users AS u CROSS JOIN (VALUES ('/feed.atom'), ('/feed.json')) AS feed (path));
