-- FirstSeen finds the version that readers saw first: the one that was saved last when the post was published.
-- name: FirstSeen :one
SELECT number
FROM versions
WHERE post_id = @post_id AND kind = 'saved' AND created_at <= @published_at
ORDER BY number DESC
LIMIT 1;

-- FirstSaved is for a post whose time of publishing was brought from elsewhere.
-- name: FirstSaved :one
SELECT number
FROM versions
WHERE post_id = @post_id AND kind = 'saved'
ORDER BY number
LIMIT 1;

-- ListSeen pages through the versions of a post that readers saw, newest first, from before a number, without their texts.
-- name: ListSeen :many
SELECT number, kind, title, words, created_at
FROM versions
WHERE post_id = @post_id
    AND kind = 'saved'
    AND number >= @first
    AND number <= @shown
    AND number < @before_number
ORDER BY number DESC
LIMIT 51;

-- SeenVersion reads one version of a post that readers saw.
-- name: SeenVersion :one
SELECT number, kind, title, body, tags, words, created_at
FROM versions
WHERE post_id = @post_id AND number = @number AND kind = 'saved' AND number >= @first AND number <= @shown;
