-- +goose Up

-- When an account named its address: of several that do and have not confirmed it, it is
-- the first one's, and not the oldest account's.
ALTER TABLE users ADD COLUMN email_named_at timestamptz NOT NULL DEFAULT now();
UPDATE users SET email_named_at = created_at;
DROP INDEX users_email;
CREATE INDEX users_email ON users (email, email_confirmed_at, email_named_at, id);
