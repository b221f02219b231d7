-- +goose Up

-- For what removes links to set a password that no longer work.
CREATE INDEX resets_expire ON resets (expires_at);

-- What a sitting wrote last. The index before began with the post, as the primary key does: PostgreSQL, which takes a post to
-- have few versions, looked for one by its number through all of a post's in it.
CREATE INDEX versions_of_sitting ON versions (sitting, post_id, number DESC);
DROP INDEX versions_sitting;
