-- AddVersion keeps a text as the post's next version. The caller holds the post's
-- row, so numbers have no gaps and no clashes. A base beyond the newest is none.
-- name: AddVersion :one
INSERT INTO versions (
    post_id, author_id, number, kind, title, body, words, tags, sha256, sitting, turn, base, other_base
)
SELECT
    @post_id, @author_id, newest.number + 1, @kind, @title::text, @body::text, @words, @tags,
    sha256(convert_to(@title || E'\n' || @body, 'UTF8')),
    @sitting, @turn, CASE WHEN @base::integer <= newest.number THEN @base ELSE 0 END, @other_base
FROM (
    SELECT coalesce(max(v.number), 0) AS number
    FROM versions AS v
    WHERE v.post_id = @post_id
) AS newest
RETURNING number, sha256, created_at;

-- MergedSince finds the version that holds a text which stands by itself and was merged, from a number on.
-- name: MergedSince :one
SELECT number
FROM versions
WHERE post_id = @post_id
    AND number >= @from_number
    AND kind = 'merged'
    AND turn = 0
    AND sha256 = sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8'))
    AND tags = @tags
ORDER BY number DESC
LIMIT 1;

-- VersionOf reads one version of a post of the author's.
-- name: VersionOf :one
SELECT v.number, v.kind, v.title, v.body, v.tags, v.words, v.created_at
FROM versions AS v
JOIN posts AS p ON p.id = v.post_id
WHERE v.post_id = @post_id AND v.number = @number AND p.author_id = @author_id;

-- ListVersions pages through a post's versions, newest first, from before a number, without their texts.
-- name: ListVersions :many
SELECT v.number, v.kind, v.title, v.words, v.created_at
FROM versions AS v
WHERE v.post_id = (SELECT p.id FROM posts AS p WHERE p.id = @post_id AND p.author_id = @author_id)
    AND v.number < @before_number
ORDER BY v.number DESC
LIMIT 51;

-- AddMissingVersions keeps a first version of each post that came without, by COPY.
-- name: AddMissingVersions :exec
INSERT INTO versions (
    post_id, author_id, number, kind, title, body, words, tags, sha256, sitting, turn, base, other_base, created_at
)
SELECT
    p.id, p.author_id, p.version, 'saved', p.title, p.body, p.words, array_to_string(p.tags, ', '),
    sha256(convert_to(p.title || E'\n' || p.body, 'UTF8')), gen_random_uuid(), 0, 0, 0, p.updated_at
FROM posts AS p
WHERE NOT EXISTS (
    SELECT FROM versions AS v
    WHERE v.post_id = p.id
);

-- NewestVersion reads the newest version of a post, and whether it has this text.
-- name: NewestVersion :one
SELECT
    number, kind, sha256, created_at,
    (sha256, tags) = (sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8')), @tags::text) AS same
FROM versions
WHERE post_id = @post_id
ORDER BY number DESC
LIMIT 1;

-- NewestOfSitting reads the last version that one sitting wrote, and whether it has this text.
-- name: NewestOfSitting :one
SELECT
    number, kind, turn, sha256, created_at,
    (sha256, tags) = (sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8')), @tags::text) AS same
FROM versions
WHERE post_id = @post_id AND sitting = @sitting
ORDER BY number DESC
LIMIT 1;

-- KindOf tells how a version came to be.
-- name: KindOf :one
SELECT kind
FROM versions
WHERE post_id = @post_id AND number = @number;

-- Ancestry walks from a version to those it grew from, in no order: of each sitting the
-- versions at which the way enters it.
-- name: Ancestry :many
WITH RECURSIVE line AS (
    SELECT v.number, v.sitting, v.base, v.other_base
    FROM versions AS v
    WHERE v.post_id = @post_id AND v.number = @number
    UNION
    SELECT v.number, v.sitting, v.base, v.other_base
    FROM line AS l
    CROSS JOIN LATERAL (
        SELECT b.number, b.sitting, b.base, b.other_base
        FROM versions AS b
        WHERE b.post_id = @post_id AND b.number = l.base
        UNION ALL
        SELECT o.number, o.sitting, o.base, o.other_base
        FROM versions AS o
        WHERE o.post_id = @post_id AND o.number = l.other_base
    ) AS v
)
SELECT number, sitting
FROM line;

-- Unsaved reads the newest version of an author's post if it was only autosaved and is not the one shown.
-- name: Unsaved :one
SELECT v.number, v.kind, v.title, v.body, v.tags, v.words, v.created_at
FROM posts AS p
JOIN LATERAL (
    SELECT n.number, n.kind, n.title, n.body, n.tags, n.words, n.created_at
    FROM versions AS n
    WHERE n.post_id = p.id
    ORDER BY n.number DESC
    LIMIT 1
) AS v ON v.number > p.version AND v.kind = 'autosaved'
    AND (v.title, v.body, v.tags) <> (p.title, p.body, array_to_string(p.tags, ', '))
WHERE p.id = @post_id AND p.author_id = @author_id;

-- ThinVersions removes old autosaves: of each sitting the last of every hour stays, and
-- of those older than 30 days the last of every day. Texts that stand by themselves are
-- one sitting of their post. What is shown stays, and what another version began from.
-- name: ThinVersions :execrows
WITH aged AS (
    SELECT
        v.post_id, v.number, v.created_at,
        row_number() OVER (
            PARTITION BY
                v.post_id,
                CASE WHEN v.turn = 0 THEN v.post_id ELSE v.sitting END,
                CASE
                    WHEN v.created_at < now() - interval '30 days' THEN date_trunc('day', v.created_at, 'UTC')
                    ELSE date_trunc('hour', v.created_at, 'UTC')
                END,
                v.created_at < now() - interval '30 days'
            ORDER BY v.number DESC
        ) AS place
    FROM versions AS v
    WHERE v.kind = 'autosaved' AND v.created_at < now() - interval '1 day'
), thin AS (
    SELECT a.post_id, a.number
    FROM aged AS a
    WHERE a.place > 1
        AND NOT EXISTS (SELECT FROM posts AS p WHERE p.id = a.post_id AND p.version = a.number)
        AND NOT EXISTS (SELECT FROM versions AS b WHERE b.post_id = a.post_id AND b.base = a.number)
        AND NOT EXISTS (SELECT FROM versions AS o WHERE o.post_id = a.post_id AND o.other_base = a.number)
    ORDER BY a.created_at, a.post_id, a.number
    LIMIT @most
)
DELETE FROM versions AS v
USING thin
WHERE v.post_id = thin.post_id AND v.number = thin.number;
