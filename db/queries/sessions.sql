-- CreateSession starts a session now.
-- name: CreateSession :exec
INSERT INTO sessions (token_hash, user_id)
VALUES (@token_hash, @user_id);

-- UseSession finds who a live session belongs to (idle at most 14 days, at most 30 days old)
-- and notes that it was used, at most every ten minutes, so that reading rarely writes.
-- name: UseSession :one
WITH touched AS (
    UPDATE sessions
    SET seen_at = now()
    WHERE token_hash = @token_hash
        AND seen_at > now() - interval '14 days'
        AND seen_at <= now() - interval '10 minutes'
        AND created_at > now() - interval '30 days'
)
SELECT u.id, u.username, u.role
FROM sessions AS s
JOIN users AS u ON u.id = s.user_id
WHERE s.token_hash = @token_hash
    AND s.seen_at > now() - interval '14 days'
    AND s.created_at > now() - interval '30 days';

-- EndSession ends one session.
-- name: EndSession :exec
DELETE FROM sessions
WHERE token_hash = @token_hash;

-- PurgeSessions removes sessions that can no longer be used.
-- name: PurgeSessions :execrows
DELETE FROM sessions
WHERE seen_at <= now() - interval '14 days'
    OR created_at <= now() - interval '30 days';

-- EndSessionsOf ends every session of an account.
-- name: EndSessionsOf :exec
DELETE FROM sessions
WHERE user_id = @user_id;
