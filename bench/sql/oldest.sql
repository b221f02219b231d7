-- The number of published posts but those that the bench has published, and the path of the oldest.
SELECT count(*) OVER (), '/@' || u.username || '/' || p.slug
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.published_at IS NOT NULL AND p.id::text NOT LIKE '%-7000-9000-%'
ORDER BY p.published_at, p.id
LIMIT 1;
