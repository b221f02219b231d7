-- +goose Up

-- Where each text was typed. A sitting is one opening of an editor: its texts follow
-- each other, their turns rise, and all began from the same version, base (0: from
-- none). A version that was merged has two ancestors, the one shown before it (base)
-- and what was typed (other_base). So the versions of a post are a tree with joins,
-- from which the text that two others grew from can be told.
ALTER TABLE versions
    ADD COLUMN author_id uuid REFERENCES users (id) ON DELETE CASCADE,
    ADD COLUMN sitting uuid,
    ADD COLUMN turn bigint NOT NULL DEFAULT 0,
    ADD COLUMN base integer NOT NULL DEFAULT 0,
    ADD COLUMN other_base integer NOT NULL DEFAULT 0;

-- The texts that there are so far were typed one after the other.
ALTER TABLE versions DISABLE TRIGGER versions_stay;
UPDATE versions AS v
SET author_id = p.author_id, sitting = gen_random_uuid(), base = v.number - 1
FROM posts AS p
WHERE p.id = v.post_id;
ALTER TABLE versions ENABLE TRIGGER versions_stay;

ALTER TABLE versions
    ALTER COLUMN author_id SET NOT NULL,
    ALTER COLUMN sitting SET NOT NULL,
    ALTER COLUMN turn DROP DEFAULT,
    ALTER COLUMN base DROP DEFAULT,
    ALTER COLUMN other_base DROP DEFAULT,
    ADD CONSTRAINT versions_turn_counts CHECK (turn >= 0),
    ADD CONSTRAINT versions_base_is_older CHECK (base >= 0 AND base < number AND other_base >= 0 AND other_base < number);

-- What a sitting wrote last.
CREATE INDEX versions_sitting ON versions (post_id, sitting, number DESC);

-- For what removes a user, and for what thins out old autosaves.
CREATE INDEX versions_author ON versions (author_id);
CREATE INDEX versions_autosaved ON versions (created_at)
WHERE kind = 'autosaved';
