-- AddEvent writes down what happened to an account.
-- name: AddEvent :exec
INSERT INTO events (kind, user_id, username, actor, browser, address, detail)
VALUES (@kind, sqlc.narg(user_id), @username, @actor, @browser, sqlc.narg(address), @detail);

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
