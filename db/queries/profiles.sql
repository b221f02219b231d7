-- ProfileOf reads what an account's settings show.
-- name: ProfileOf :one
SELECT username, display_name, about, email, email_confirmed_at, role, created_at
FROM users
WHERE id = @id;

-- SetProfile keeps what an account tells of itself.
-- name: SetProfile :exec
UPDATE users
SET display_name = @display_name, about = @about
WHERE id = @id;

-- OwnerNames lists the names that the owners but one have given themselves.
-- name: OwnerNames :many
SELECT display_name
FROM users
WHERE role = 'owner' AND display_name <> '' AND id <> @id
ORDER BY id
LIMIT 10000;

-- ReplacePassword replaces the hash of the password with that number, if that is still the one: who has logged in with
-- it begins no session any more.
-- name: ReplacePassword :execrows
UPDATE users
SET password_hash = @new_hash, password_number = password_number + 1
WHERE id = @id AND password_number = @password_number;
