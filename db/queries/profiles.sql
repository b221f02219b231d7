-- ProfileOf reads what an account's settings show.
-- name: ProfileOf :one
SELECT username, display_name, about, email, email_confirmed_at, role, created_at, time_zone
FROM users
WHERE id = @id;

-- SetProfile keeps what an account tells of itself.
-- name: SetProfile :exec
UPDATE users
SET display_name = @display_name, about = @about, time_zone = @time_zone
WHERE id = @id;

-- OwnerNames lists the names that the owners but one have given themselves.
-- name: OwnerNames :many
SELECT display_name
FROM users
WHERE role = 'owner' AND display_name <> '' AND id <> @id
ORDER BY id
LIMIT 10000;

-- ReplacePassword replaces the hash of the password with that number, if that is still the one: who has logged in with
-- it begins no session any more, and no device is known that did.
-- name: ReplacePassword :execrows
WITH changed AS (
    UPDATE users AS u
    SET password_hash = @new_hash, password_number = u.password_number + 1
    WHERE u.id = @id AND u.password_number = @password_number
    RETURNING u.id
),
forgotten AS (
    DELETE FROM devices AS d
    USING changed AS c
    WHERE d.user_id = c.id
)
SELECT id
FROM changed;
