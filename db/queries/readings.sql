-- StaleReadings lists posts that readers see or shall see, of which another renderer made what is read.
-- name: StaleReadings :many
(
    SELECT p.id, p.version, p.title, p.body, p.tags
    FROM posts AS p
    WHERE (p.published_at IS NOT NULL OR p.publish_at IS NOT NULL) AND p.renderer < @renderer
    ORDER BY p.renderer, p.id
    LIMIT @most
)
UNION ALL
(
    SELECT p.id, p.version, p.title, p.body, p.tags
    FROM posts AS p
    WHERE (p.published_at IS NOT NULL OR p.publish_at IS NOT NULL) AND p.renderer > @renderer
    ORDER BY p.renderer, p.id
    LIMIT @most
);

-- SetReading keeps what was made of a post's text, if it still has that text.
-- name: SetReading :exec
UPDATE posts
SET
    excerpt = @excerpt,
    words = @words,
    html = @html,
    plain = @plain,
    outline = @outline,
    links = @links,
    renderer = @renderer,
    language = @language
WHERE id = @id AND version = @version;
