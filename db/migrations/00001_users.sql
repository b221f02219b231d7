-- +goose Up

-- People who may write. Usernames and emails are kept folded to lower case, so
-- that a plain unique constraint makes them unique without regard to case.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    email text,
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'author',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_username_form CHECK (username ~ '^[a-z0-9_-]{3,32}$'),
    CONSTRAINT users_email_form CHECK (email = lower(email) AND email LIKE '%_@_%' AND length(email) <= 254),
    CONSTRAINT users_role_known CHECK (role IN ('owner', 'author'))
);

-- One row a browser that is logged in. The cookie holds 32 random bytes, the
-- table only their SHA-256: a copy of the table opens no session.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_token_hash_length CHECK (length(token_hash) = 32)
);

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_seen ON sessions (seen_at);
CREATE INDEX sessions_created ON sessions (created_at);
