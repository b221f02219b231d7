-- SitemapCuts finds where each part of the sitemap but the last ends: the addresses at every so many, of the pages that stand
-- by themselves, the authors, the tags and the posts, in the order in which the queries below list them.
-- name: SitemapCuts :many
WITH addresses AS (
    SELECT 1 AS kind, '' AS name, p.published_at AS at, p.id
    FROM posts AS p
    WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND p.page
    UNION ALL
    SELECT 2, u.username, to_timestamp(0), '00000000-0000-0000-0000-000000000000'::uuid
    FROM users AS u
    WHERE u.deleted_at IS NULL
        AND EXISTS (
            SELECT FROM posts AS p
            WHERE p.author_id = u.id AND p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page
        )
    UNION ALL
    SELECT DISTINCT 3, t.slug, to_timestamp(0), '00000000-0000-0000-0000-000000000000'::uuid
    FROM tagged AS t
    UNION ALL
    SELECT 4, '', p.published_at, p.id
    FROM posts AS p
    WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page
), numbered AS (
    SELECT
        kind, name, at, id,
        row_number() OVER (ORDER BY kind, name, at, id) AS place,
        count(*) OVER () AS total
    FROM addresses
)
SELECT kind::int AS kind, name::text AS name, at::timestamptz AS at, id::uuid AS id
FROM numbered
WHERE place % @size::bigint = 0 AND place < total
ORDER BY place
LIMIT @most;

-- SitemapPages lists the pages that stand by themselves, from after a place.
-- name: SitemapPages :many
SELECT p.id, u.username, p.slug, p.published_at, p.updated_at
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND p.page
    AND (p.published_at, p.id) > (@after_time::timestamptz, @after_id::uuid)
ORDER BY p.published_at, p.id
LIMIT @most;

-- SitemapAuthors lists who has published posts, from after a name, with the time of their newest.
-- name: SitemapAuthors :many
SELECT u.username, newest.published_at
FROM users AS u
CROSS JOIN LATERAL (
    SELECT p.published_at
    FROM posts AS p
    WHERE p.author_id = u.id AND p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 1
) AS newest
WHERE u.deleted_at IS NULL AND u.username > @after
ORDER BY u.username
LIMIT @most;

-- SitemapTags lists the tags of published posts, from after a slug, with the time of the newest post of each.
-- name: SitemapTags :many
WITH RECURSIVE found AS (
    (
        SELECT t.slug, t.published_at, 1 AS place
        FROM tagged AS t
        WHERE t.slug > @after
        ORDER BY t.slug, t.published_at DESC, t.post_id DESC
        LIMIT 1
    )
    UNION ALL
    SELECT n.slug, n.published_at, f.place + 1
    FROM found AS f
    CROSS JOIN LATERAL (
        SELECT t.slug, t.published_at
        FROM tagged AS t
        WHERE t.slug > f.slug
        ORDER BY t.slug, t.published_at DESC, t.post_id DESC
        LIMIT 1
    ) AS n
    WHERE f.place < @most::integer
)
SELECT slug, published_at
FROM found
ORDER BY place
LIMIT @most;

-- SitemapPosts lists the published posts, first the oldest, from after a place.
-- name: SitemapPosts :many
SELECT p.id, u.username, p.slug, p.published_at, p.updated_at
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
    AND (p.published_at, p.id) > (@after_time::timestamptz, @after_id::uuid)
ORDER BY p.published_at, p.id
LIMIT @most;
