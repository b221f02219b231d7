-- Neighbours finds the posts that were published just before and just after one, whoever wrote them.
-- name: Neighbours :many
(
    SELECT false AS newer, u.username, p.slug, p.title
    FROM posts AS p
    JOIN users AS u ON u.id = p.author_id
    WHERE p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND NOT p.page
        AND (p.published_at, p.id) < (@published_at::timestamptz, @id::uuid)
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 1
)
UNION ALL
(
    SELECT true, u.username, p.slug, p.title
    FROM posts AS p
    JOIN users AS u ON u.id = p.author_id
    WHERE p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND NOT p.page
        AND (p.published_at, p.id) > (@published_at::timestamptz, @id::uuid)
    ORDER BY p.published_at, p.id
    LIMIT 1
);
