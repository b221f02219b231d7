-- +goose Up

-- An account's sessions, last used first.
CREATE INDEX sessions_user_seen ON sessions (user_id, seen_at DESC, id DESC);
DROP INDEX sessions_user;
