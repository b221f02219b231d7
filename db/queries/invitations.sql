-- CreateInvitation keeps a link with which so many may join for so many days.
-- name: CreateInvitation :exec
INSERT INTO invitations (token_hash, uses, created_by, expires_at)
VALUES (@token_hash, @uses, sqlc.narg(created_by), now() + make_interval(days => @days::integer));

-- ListInvitations pages through the invitations, newest first.
-- name: ListInvitations :many
SELECT
    i.id,
    i.uses,
    i.used,
    i.created_at,
    i.expires_at,
    i.revoked_at,
    (i.expires_at <= now())::boolean AS expired,
    u.username AS made_by
FROM invitations AS i
LEFT JOIN users AS u ON u.id = i.created_by
WHERE (i.created_at, i.id) < (@before_time::timestamptz, @before_id::uuid)
ORDER BY i.created_at DESC, i.id DESC
LIMIT @most;

-- RevokeInvitation has nobody join by an invitation any more, and tells when that was done before.
-- name: RevokeInvitation :one
UPDATE invitations AS i
SET revoked_at = coalesce(i.revoked_at, now())
FROM invitations AS was
WHERE i.id = @id AND was.id = i.id
RETURNING was.revoked_at;

-- RevokeInvitationsOf has nobody join any more by what an account made that may not invite any more.
-- name: RevokeInvitationsOf :exec
UPDATE invitations
SET revoked_at = now()
WHERE created_by = @created_by::uuid AND revoked_at IS NULL;

-- PurgeInvitations removes invitations that expired over 30 days ago.
-- name: PurgeInvitations :execrows
DELETE FROM invitations
WHERE expires_at <= now() - interval '30 days';
