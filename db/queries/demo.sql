-- TransactionTime is the time at which the transaction began, as its now() is.
-- name: TransactionTime :one
SELECT now()::timestamptz AS begun;

-- FirstTaken finds the first of these usernames that an account has.
-- name: FirstTaken :one
SELECT username
FROM users
WHERE username = ANY (@usernames::text[])
ORDER BY username
LIMIT 1;

-- SetJoined sets when accounts joined.
-- name: SetJoined :exec
UPDATE users
SET created_at = @joined_at
WHERE id = ANY (@ids::uuid[]);

-- CopyPosts adds many posts at once.
-- name: CopyPosts :copyfrom
INSERT INTO posts (
    id, author_id, slug, title, body, excerpt, words, tags, tag_slugs, html, plain, outline, links, renderer, language,
    created_at, updated_at, published_at
)
VALUES (
    @id, @author_id, @slug, @title, @body, @excerpt, @words, @tags, @tag_slugs, @html, @plain, @outline, @links,
    @renderer, @language, @created_at, @updated_at, @published_at
);

-- AnalyzeBlog tells the planner what has become of the tables.
-- name: AnalyzeBlog :exec
ANALYZE users, posts, versions;
