-- ListPeople pages through the accounts by username; @search, folded, must be part of the username, the name that
-- is shown or the email. No plain index finds a part of a word, so this goes along the names, stops at a full page,
-- and passes each account once at most: for the owner alone, and for 100,000 accounts still below a second.
-- name: ListPeople :many
SELECT
    u.id,
    u.username,
    u.display_name,
    u.email,
    (u.email_confirmed_at IS NOT NULL)::boolean AS confirmed,
    u.role,
    u.created_at,
    u.seen_at,
    u.disabled_at,
    u.deleted_at,
    u.deleted_by,
    (SELECT count(*) FROM posts AS p WHERE p.author_id = u.id AND p.deleted_at IS NULL) AS posts
FROM users AS u
WHERE u.username > @after
    AND (
        strpos(u.username, @search::text) > 0
        OR strpos(lower(u.display_name), @search::text) > 0
        OR strpos(u.email, @search::text) > 0
    )
ORDER BY u.username
LIMIT @most;

-- PersonByID finds an account, whatever became of it.
-- name: PersonByID :one
SELECT
    u.id,
    u.username,
    u.display_name,
    u.email,
    (u.email_confirmed_at IS NOT NULL)::boolean AS confirmed,
    u.role,
    u.created_at,
    u.seen_at,
    u.disabled_at,
    u.deleted_at,
    u.deleted_by,
    (SELECT count(*) FROM posts AS p WHERE p.author_id = u.id AND p.deleted_at IS NULL) AS posts
FROM users AS u
WHERE u.id = @id;

-- LockOwners finds the accounts that can run the blog now, and keeps each as it is until the transaction ends. Whoever
-- takes one away locks them first, in this order: of two at once the second waits, and sees who is left. It hinders
-- nobody who only writes or logs in elsewhere (NO KEY).
-- name: LockOwners :many
SELECT id
FROM users
WHERE role = 'owner' AND disabled_at IS NULL AND deleted_at IS NULL
ORDER BY id
LIMIT 10000
FOR NO KEY UPDATE;

-- DisableUser keeps an account from logging in, and forgets the devices on which it did.
-- name: DisableUser :execrows
WITH forgotten AS (
    DELETE FROM devices AS d
    WHERE d.user_id = @id
)
UPDATE users AS u
SET disabled_at = now()
WHERE u.id = @id AND u.disabled_at IS NULL;

-- EnableUser lets an account log in again.
-- name: EnableUser :execrows
UPDATE users
SET disabled_at = NULL
WHERE id = @id AND disabled_at IS NOT NULL;

-- SetRole makes an account an owner or an author. An owner that was brought from another blog counts as made here: else,
-- once those made here were gone, the next to sign up would be taken for the first, and so for the owner (create_user).
-- name: SetRole :execrows
UPDATE users
SET role = @role, brought = brought AND @role <> 'owner'
WHERE id = @id AND role <> @role;

-- RemoveUser marks an account as deleted by somebody. What its user has deleted an owner may
-- still remove, so that it does not come back: it goes when it would have gone.
-- name: RemoveUser :execrows
UPDATE users
SET deleted_at = coalesce(deleted_at, now()), deleted_by = @deleted_by::uuid
WHERE id = @id AND (deleted_at IS NULL OR (deleted_by = id AND @deleted_by <> id));

-- BinPostsOf puts all that an account wrote into the bin, with the time at which this transaction deleted the account.
-- name: BinPostsOf :exec
UPDATE posts
SET deleted_at = now()
WHERE author_id = @author_id AND deleted_at IS NULL;

-- RestoreUser takes back that somebody else deleted an account, while that can be.
-- name: RestoreUser :execrows
UPDATE users
SET deleted_at = NULL, deleted_by = NULL
WHERE id = @id AND deleted_by <> id AND deleted_at > now() - interval '30 days';

-- RestorePostsOf takes out of the bin what went there with its author, at that time, and nothing else.
-- What was to be published meanwhile stays a draft.
-- name: RestorePostsOf :exec
UPDATE posts
SET deleted_at = NULL, publish_at = CASE WHEN publish_at > now() THEN publish_at END
WHERE author_id = @author_id AND deleted_at = @deleted_at::timestamptz;
