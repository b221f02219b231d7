-- CreateUser adds an account; a taken username or email breaks its unique constraint.
-- name: CreateUser :exec
INSERT INTO users (id, username, email, password_hash, role)
VALUES (@id, @username, sqlc.narg(email), @password_hash, @role);

-- UserForLogin finds the account by username or by email, and whether it has logged in on a
-- device before: no username has an @, and every email has.
-- name: UserForLogin :one
SELECT
    u.id,
    u.username,
    u.role,
    u.password_hash,
    EXISTS (SELECT FROM devices AS d WHERE d.token_hash = @device AND d.user_id = u.id) AS knows_device
FROM users AS u
WHERE u.username = @name OR u.email = @name
LIMIT 1;

-- UsernameTaken tells whether an account has this username.
-- name: UsernameTaken :one
SELECT EXISTS (
    SELECT FROM users
    WHERE username = @username
);

-- SetPasswordHash replaces a hash, if it is still the one that was checked.
-- name: SetPasswordHash :exec
UPDATE users
SET password_hash = @new_hash
WHERE id = @id AND password_hash = @old_hash;

-- ListUsers pages through all accounts by name, each with the number of its posts.
-- name: ListUsers :many
SELECT
    u.username,
    u.email,
    u.role,
    u.created_at,
    (SELECT count(*) FROM posts AS p WHERE p.author_id = u.id AND p.deleted_at IS NULL) AS posts
FROM users AS u
WHERE u.username > @after
ORDER BY u.username
LIMIT @most;

-- ChangePassword replaces the hash, whatever it was.
-- name: ChangePassword :exec
UPDATE users
SET password_hash = @new_hash
WHERE id = @id;

-- ImportUser adds an account with the hash that its password had elsewhere; none is added when its id, username or email is taken.
-- name: ImportUser :execrows
INSERT INTO users (id, username, email, password_hash)
VALUES (@id, @username, sqlc.narg(email), @password_hash)
ON CONFLICT DO NOTHING;

-- KnownUsers finds the accounts that have one of these ids, usernames or emails.
-- name: KnownUsers :many
SELECT id, username, email
FROM users
WHERE id = ANY (@ids::uuid[]) OR username = ANY (@usernames::text[]) OR email = ANY (@emails::text[])
ORDER BY id
LIMIT @most;
