-- NavigationPages lists the pages that stand by themselves, by title: more than ten do not fit.
-- name: NavigationPages :many
SELECT p.id, u.username, p.slug, p.title
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND p.page
ORDER BY p.title, p.id
LIMIT 10;
