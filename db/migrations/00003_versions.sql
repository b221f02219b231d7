-- +goose Up

-- Every text that a post has had, by number; a post's version is the number of the
-- one that is shown. Saved ones were shown. Merged ones are as they were typed, and
-- the next one holds them; autosaved ones were only kept. A row is never changed.
-- Its hash is the SHA-256 of the title, a line end and the body, in UTF-8: a title
-- has no line end, so no two texts share those bytes.
CREATE TABLE versions (
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    number integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    words integer NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT versions_pkey PRIMARY KEY (post_id, number),
    CONSTRAINT versions_number_counts CHECK (number > 0),
    CONSTRAINT versions_kind_known CHECK (kind IN ('autosaved', 'merged', 'saved')),
    CONSTRAINT versions_sha256_right CHECK (sha256 = sha256(convert_to(title || E'\n' || body, 'UTF8')))
);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version is never changed';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER versions_stay BEFORE UPDATE ON versions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The texts that there are so far.
INSERT INTO versions (post_id, number, kind, title, body, words, sha256, created_at)
SELECT id, version, 'saved', title, body, words, sha256(convert_to(title || E'\n' || body, 'UTF8')), updated_at
FROM posts;
