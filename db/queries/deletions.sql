-- DeletedAt tells when an account was deleted.
-- name: DeletedAt :one
SELECT deleted_at::timestamptz AS deleted_at
FROM users
WHERE id = @id AND deleted_at IS NOT NULL;

-- RestoreOwn takes back that somebody deleted their own account at that time, while that can be.
-- name: RestoreOwn :execrows
UPDATE users
SET deleted_at = NULL, deleted_by = NULL
WHERE id = @id
    AND deleted_by = id
    AND disabled_at IS NULL
    AND deleted_at = @deleted_at::timestamptz
    AND deleted_at > now() - interval '30 days';

-- QueueFarewell asks for an account to be told by mail until when it can come back, if it has an address.
-- name: QueueFarewell :exec
INSERT INTO outbox (kind, user_id)
SELECT 'deleted', u.id
FROM users AS u
WHERE u.id = @user_id AND u.email IS NOT NULL;

-- DropFarewells takes back the mails to an account that has come back before they were sent.
-- name: DropFarewells :exec
DELETE FROM outbox
WHERE user_id = @user_id::uuid AND kind = 'deleted' AND state = 'waiting';

-- PurgeUsers removes accounts that were deleted 30 days ago, with all they wrote.
-- name: PurgeUsers :execrows
DELETE FROM users
WHERE deleted_at <= now() - interval '30 days';
