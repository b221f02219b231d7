-- +goose Up

-- Where each text was typed. A sitting is one opening of an editor: its texts follow
-- each other, their turns rise, and all began from the same version, base (0: from
-- none). A version that was merged has two ancestors, the one shown before it (base)
-- and what was typed (other_base). So the versions of a post are a tree with joins,
-- from which the text that two others grew from can be told. An aside came late from a
-- browser that could not send it before: it is kept, and is not the newest text.
ALTER TABLE versions
    ADD COLUMN author_id uuid REFERENCES users (id) ON DELETE CASCADE,
    ADD COLUMN sitting uuid,
    ADD COLUMN turn bigint NOT NULL DEFAULT 0,
    ADD COLUMN base integer NOT NULL DEFAULT 0,
    ADD COLUMN other_base integer NOT NULL DEFAULT 0;

-- Of the texts that there are so far the saved ones followed each other, with what was
-- merged into them; what the others began from is not known: that clashes, which is safe.
ALTER TABLE versions DISABLE TRIGGER versions_stay;
UPDATE versions AS v
SET
    author_id = p.author_id,
    sitting = gen_random_uuid(),
    base = CASE WHEN v.kind = 'saved' THEN (
        SELECT coalesce(max(b.number), 0)
        FROM versions AS b
        WHERE b.post_id = v.post_id AND b.number < v.number AND b.kind = 'saved'
    ) ELSE 0 END,
    other_base = CASE WHEN v.kind = 'saved' THEN (
        SELECT coalesce(max(o.number), 0)
        FROM versions AS o
        WHERE o.post_id = v.post_id AND o.number = v.number - 1 AND o.kind = 'merged'
    ) ELSE 0 END
FROM posts AS p
WHERE p.id = v.post_id;
ALTER TABLE versions ENABLE TRIGGER versions_stay;

ALTER TABLE versions
    ALTER COLUMN author_id SET NOT NULL,
    ALTER COLUMN sitting SET NOT NULL,
    ALTER COLUMN turn DROP DEFAULT,
    ALTER COLUMN base DROP DEFAULT,
    ALTER COLUMN other_base DROP DEFAULT,
    DROP CONSTRAINT versions_kind_known,
    ADD CONSTRAINT versions_kind_known CHECK (kind IN ('aside', 'autosaved', 'merged', 'saved')),
    ADD CONSTRAINT versions_turn_counts CHECK (turn >= 0),
    ADD CONSTRAINT versions_base_is_older CHECK (base >= 0 AND base < number AND other_base >= 0 AND other_base < number);

-- What a sitting wrote last.
CREATE INDEX versions_sitting ON versions (post_id, sitting, number DESC);

-- For what removes a user, and for what thins out old autosaves.
CREATE INDEX versions_author ON versions (author_id);
CREATE INDEX versions_autosaved ON versions (created_at)
WHERE kind = 'autosaved';
