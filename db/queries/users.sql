-- CreateUser adds an account as the mode of signing up demands, and returns its role: see the function. A taken username or confirmed email breaks its unique constraint.
-- name: CreateUser :one
SELECT create_user(
    @id::uuid, @username::text, sqlc.narg(email)::text, @password_hash::text, @role::text,
    @made_by::text, @unless_set::text, @invitation::bytea
)::text AS role;

-- UserNamed finds the account by username or by email, whatever became of it: no username has an @, and every email
-- has. An email leads to the account that has confirmed it, else to the first that named it.
-- name: UserNamed :one
SELECT u.id, u.username
FROM users AS u
WHERE u.username = @name
    OR u.id = (
        SELECT named.id
        FROM users AS named
        WHERE named.email = @name
        ORDER BY named.email_confirmed_at, named.email_named_at, named.id
        LIMIT 1
    )
LIMIT 1;

-- UserForLogin finds the account like UserNamed or, if that is asked for, by no email but one that is confirmed. In the
-- same trip it takes a turn in the bucket of the device, if that has logged in there before, else in those that are given: see
-- take_turns in db/migrations. All of it is zero where nobody is meant, or somebody whom an owner has removed.
-- name: UserForLogin :one
WITH named AS (
    SELECT
        u.id,
        u.username,
        u.display_name,
        u.role,
        u.time_zone,
        u.password_hash,
        u.password_number,
        u.disabled_at,
        u.deleted_at,
        u.deleted_by,
        ('x' || left(encode(sha256(d.id::text::bytea), 'hex'), 5))::bit(20)::integer AS device_bucket
    FROM users AS u
    LEFT JOIN devices AS d ON d.token_hash = @device AND d.user_id = u.id
    WHERE u.username = @name
        OR u.id = (
            SELECT named.id
            FROM users AS named
            WHERE named.email = @name AND (named.email_confirmed_at IS NOT NULL OR NOT @confirmed::boolean)
            ORDER BY named.email_confirmed_at, named.email_named_at, named.id
            LIMIT 1
        )
    LIMIT 1
)
SELECT
    coalesce(n.id, '00000000-0000-0000-0000-000000000000')::uuid AS id,
    coalesce(n.username, '')::text AS username,
    coalesce(n.display_name, '')::text AS display_name,
    coalesce(n.role, '')::text AS role,
    coalesce(n.time_zone, '')::text AS time_zone,
    coalesce(n.password_hash, '')::text AS password_hash,
    coalesce(n.password_number, 0)::integer AS password_number,
    n.disabled_at,
    n.deleted_at,
    n.device_bucket,
    take_turns(
        CASE WHEN n.device_bucket IS NULL THEN @kinds::text[] ELSE '{device}' END,
        CASE WHEN n.device_bucket IS NULL THEN @buckets::integer[] ELSE ARRAY[n.device_bucket] END,
        CASE WHEN n.device_bucket IS NULL THEN @windows::integer[] ELSE '{0}' END,
        CASE WHEN n.device_bucket IS NULL THEN @mosts::integer[] ELSE '{0}' END
    )::integer AS seconds
FROM (VALUES (0)) AS one_row
LEFT JOIN named AS n ON n.deleted_at IS NULL OR n.deleted_by = n.id;

-- UsernameTaken tells whether another account than this one has this username or had it.
-- name: UsernameTaken :one
SELECT EXISTS (
    SELECT FROM usernames
    WHERE username = @username AND user_id IS DISTINCT FROM @id::uuid
);

-- LockUsername reads what an account that may be used is called, and keeps that until the transaction ends.
-- name: LockUsername :one
SELECT username
FROM users
WHERE id = @id AND disabled_at IS NULL AND deleted_at IS NULL
FOR UPDATE;

-- RenameUser gives an account another username; breaks users_username_key when another has it or had it.
-- name: RenameUser :exec
UPDATE users
SET username = @username
WHERE id = @id;

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
    u.disabled_at,
    u.deleted_at,
    u.deleted_by,
    u.id,
    (SELECT count(*) FROM posts AS p WHERE p.author_id = u.id AND p.deleted_at IS NULL) AS posts
FROM users AS u
WHERE u.username > @after
ORDER BY u.username
LIMIT @most;

-- ChangePassword replaces the hash, whatever it was: who has logged in with the old one begins no session any more,
-- and no device is known that did.
-- name: ChangePassword :exec
WITH forgotten AS (
    DELETE FROM devices AS d
    WHERE d.user_id = @id
)
UPDATE users AS u
SET password_hash = @new_hash, password_number = password_number + 1
WHERE u.id = @id;

-- ImportUser adds an account with the hash that its password had elsewhere; none is added when its id, username or email is taken.
-- name: ImportUser :execrows
SELECT create_user(
    @id::uuid, @username::text, sqlc.narg(email)::text, @password_hash::text, 'author', 'import', 'open', NULL
)
WHERE NOT EXISTS (
    SELECT FROM users AS u
    WHERE u.id = @id OR u.email = sqlc.narg(email)
) AND NOT EXISTS (
    SELECT FROM usernames AS n
    WHERE n.username = @username
);

-- KnownUsernames finds which of these usernames an account has or had.
-- name: KnownUsernames :many
SELECT username
FROM usernames
WHERE username = ANY (@usernames::text[])
ORDER BY username
LIMIT @most;

-- KnownUsers finds the accounts that have one of these ids, usernames or emails.
-- name: KnownUsers :many
SELECT id, username, email
FROM users
WHERE id = ANY (@ids::uuid[]) OR username = ANY (@usernames::text[]) OR email = ANY (@emails::text[])
ORDER BY id
LIMIT @most;
