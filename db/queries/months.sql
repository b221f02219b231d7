-- ListMonths lists the months, in UTC, in which something was published, newest first. From one it goes on to the next:
-- how much was published in each costs nothing.
-- name: ListMonths :many
WITH RECURSIVE found AS (
    (
        SELECT date_trunc('month', p.published_at, 'UTC') AS month, 1 AS place
        FROM posts AS p
        WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page
        ORDER BY p.published_at DESC, p.id DESC
        LIMIT 1
    )
    UNION ALL
    SELECT date_trunc('month', n.published_at, 'UTC'), f.place + 1
    FROM found AS f
    CROSS JOIN LATERAL (
        SELECT p.published_at
        FROM posts AS p
        WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page AND p.published_at < f.month
        ORDER BY p.published_at DESC, p.id DESC
        LIMIT 1
    ) AS n
    WHERE f.place < @most::integer
)
SELECT month::timestamptz AS month
FROM found
ORDER BY place
LIMIT @most;

-- ListBetween pages through what was published from a time on, newest first, from before a place.
-- name: ListBetween :many
SELECT p.id, u.username, u.display_name, p.slug, p.title, p.published_at
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL
    AND p.published_at IS NOT NULL
    AND NOT p.page
    AND p.published_at >= @since::timestamptz
    AND (p.published_at, p.id) < (@before_time::timestamptz, @before_id::uuid)
ORDER BY p.published_at DESC, p.id DESC
LIMIT 21;

-- PublishedAround finds when something was published last before one time, and first from another on.
-- name: PublishedAround :many
(
    SELECT p.published_at::timestamptz AS published_at
    FROM posts AS p
    WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page AND p.published_at < @since::timestamptz
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 1
)
UNION ALL
(
    SELECT p.published_at::timestamptz
    FROM posts AS p
    WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND NOT p.page AND p.published_at >= @until::timestamptz
    ORDER BY p.published_at, p.id
    LIMIT 1
);
