-- AddEvent writes down what happened to an account.
-- name: AddEvent :exec
INSERT INTO events (kind, user_id, username, actor, browser, address, detail)
VALUES (@kind, sqlc.narg(user_id), @username, @actor, @browser, sqlc.narg(address), @detail);

-- AddRepeatedEvent writes down what is tried over and over, once in ten minutes for one address and account.
-- name: AddRepeatedEvent :execrows
INSERT INTO events (kind, user_id, username, browser, address, detail)
SELECT @kind::text, sqlc.narg(user_id)::uuid, @username::text, @browser::text, sqlc.narg(address)::inet, @detail::text
WHERE NOT EXISTS (
    SELECT FROM events AS e
    WHERE e.kind IN ('login-refused', 'login-throttled')
        AND e.kind = @kind
        AND e.address = sqlc.narg(address)
        AND e.user_id IS NOT DISTINCT FROM sqlc.narg(user_id)
        AND e.created_at > now() - interval '10 minutes'
);

-- ListEventsOf pages through an account's record, newest first, from before an id.
-- name: ListEventsOf :many
SELECT id, created_at, kind, username, actor, browser, address, detail
FROM events
WHERE user_id = @user_id::uuid AND id < @before
ORDER BY id DESC
LIMIT @most;

-- ListEvents pages through everybody's record, newest first, from before an id.
-- name: ListEvents :many
SELECT id, created_at, kind, username, actor, browser, address, detail
FROM events
WHERE id < @before
ORDER BY id DESC
LIMIT @most;

-- PurgeEvents removes what happened over 90 days ago.
-- name: PurgeEvents :execrows
DELETE FROM events
WHERE created_at <= now() - interval '90 days';
