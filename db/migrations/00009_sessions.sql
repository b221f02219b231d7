-- +goose Up

-- What tells one session from another in a list: an id that opens nothing, the browser in
-- words, and whence it was used last. Its password was proven last at proven_at, by
-- logging in or when it was asked for again.
ALTER TABLE sessions
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN browser text NOT NULL DEFAULT '',
    ADD COLUMN address inet,
    ADD COLUMN proven_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT sessions_browser_length CHECK (char_length(browser) <= 100);
UPDATE sessions SET proven_at = created_at;

CREATE UNIQUE INDEX sessions_id ON sessions (id);
