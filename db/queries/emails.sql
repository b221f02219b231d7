-- AskToConfirm writes down that an account names an address, and asks for a link to be mailed there that
-- confirms it; the link that was asked for before works no more.
-- name: AskToConfirm :exec
WITH asked AS (
    INSERT INTO confirmations (user_id, email)
    VALUES (@user_id, @email)
    ON CONFLICT (user_id) DO UPDATE
    SET email = excluded.email, token_hash = NULL, created_at = now(), expires_at = now() + interval '24 hours'
    RETURNING user_id, email
)
INSERT INTO outbox (kind, user_id, recipient)
SELECT 'confirm', a.user_id, a.email
FROM asked AS a;

-- NameEmail puts an address that was not confirmed in the place of one that was not; NULL takes any away.
-- name: NameEmail :exec
UPDATE users
SET
    email = sqlc.narg(email),
    email_confirmed_at = NULL,
    email_named_at = CASE WHEN email IS DISTINCT FROM sqlc.narg(email) THEN now() ELSE email_named_at END
WHERE id = @id AND (email_confirmed_at IS NULL OR sqlc.narg(email)::text IS NULL OR @at_once::boolean);

-- EmailOf reads an account's address, whether it is confirmed, and the one that waits to be.
-- name: EmailOf :one
SELECT u.email, u.email_confirmed_at, c.email AS asked
FROM users AS u
LEFT JOIN confirmations AS c ON c.user_id = u.id AND c.expires_at > now()
WHERE u.id = @id;

-- ConfirmedElsewhere tells whether another account has confirmed an address.
-- name: ConfirmedElsewhere :one
SELECT EXISTS (
    SELECT FROM users AS u
    WHERE u.email = @email::text AND u.email_confirmed_at IS NOT NULL AND u.id <> @id
);

-- SetConfirmation gives the link that an account has asked for its token, unless it has asked for another address since.
-- name: SetConfirmation :execrows
UPDATE confirmations
SET token_hash = @token_hash, expires_at = now() + interval '24 hours'
WHERE user_id = @user_id AND email = @email;

-- Confirmation finds whose address a live link confirms, and uses nothing up.
-- name: Confirmation :one
SELECT u.id, u.username, c.email
FROM confirmations AS c
JOIN users AS u ON u.id = c.user_id
WHERE c.token_hash = @token_hash AND c.expires_at > now() AND u.disabled_at IS NULL AND u.deleted_at IS NULL;

-- UseConfirmation uses a live link up; of two at once the second waits for the first and finds none.
-- name: UseConfirmation :one
DELETE FROM confirmations AS c
USING users AS u
WHERE c.token_hash = @token_hash AND c.expires_at > now()
    AND u.id = c.user_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL
RETURNING c.user_id, c.email;

-- ConfirmEmail makes an address the account's own; breaks users_email_key when it is another's by now.
-- name: ConfirmEmail :exec
UPDATE users
SET email = @email::text, email_confirmed_at = now()
WHERE id = @id;

-- DropConfirmation takes back what an account has asked to confirm.
-- name: DropConfirmation :exec
DELETE FROM confirmations
WHERE user_id = @user_id;

-- QueueWord asks for an address that an account leaves, or has left, to be told.
-- name: QueueWord :exec
INSERT INTO outbox (kind, user_id, recipient)
VALUES (@kind, @user_id::uuid, @recipient::text);

-- PurgeConfirmations removes links that no longer work.
-- name: PurgeConfirmations :execrows
DELETE FROM confirmations
WHERE expires_at <= now();
