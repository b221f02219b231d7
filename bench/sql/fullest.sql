-- The paths of the tag, the author and the month with the most posts: their lists are full at every size.
SELECT
    (SELECT '/tags/' || t.slug FROM tagged AS t GROUP BY t.slug ORDER BY count(*) DESC, t.slug LIMIT 1),
    (SELECT '/@' || u.username FROM posts AS p JOIN users AS u ON u.id = p.author_id
        WHERE p.published_at IS NOT NULL AND p.deleted_at IS NULL GROUP BY u.username ORDER BY count(*) DESC, u.username LIMIT 1),
    (SELECT to_char(p.published_at, '"/archive/"YYYY"/"MM') FROM posts AS p
        WHERE p.published_at IS NOT NULL AND p.deleted_at IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1);
