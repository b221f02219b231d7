-- QueueLink asks for a link to set a password to be mailed, to whoever this is: it is not looked up yet.
-- name: QueueLink :exec
INSERT INTO outbox (kind, asked)
VALUES ('link', @asked::text);

-- QueueNotice asks for an account to be told by mail that its password was changed, if it has an address.
-- name: QueueNotice :exec
INSERT INTO outbox (kind, user_id)
SELECT 'notice', u.id
FROM users AS u
WHERE u.id = @user_id AND u.email IS NOT NULL;

-- ClaimMail takes the mail that has been due longest, and sets when it is tried again should nothing more
-- be heard: a minute later, then twice as long each time, an hour at most. Others pass over what is being taken.
-- name: ClaimMail :one
UPDATE outbox
SET attempts = attempts + 1,
    due_at = now() + least(interval '1 minute' * power(2, least(attempts, 10)), interval '1 hour')
WHERE id = (
    SELECT due.id
    FROM outbox AS due
    WHERE due.state = 'waiting' AND due.due_at <= now()
    ORDER BY due.due_at, due.id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, asked, user_id, created_at, attempts;

-- AddressMail finds out whom a mail is for, by account or by what was typed, and forgets what was typed.
-- name: AddressMail :one
UPDATE outbox AS o
SET user_id = u.id, recipient = u.email, asked = NULL
FROM users AS u
WHERE o.id = @id
    AND (u.id = sqlc.narg(user_id) OR u.username = sqlc.narg(asked) OR u.email = sqlc.narg(asked))
    AND u.email IS NOT NULL
RETURNING u.id, u.username, u.email::text AS email;

-- DropOlderLinks takes back the mails with links that a newer one makes worthless.
-- name: DropOlderLinks :exec
DELETE FROM outbox
WHERE user_id = @user_id::uuid AND kind = 'link' AND state = 'waiting' AND id < @id;

-- HasNewerLink tells whether the same account has asked for a link again since, by any of its names.
-- name: HasNewerLink :one
SELECT EXISTS (
    SELECT FROM outbox
    WHERE kind = 'link' AND state = 'waiting' AND id > @id
        AND (user_id = @user_id::uuid OR asked IN (@username::text, @email::text))
);

-- DropMail removes a mail that is for nobody, or is not needed any more.
-- name: DropMail :exec
DELETE FROM outbox
WHERE id = @id;

-- NoteSent notes that the server has taken a mail, and how it said so.
-- name: NoteSent :exec
UPDATE outbox
SET state = 'sent', answer = @answer
WHERE id = @id;

-- NoteUnsent notes why a mail was not sent. It is tried again, unless that is hopeless or would be more than a day after it was asked for.
-- name: NoteUnsent :one
UPDATE outbox
SET answer = @answer,
    state = CASE WHEN @hopeless::bool OR due_at > created_at + interval '1 day' THEN 'failed' ELSE 'waiting' END
WHERE id = @id
RETURNING state, due_at;

-- PurgeOutbox removes mails that are 30 days old, whatever became of them.
-- name: PurgeOutbox :execrows
DELETE FROM outbox
WHERE created_at <= now() - interval '30 days';
