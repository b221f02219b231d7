-- +goose Up

-- What readers need of a post. Of a text that they see or shall see by itself at
-- publish_at, html and the rest is made when it is saved, by the renderer named there;
-- what an older one made is made anew. A draft has none of it. A page stands by itself:
-- in the navigation, and in no list. The author of a post that shows_changes lets readers
-- see what its text was before.
ALTER TABLE posts
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN tag_slugs text[] NOT NULL DEFAULT '{}',
    ADD COLUMN html text NOT NULL DEFAULT '',
    ADD COLUMN plain text NOT NULL DEFAULT '',
    ADD COLUMN outline jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN links text[] NOT NULL DEFAULT '{}',
    ADD COLUMN renderer text NOT NULL DEFAULT '',
    ADD COLUMN language text NOT NULL DEFAULT 'simple',
    ADD COLUMN heading tsvector,
    ADD COLUMN document tsvector,
    ADD COLUMN publish_at timestamptz,
    ADD COLUMN pinned_at timestamptz,
    ADD COLUMN page boolean NOT NULL DEFAULT false,
    ADD COLUMN shows_changes boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT posts_tags_are_few CHECK (cardinality(tags) <= 10 AND cardinality(tag_slugs) = cardinality(tags)),
    ADD CONSTRAINT posts_scheduled_is_draft CHECK (publish_at IS NULL OR published_at IS NULL),
    ADD CONSTRAINT posts_scheduled_has_slug CHECK (publish_at IS NULL OR slug IS NOT NULL);

-- A version's tags, as a line: parted by a comma and a blank.
ALTER TABLE versions ADD COLUMN tags text NOT NULL DEFAULT '';

-- Names of the time zone database. In whose zone a writer's times are.
ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';

DROP INDEX posts_published;
DROP INDEX posts_author_published;
CREATE INDEX posts_published ON posts (published_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL AND NOT page;
CREATE INDEX posts_author_published ON posts (author_id, published_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL AND NOT page;

-- The navigation, what is pinned, what is due, and what an older renderer made.
CREATE INDEX posts_pages ON posts (title, id)
WHERE deleted_at IS NULL AND published_at IS NOT NULL AND page;
CREATE INDEX posts_pinned ON posts (author_id, pinned_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NOT NULL AND NOT page AND pinned_at IS NOT NULL;
CREATE INDEX posts_due ON posts (publish_at)
WHERE publish_at IS NOT NULL;
CREATE INDEX posts_renderer ON posts (renderer, id)
WHERE published_at IS NOT NULL OR publish_at IS NOT NULL;

-- What readers search.
CREATE INDEX posts_heading ON posts USING gin (heading)
WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX posts_document ON posts USING gin (document)
WHERE deleted_at IS NULL AND published_at IS NOT NULL;

-- An author's drafts, for searching them.
CREATE INDEX posts_author_drafts ON posts (author_id, updated_at DESC, id DESC)
WHERE deleted_at IS NULL AND published_at IS NULL;

-- Every username that an account has had, so that links to the old one lead to it, and
-- nobody else gets it. Of an account that was removed nothing else stays.
CREATE TABLE usernames (
    username text PRIMARY KEY,
    user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX usernames_user ON usernames (user_id);
INSERT INTO usernames (username, user_id) SELECT username, id FROM users;

-- Every slug that a published post has had, likewise: post_id is NULL once that was purged.
CREATE TABLE permalinks (
    author_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slug text NOT NULL,
    post_id uuid REFERENCES posts (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT permalinks_pkey PRIMARY KEY (author_id, slug)
);
CREATE INDEX permalinks_post ON permalinks (post_id);
INSERT INTO permalinks (author_id, slug, post_id)
SELECT author_id, slug, id FROM posts WHERE published_at IS NOT NULL;

-- The tags of what readers see, one row a post and tag.
CREATE TABLE tagged (
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    slug text NOT NULL,
    name text NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT tagged_pkey PRIMARY KEY (post_id, slug)
);
CREATE INDEX tagged_newest ON tagged (slug, published_at DESC, post_id DESC);

-- +goose StatementBegin
CREATE FUNCTION keep_username() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usernames (username, user_id) VALUES (NEW.username, NEW.id) ON CONFLICT (username) DO NOTHING;
    PERFORM FROM usernames AS u WHERE u.username = NEW.username AND u.user_id = NEW.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody else had that name' USING ERRCODE = 'unique_violation', CONSTRAINT = 'users_username_key';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_permalink() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO permalinks (author_id, slug, post_id) VALUES (NEW.author_id, NEW.slug, NEW.id)
    ON CONFLICT (author_id, slug) DO NOTHING;
    PERFORM FROM permalinks AS l WHERE l.author_id = NEW.author_id AND l.slug = NEW.slug AND l.post_id = NEW.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another post had that slug' USING ERRCODE = 'unique_violation', CONSTRAINT = 'posts_slug_key';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tagged WHERE post_id = NEW.id;
    IF NEW.published_at IS NOT NULL AND NEW.deleted_at IS NULL AND NOT NEW.page THEN
        INSERT INTO tagged (post_id, slug, name, published_at)
        SELECT NEW.id, t.slug, t.name, NEW.published_at
        FROM unnest(NEW.tag_slugs, NEW.tags) AS t (slug, name)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- An older blog that still runs beside this one writes a text, and not what is made of it.
CREATE FUNCTION forget_reading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.renderer := '';
    RETURN NEW;
END
$$;

-- A draft is searched by its author alone, and as it is.
CREATE FUNCTION make_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.published_at IS NULL AND NEW.publish_at IS NULL THEN
        NEW.heading := NULL;
        NEW.document := NULL;
        RETURN NEW;
    END IF;
    NEW.heading := setweight(to_tsvector(NEW.language::regconfig, NEW.title), 'A')
        || setweight(to_tsvector(NEW.language::regconfig, array_to_string(NEW.tags, ' ')), 'B');
    NEW.document := NEW.heading || setweight(to_tsvector(NEW.language::regconfig, NEW.plain), 'D');
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER users_keep_username AFTER INSERT OR UPDATE OF username ON users
FOR EACH ROW EXECUTE FUNCTION keep_username();

CREATE TRIGGER posts_keep_permalink AFTER INSERT OR UPDATE OF slug, published_at ON posts
FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION keep_permalink();

CREATE TRIGGER posts_keep_tagged AFTER UPDATE OF tags, tag_slugs, published_at, deleted_at, page ON posts
FOR EACH ROW EXECUTE FUNCTION keep_tagged();
CREATE TRIGGER posts_keep_new_tagged AFTER INSERT ON posts
FOR EACH ROW WHEN (NEW.published_at IS NOT NULL AND cardinality(NEW.tags) > 0) EXECUTE FUNCTION keep_tagged();

CREATE TRIGGER posts_forget_reading BEFORE UPDATE OF body ON posts
FOR EACH ROW WHEN (NEW.body <> OLD.body AND NEW.html = OLD.html AND NEW.renderer <> '') EXECUTE FUNCTION forget_reading();

CREATE TRIGGER posts_make_findable
BEFORE INSERT OR UPDATE OF title, tags, plain, language, published_at, publish_at ON posts
FOR EACH ROW EXECUTE FUNCTION make_findable();
