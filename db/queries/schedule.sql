-- PublishDue makes public what is to be published by now, with the time that was set. Several instances may run it at
-- once: each post is published by one. What lies in the bin, or is an author's who is gone, is left.
-- name: PublishDue :many
UPDATE posts AS p
SET published_at = p.publish_at, publish_at = NULL
FROM users AS u
WHERE p.publish_at <= now()
    AND p.published_at IS NULL
    AND p.deleted_at IS NULL
    AND u.id = p.author_id
    AND u.deleted_at IS NULL
RETURNING p.id;

-- PublishIfDue does the same for one post, whose row is held.
-- name: PublishIfDue :execrows
UPDATE posts
SET published_at = publish_at, publish_at = NULL
WHERE id = @id AND publish_at <= now() AND published_at IS NULL AND deleted_at IS NULL;

-- NextDue tells in how many seconds, by the database's clock, the next post is to be published; of
-- several at one moment it does not matter which.
-- name: NextDue :one
SELECT extract(epoch FROM p.publish_at - now())::double precision AS seconds
FROM posts AS p
WHERE p.publish_at > now() AND p.deleted_at IS NULL
ORDER BY p.publish_at
LIMIT 1;
