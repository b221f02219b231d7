-- SignupMode reads what the owner has set; NULL is what the environment says.
-- name: SignupMode :one
SELECT signup
FROM settings;

-- LiveInvitation finds an invitation by which somebody could join now.
-- name: LiveInvitation :one
SELECT id
FROM invitations
WHERE token_hash = @token_hash AND used < uses AND expires_at > now() AND revoked_at IS NULL;

-- SetSignupMode keeps what the owner has set, or that the environment decides, and changes no row that says so already.
-- name: SetSignupMode :execrows
UPDATE settings
SET signup = sqlc.narg(signup)
WHERE signup IS DISTINCT FROM sqlc.narg(signup);
