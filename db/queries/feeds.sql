-- FeedOfAll reads everybody's newest published posts with their texts: as HTML and, where another renderer made it, as typed.
-- name: FeedOfAll :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.html,
    p.renderer, CASE WHEN p.renderer <> @renderer THEN p.body ELSE '' END AS body_to_render,
    p.updated_at, p.published_at, p.tags
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
ORDER BY p.published_at DESC, p.id DESC
LIMIT @most;

-- FeedOfAuthor reads one author's newest published posts, likewise.
-- name: FeedOfAuthor :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.html,
    p.renderer, CASE WHEN p.renderer <> @renderer THEN p.body ELSE '' END AS body_to_render,
    p.updated_at, p.published_at, p.tags
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.author_id = @author_id
    AND p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
ORDER BY p.published_at DESC, p.id DESC
LIMIT @most;

-- FeedOfTag reads the newest published posts with a tag, likewise.
-- name: FeedOfTag :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.html,
    p.renderer, CASE WHEN p.renderer <> @renderer THEN p.body ELSE '' END AS body_to_render,
    p.updated_at, p.published_at, p.tags
FROM tagged AS t
JOIN posts AS p ON p.id = t.post_id
JOIN users AS u ON u.id = p.author_id
WHERE t.slug = @slug
ORDER BY t.published_at DESC, t.post_id DESC
LIMIT @most;
