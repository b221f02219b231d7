-- FeedOfAll reads everybody's newest published posts, with how long their texts are.
-- name: FeedOfAll :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words,
    p.updated_at, p.published_at, p.tags, greatest(octet_length(p.html), octet_length(p.body))::int AS size
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
ORDER BY p.published_at DESC, p.id DESC
LIMIT 20;

-- FeedOfAuthor reads one author's newest published posts, likewise.
-- name: FeedOfAuthor :many
WITH newest AS MATERIALIZED (
    SELECT p.id
    FROM posts AS p
    WHERE p.author_id = @author_id
        AND p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND NOT p.page
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 20
)
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words,
    p.updated_at, p.published_at, p.tags, greatest(octet_length(p.html), octet_length(p.body))::int AS size
FROM newest AS n
JOIN posts AS p ON p.id = n.id
JOIN users AS u ON u.id = p.author_id
ORDER BY p.published_at DESC, p.id DESC;

-- FeedOfTag reads the newest published posts with a tag, likewise.
-- name: FeedOfTag :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words,
    p.updated_at, p.published_at, p.tags, greatest(octet_length(p.html), octet_length(p.body))::int AS size
FROM tagged AS t
JOIN posts AS p ON p.id = t.post_id
JOIN users AS u ON u.id = p.author_id
WHERE t.slug = @slug
ORDER BY t.published_at DESC, t.post_id DESC
LIMIT 20;

-- FeedTexts reads the texts of those that are public still: as HTML and, where another renderer made it, as typed.
-- name: FeedTexts :many
SELECT p.id, p.html, p.renderer, CASE WHEN p.renderer <> @renderer THEN p.body ELSE '' END AS body_to_render
FROM posts AS p
WHERE p.id = any(@ids::uuid[])
    AND p.deleted_at IS NULL
    AND p.published_at IS NOT NULL;
