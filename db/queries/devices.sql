-- RememberDevice notes that a browser has logged in to an account, under a new token: what
-- other accounts did there moves along, and of the account's devices the last twenty stay.
-- Each keeps its id, in which its failures are counted. Whose password was changed since it
-- was checked is not remembered.
-- name: RememberDevice :exec
WITH before AS (
    DELETE FROM devices AS was
    WHERE was.token_hash = @before
    RETURNING was.id, was.user_id, was.seen_at
),
crowded_out AS (
    DELETE FROM devices AS old
    WHERE old.user_id = @user_id
        AND old.token_hash IN (
            SELECT d.token_hash
            FROM devices AS d
            WHERE d.user_id = @user_id AND d.token_hash IS DISTINCT FROM @before
            ORDER BY d.seen_at DESC, d.token_hash
            LIMIT 1000 OFFSET 19
        )
)
INSERT INTO devices (id, token_hash, user_id, seen_at)
SELECT coalesce(b.id, gen_random_uuid()), @token_hash::bytea, u.id, now()
FROM users AS u
LEFT JOIN before AS b ON b.user_id = u.id
WHERE u.id = @user_id AND u.password_number = @password_number AND u.disabled_at IS NULL
UNION ALL
SELECT b.id, @token_hash::bytea, b.user_id, b.seen_at
FROM before AS b
WHERE b.user_id <> @user_id;

-- PurgeDevices removes devices that have not logged in for as long as browsers keep a cookie.
-- name: PurgeDevices :execrows
DELETE FROM devices
WHERE seen_at <= now() - interval '400 days';
