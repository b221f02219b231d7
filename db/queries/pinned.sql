-- PinnedBy lists what one author has pinned, last pinned first.
-- name: PinnedBy :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at, p.published_at
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.author_id = @author_id
    AND p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
    AND p.pinned_at IS NOT NULL
ORDER BY p.pinned_at DESC, p.id DESC
LIMIT 3;
