-- HoldDue holds the post that is longest due to be published, of those that nobody else holds: several instances may ask
-- at once. What lies in the bin, or is an author's who is gone, is left.
-- name: HoldDue :one
SELECT p.id, p.author_id, p.slug, p.title
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.publish_at <= now()
    AND p.published_at IS NULL
    AND p.deleted_at IS NULL
    AND u.deleted_at IS NULL
    AND p.id <> ALL(@but::uuid[])
ORDER BY p.publish_at
LIMIT 1
FOR UPDATE OF p SKIP LOCKED;

-- PublishIfDue makes public a post, whose row is held, if it is to be by now, under a slug and with the time that was set;
-- breaks posts_slug_key when another of the author's posts has the slug or had it.
-- name: PublishIfDue :execrows
UPDATE posts
SET published_at = publish_at, publish_at = NULL, slug = @slug::text
WHERE id = @id AND publish_at <= now() AND published_at IS NULL AND deleted_at IS NULL;

-- NextDue tells in how many seconds, by the database's clock, the next post is to be published; of
-- several at one moment it does not matter which.
-- name: NextDue :one
SELECT extract(epoch FROM p.publish_at - now())::double precision AS seconds
FROM posts AS p
WHERE p.publish_at > now() AND p.deleted_at IS NULL
ORDER BY p.publish_at
LIMIT 1;
