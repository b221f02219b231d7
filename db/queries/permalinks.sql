-- FindAddress finds where what was once read under this username and slug is read now. No row comes back when nobody has
-- had that name; an account that was removed for good has left nothing but the name.
-- name: FindAddress :one
SELECT
    u.id AS author_id, u.username, u.display_name,
    (u.id IS NULL OR u.deleted_at IS NOT NULL)::boolean AS author_gone,
    (l.slug IS NOT NULL)::boolean AS known,
    p.id AS post_id, p.slug, p.published_at, p.deleted_at
FROM (SELECT o.user_id FROM usernames AS o WHERE o.username = @username) AS n
LEFT JOIN users AS u ON u.id = n.user_id
LEFT JOIN permalinks AS l ON l.author_id = u.id AND l.slug = @slug::text
LEFT JOIN posts AS p ON p.id = l.post_id;

-- LiveLinks finds which of these places on the blog lead to what everybody may read, at once or from an old address: a username, a
-- username with a slug, or a tag; what a place has not is empty.
-- name: LiveLinks :many
WITH asked AS (
    SELECT
        unnest(@usernames::text[])::text AS username,
        unnest(@slugs::text[])::text AS slug,
        unnest(@tags::text[])::text AS tag
)
SELECT a.username, a.slug, a.tag
FROM asked AS a
WHERE CASE
    WHEN a.tag <> '' THEN EXISTS (SELECT FROM tagged AS t WHERE t.slug = a.tag)
    ELSE EXISTS (
        SELECT
        FROM usernames AS n
        JOIN users AS u ON u.id = n.user_id
        LEFT JOIN permalinks AS l ON l.author_id = u.id AND l.slug = a.slug
        LEFT JOIN posts AS p ON p.id = l.post_id
        WHERE n.username = a.username
            AND u.deleted_at IS NULL
            AND (a.slug = '' OR (p.published_at IS NOT NULL AND p.deleted_at IS NULL))
    )
END
ORDER BY a.username, a.slug, a.tag
LIMIT @most;

-- SetSlug gives a post another slug, or a draft none; breaks posts_slug_key when another of the author's posts has it or
-- had it.
-- name: SetSlug :exec
UPDATE posts
SET slug = sqlc.narg(slug)
WHERE id = @id;
