-- StartSession starts a session now and ends the one that its browser had, unless the account was disabled or
-- deleted or its password changed since that was checked: then nothing changes. An account has 100 at most: those unused for
-- longest end as another begins. The browser becomes a device that has logged in to the account, under a new
-- token: what other accounts did there moves along, and of the account's devices the last twenty stay, and what others begin at that moment. Each keeps its
-- id, in which its failures are counted. A kind, where there is one, is written down as what happened, and the turns that
-- the log-in took are given back. All is one statement: one trip to PostgreSQL, and one commit. Those who log in from one
-- address at the same moment wait for each other's, as they share its bucket.
-- name: StartSession :execrows
WITH seen AS (
    UPDATE users AS u
    SET seen_at = now()
    WHERE u.id = @user_id
        AND u.password_number = @password_number
        AND u.disabled_at IS NULL
        AND u.deleted_at IS NULL
    RETURNING u.id AS user_id, u.username
),
ended AS (
    DELETE FROM sessions AS old
    WHERE EXISTS (SELECT FROM seen)
        AND old.token_hash IN (
            (
                SELECT o.token_hash
                FROM sessions AS o
                WHERE o.user_id = @user_id
                ORDER BY o.seen_at DESC, o.id DESC
                OFFSET 99
            )
            UNION ALL
            SELECT @session_before::bytea
        )
),
device AS (
    DELETE FROM devices AS was
    WHERE EXISTS (SELECT FROM seen)
        AND was.token_hash = @device_before
    RETURNING was.id, was.user_id, was.seen_at
),
crowded_out AS (
    DELETE FROM devices AS old
    WHERE EXISTS (SELECT FROM seen)
        AND old.user_id = @user_id
        AND old.token_hash IN (
            SELECT d.token_hash
            FROM devices AS d
            WHERE d.user_id = @user_id AND d.token_hash IS DISTINCT FROM @device_before
            ORDER BY d.seen_at DESC, d.token_hash
            LIMIT 1000 OFFSET 19
        )
),
known AS (
    INSERT INTO devices (id, token_hash, user_id, seen_at)
    SELECT coalesce(d.id, gen_random_uuid()), @device_hash::bytea, s.user_id, now()
    FROM seen AS s
    LEFT JOIN device AS d ON d.user_id = s.user_id
    UNION ALL
    SELECT d.id, @device_hash::bytea, d.user_id, d.seen_at
    FROM device AS d
    WHERE d.user_id <> @user_id
),
noted AS (
    INSERT INTO events (kind, user_id, username, actor, browser, address, detail)
    SELECT @kind::text, s.user_id, s.username, '', @browser::text, sqlc.narg(address)::inet, ''
    FROM seen AS s
    WHERE @kind::text <> ''
)
INSERT INTO sessions (token_hash, user_id, browser, address)
SELECT @token_hash::bytea, s.user_id, @browser::text, sqlc.narg(address)::inet
FROM seen AS s
WHERE give_back(@turn_kinds::text[], @turn_buckets::integer[], @turn_windows::integer[]) IS NOT NULL;

-- UseSession finds who a live session belongs to (idle at most 14 days, at most 30 days old)
-- and notes that it was used, at most every ten minutes, so that reading rarely writes. It is
-- fresh while its password was proven in the last ten minutes. Rows that others hold are not waited for: who
-- ends sessions holds first the account and then them.
-- name: UseSession :one
WITH stale AS (
    SELECT o.token_hash, o.user_id
    FROM sessions AS o
    WHERE o.token_hash = @token_hash
        AND o.seen_at > now() - interval '14 days'
        AND o.seen_at <= now() - interval '10 minutes'
        AND o.created_at > now() - interval '30 days'
    FOR UPDATE SKIP LOCKED
),
touched AS (
    UPDATE sessions AS t
    SET seen_at = now(), address = sqlc.narg(address)
    FROM stale AS o
    WHERE t.token_hash = o.token_hash
),
known AS (
    SELECT k.id
    FROM stale AS o
    JOIN users AS k ON k.id = o.user_id
    FOR NO KEY UPDATE OF k SKIP LOCKED
),
seen AS (
    UPDATE users AS was
    SET seen_at = now()
    FROM known AS k
    WHERE was.id = k.id
)
SELECT
    s.id AS session_id,
    (s.proven_at > now() - interval '10 minutes')::boolean AS fresh,
    u.id,
    u.username,
    u.display_name,
    u.role,
    u.password_number,
    u.time_zone
FROM sessions AS s
JOIN users AS u ON u.id = s.user_id
WHERE s.token_hash = @token_hash
    AND s.seen_at > now() - interval '14 days'
    AND s.created_at > now() - interval '30 days'
    AND u.disabled_at IS NULL
    AND u.deleted_at IS NULL;

-- EndSession ends one session, and tells whose it was.
-- name: EndSession :one
WITH ended AS (
    DELETE FROM sessions AS s
    WHERE s.token_hash = @token_hash
    RETURNING s.user_id
)
SELECT u.id, u.username
FROM ended AS e
JOIN users AS u ON u.id = e.user_id;

-- PurgeSessions removes sessions that can no longer be used.
-- name: PurgeSessions :execrows
DELETE FROM sessions
WHERE seen_at <= now() - interval '14 days'
    OR created_at <= now() - interval '30 days';

-- EndSessionsOf ends every session of an account.
-- name: EndSessionsOf :exec
DELETE FROM sessions
WHERE user_id = @user_id;

-- SessionsOf lists an account's live sessions, last used first.
-- name: SessionsOf :many
SELECT id, browser, address, created_at, seen_at
FROM sessions
WHERE user_id = @user_id
    AND seen_at > now() - interval '14 days'
    AND created_at > now() - interval '30 days'
ORDER BY seen_at DESC, id DESC
LIMIT @most;

-- EndSessionOf ends one session of an account.
-- name: EndSessionOf :execrows
DELETE FROM sessions
WHERE id = @id AND user_id = @user_id;

-- EndOtherSessionsOf ends every session of an account but one.
-- name: EndOtherSessionsOf :execrows
DELETE FROM sessions
WHERE user_id = @user_id AND id <> @id;
