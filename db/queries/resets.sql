-- CreateReset gives an account that can log in a link that works for 30 minutes; the one it had works no more. Locked,
-- so that whoever closes the account meanwhile comes before it, or finds the link and drops it.
-- name: CreateReset :execrows
INSERT INTO resets (user_id, token_hash, expires_at)
SELECT u.id, @token_hash, now() + interval '30 minutes'
FROM users AS u
WHERE u.id = @user_id AND u.disabled_at IS NULL AND (u.deleted_by IS NULL OR u.deleted_by = u.id)
FOR SHARE
ON CONFLICT (user_id) DO UPDATE
SET token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at;

-- UserOfReset finds whose live link has this token, and uses nothing up.
-- name: UserOfReset :one
SELECT u.id, u.username, u.email
FROM resets AS r
JOIN users AS u ON u.id = r.user_id
WHERE r.token_hash = @token_hash
    AND r.expires_at > now()
    AND u.disabled_at IS NULL
    AND (u.deleted_by IS NULL OR u.deleted_by = u.id);

-- UseReset uses a live link up; of two at once the second waits for the first and finds none.
-- name: UseReset :one
DELETE FROM resets AS r
USING users AS u
WHERE r.token_hash = @token_hash
    AND r.expires_at > now()
    AND u.id = r.user_id
    AND u.disabled_at IS NULL
    AND (u.deleted_by IS NULL OR u.deleted_by = u.id)
RETURNING r.user_id;

-- PurgeResets removes links that no longer work.
-- name: PurgeResets :execrows
DELETE FROM resets
WHERE expires_at <= now();

-- DropResetOf ends the link to set a password that an account has.
-- name: DropResetOf :exec
DELETE FROM resets
WHERE user_id = @user_id;
