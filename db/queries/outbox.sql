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

-- QueueRenamed asks for an account to be told by mail that its username was changed, if it has an address.
-- name: QueueRenamed :exec
INSERT INTO outbox (kind, user_id)
SELECT 'renamed', u.id
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

-- AddressMail finds out whom a mail is for, by account or by what was typed, and forgets what was typed. It
-- goes to the account's address, or to the one that the mail is about. A link to set a password goes to a confirmed
-- address alone, else whoever reads a mistyped one would have the account. Who cannot log in gets none.
-- name: AddressMail :one
WITH addressee AS (
    SELECT u.id, u.username, CASE WHEN m.kind IN ('confirm', 'leaving', 'moved') THEN m.recipient ELSE u.email END AS email
    FROM outbox AS m
    JOIN users AS u ON u.id = coalesce(
        m.user_id,
        (SELECT n.id FROM users AS n WHERE n.username = m.asked),
        (
            SELECT e.id
            FROM users AS e
            WHERE e.email = m.asked AND e.email_confirmed_at IS NOT NULL
            ORDER BY e.email_confirmed_at, e.email_named_at, e.id
            LIMIT 1
        )
    )
    WHERE m.id = @id
        AND (m.kind <> 'link' OR u.email_confirmed_at IS NOT NULL)
        AND u.disabled_at IS NULL
        AND (u.deleted_by IS NULL OR u.deleted_by = u.id)
)
UPDATE outbox AS o
SET user_id = a.id, recipient = a.email, asked = NULL
FROM addressee AS a
WHERE o.id = @id AND a.email IS NOT NULL
RETURNING a.id, a.username, a.email::text AS email;

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

-- SentLately counts the mails of a kind that went out in the last hour, to an account and to an address.
-- name: SentLately :one
SELECT
    count(*) FILTER (WHERE user_id = @user_id::uuid) AS to_account,
    count(*) FILTER (WHERE recipient = @recipient::text) AS to_address
FROM outbox
WHERE kind = @kind
    AND state = 'sent'
    AND created_at > now() - interval '1 hour'
    AND (user_id = @user_id::uuid OR recipient = @recipient::text);

-- NoteWithheld notes why a mail is not sent now. One that may come later waits for half an hour, for a day at most.
-- name: NoteWithheld :exec
UPDATE outbox
SET answer = @answer,
    due_at = now() + interval '30 minutes',
    state = CASE WHEN @later::boolean AND created_at > now() - interval '1 day' THEN 'waiting' ELSE 'failed' END
WHERE id = @id;

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

-- QueueTest asks for a test mail to an account, unless one waits already.
-- name: QueueTest :exec
INSERT INTO outbox (kind, user_id)
SELECT 'test', u.id
FROM users AS u
WHERE u.id = @user_id
    AND u.email IS NOT NULL
    AND NOT EXISTS (SELECT FROM outbox AS o WHERE o.user_id = u.id AND o.kind = 'test' AND o.state = 'waiting');

-- ListMail pages through the outbox, newest first, from before an id. Whom a mail is for is known once it was found out.
-- name: ListMail :many
SELECT o.id, o.kind, o.state, o.attempts, o.answer, o.created_at, o.due_at, o.recipient, u.username
FROM outbox AS o
LEFT JOIN users AS u ON u.id = o.user_id
WHERE o.id < @before
ORDER BY o.id DESC
LIMIT @most;
