-- +goose Up

-- What readers find, newest first, standalone pages too. For a common word this is the
-- way: along the newest posts until enough of them have it. A rare one is looked up in
-- posts_document.
CREATE INDEX posts_found ON posts (published_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL;

-- What was added to such an index and not yet sorted into it is read from end to end by each
-- search: so it is little (in KiB).
ALTER INDEX posts_heading SET (gin_pending_list_limit = 256);
ALTER INDEX posts_document SET (gin_pending_list_limit = 256);

-- Typing errors are forgiven where the server has pg_trgm and lets us have it; the blog
-- asks again at each start. What the index below is there for tells whether they are.
-- +goose StatementBegin
CREATE FUNCTION forgive_typing() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS tagged_likeness ON tagged USING gin (name gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);
    CREATE INDEX IF NOT EXISTS posts_likeness ON posts USING gin (title gin_trgm_ops)
    WITH (gin_pending_list_limit = 256)
    WHERE deleted_at IS NULL AND published_at IS NOT NULL;
    RETURN true;
EXCEPTION
    -- It is not installed (by two names), is not ours to make, or lies in a schema that is not searched.
    WHEN undefined_file OR feature_not_supported OR insufficient_privilege OR undefined_object THEN
        RETURN false;
END
$$;
-- +goose StatementEnd

SELECT forgive_typing();
