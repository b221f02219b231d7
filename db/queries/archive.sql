-- PostsToKeep lists the ids of all an author wrote, first begun first, deleted posts too.
-- name: PostsToKeep :many
SELECT id
FROM posts
WHERE author_id = @author_id
ORDER BY created_at, id
LIMIT @most;

-- VersionsToKeep pages through the texts that a post has had, oldest first, from after a number.
-- name: VersionsToKeep :many
SELECT number, kind, title, body, tags, created_at
FROM versions
WHERE post_id = @post_id AND number > @after
ORDER BY number
LIMIT @most;
