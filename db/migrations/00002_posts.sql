-- +goose Up

-- A post is a draft until published_at is set, and in the bin for 30 days
-- once deleted_at is. Its version counts the texts it has had: a save names
-- the version it began from and is refused when that is no longer the newest.
CREATE TABLE posts (
    id uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slug text,
    title text NOT NULL,
    body text NOT NULL,
    -- What lists show, so that they never read a body.
    excerpt text NOT NULL,
    words integer NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT posts_slug_key UNIQUE (author_id, slug),
    CONSTRAINT posts_published_has_slug CHECK (published_at IS NULL OR slug IS NOT NULL),
    CONSTRAINT posts_title_length CHECK (char_length(title) <= 200),
    CONSTRAINT posts_body_length CHECK (octet_length(body) <= 1048576),
    CONSTRAINT posts_version_counts CHECK (version > 0)
);

-- Home: everybody's newest.
CREATE INDEX posts_published ON posts (published_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL;

-- An author's page: one author's newest.
CREATE INDEX posts_author_published ON posts (author_id, published_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL;

-- The dashboard: one's own, drafts among them, by when they were begun.
CREATE INDEX posts_author_created ON posts (author_id, created_at DESC, id DESC)
WHERE deleted_at IS NULL;

-- The bin, for what empties it.
CREATE INDEX posts_deleted ON posts (deleted_at)
WHERE deleted_at IS NOT NULL;
