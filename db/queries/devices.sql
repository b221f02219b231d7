-- RememberDevice notes that a browser has logged in to an account, under a new token: what
-- other accounts did there moves along, and of the account's devices the last twenty stay.
-- name: RememberDevice :exec
WITH before AS (
    DELETE FROM devices AS was
    WHERE was.token_hash = @before
    RETURNING was.user_id, was.seen_at
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
INSERT INTO devices (token_hash, user_id, seen_at)
SELECT @token_hash::bytea, known.user_id, max(known.seen_at)
FROM (
    SELECT b.user_id, b.seen_at
    FROM before AS b
    UNION ALL
    SELECT @user_id::uuid AS user_id, now() AS seen_at
) AS known
GROUP BY known.user_id;

-- PurgeDevices removes devices that have not logged in for as long as browsers keep a cookie.
-- name: PurgeDevices :execrows
DELETE FROM devices
WHERE seen_at <= now() - interval '400 days';
