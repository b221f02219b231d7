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

-- RemoveUser marks an account as deleted by somebody.
-- name: RemoveUser :execrows
UPDATE users
SET deleted_at = now(), deleted_by = @deleted_by::uuid
WHERE id = @id AND deleted_at IS NULL;

-- BinPostsOf puts all that an account wrote into the bin, with the time at which this transaction deleted the account.
-- name: BinPostsOf :exec
UPDATE posts
SET deleted_at = now()
WHERE author_id = @author_id AND deleted_at IS NULL;

-- RestorePostsOf takes out of the bin what went there with its author, at that time, and nothing else.
-- name: RestorePostsOf :exec
UPDATE posts
SET deleted_at = NULL
WHERE author_id = @author_id AND deleted_at = @deleted_at::timestamptz;
