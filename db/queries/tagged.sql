-- ListTags lists all tags by their slugs, each under the name that it was given last. From one it goes on to the next:
-- how many posts each has costs nothing.
-- name: ListTags :many
WITH RECURSIVE found AS (
    (
        SELECT t.slug, t.name, 1 AS place
        FROM tagged AS t
        ORDER BY t.slug, t.published_at DESC, t.post_id DESC
        LIMIT 1
    )
    UNION ALL
    SELECT n.slug, n.name, f.place + 1
    FROM found AS f
    CROSS JOIN LATERAL (
        SELECT t.slug, t.name
        FROM tagged AS t
        WHERE t.slug > f.slug
        ORDER BY t.slug, t.published_at DESC, t.post_id DESC
        LIMIT 1
    ) AS n
    WHERE f.place < @most::integer
)
SELECT slug, name
FROM found
ORDER BY place
LIMIT @most;

-- TagNamed finds the name that a tag was given last.
-- name: TagNamed :one
SELECT name
FROM tagged
WHERE slug = @slug
ORDER BY published_at DESC, post_id DESC
LIMIT 1;

-- ListTagged pages through what has a tag, newest first, from before a place.
-- name: ListTagged :many
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at, p.published_at
FROM tagged AS t
JOIN posts AS p ON p.id = t.post_id
JOIN users AS u ON u.id = p.author_id
WHERE t.slug = @tag
    AND (t.published_at, t.post_id) < (@before_time::timestamptz, @before_id::uuid)
ORDER BY t.published_at DESC, t.post_id DESC
LIMIT 21;
