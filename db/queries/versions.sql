-- AddVersion keeps a text as the post's next version. The caller holds the post's
-- row, so numbers have no gaps and no clashes. A base beyond the newest is none.
-- name: AddVersion :one
INSERT INTO versions (post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base)
SELECT
    @post_id, @author_id, newest.number + 1, @kind, @title::text, @body::text, @words,
    sha256(convert_to(@title || E'\n' || @body, 'UTF8')),
    @sitting, @turn, CASE WHEN @base::integer <= newest.number THEN @base ELSE 0 END, @other_base
FROM (
    SELECT coalesce(max(v.number), 0) AS number
    FROM versions AS v
    WHERE v.post_id = @post_id
) AS newest
RETURNING number, sha256, created_at;

-- MergedSince finds the version that holds a text which was merged into a later one, added after a number.
-- name: MergedSince :one
SELECT number
FROM versions
WHERE post_id = @post_id
    AND number > @base
    AND kind = 'merged'
    AND sha256 = sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8'))
ORDER BY number DESC
LIMIT 1;

-- VersionOf reads one version of a post of the author's.
-- name: VersionOf :one
SELECT v.number, v.kind, v.title, v.body, v.words, v.created_at
FROM versions AS v
JOIN posts AS p ON p.id = v.post_id
WHERE v.post_id = @post_id AND v.number = @number AND p.author_id = @author_id;

-- ListVersions pages through a post's versions, newest first, from before a number, without their texts.
-- name: ListVersions :many
SELECT v.number, v.kind, v.title, v.words, v.created_at
FROM versions AS v
JOIN posts AS p ON p.id = v.post_id
WHERE v.post_id = @post_id AND p.author_id = @author_id AND v.number < @before_number
ORDER BY v.number DESC
LIMIT @most;

-- AddMissingVersions keeps a first version of each post that came without, by COPY.
-- name: AddMissingVersions :exec
INSERT INTO versions (
    post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base, created_at
)
SELECT
    p.id, p.author_id, p.version, 'saved', p.title, p.body, p.words,
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
    sha256 = sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8')) AS same
FROM versions
WHERE post_id = @post_id
ORDER BY number DESC
LIMIT 1;

-- NewestOfSitting reads the last version that one sitting wrote, and whether it has this text.
-- name: NewestOfSitting :one
SELECT
    number, turn, sha256, created_at,
    sha256 = sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8')) AS same
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
SELECT v.number, v.kind, v.title, v.body, v.words, v.created_at
FROM posts AS p
JOIN LATERAL (
    SELECT n.number, n.kind, n.title, n.body, n.words, n.created_at
    FROM versions AS n
    WHERE n.post_id = p.id
    ORDER BY n.number DESC
    LIMIT 1
) AS v ON v.number > p.version AND v.kind = 'autosaved' AND (v.title, v.body) <> (p.title, p.body)
WHERE p.id = @post_id AND p.author_id = @author_id;

-- ThinVersions removes old autosaves: of each sitting the last of every hour stays, and
-- of those older than 30 days the last of every day. What is shown stays, and what
-- another version began from.
-- name: ThinVersions :execrows
DELETE FROM versions AS v
USING (
    SELECT old.post_id, old.number
    FROM versions AS old
    JOIN posts AS p ON p.id = old.post_id
    WHERE old.kind = 'autosaved'
        AND old.created_at < now() - interval '1 day'
        AND old.number <> p.version
        AND EXISTS (
            SELECT FROM versions AS later
            WHERE later.post_id = old.post_id
                AND later.sitting = old.sitting
                AND later.number > old.number
                AND later.kind = 'autosaved'
                AND later.created_at < now() - interval '1 day'
                AND date_trunc(
                    CASE WHEN old.created_at < now() - interval '30 days' THEN 'day' ELSE 'hour' END,
                    later.created_at, 'UTC'
                ) = date_trunc(
                    CASE WHEN old.created_at < now() - interval '30 days' THEN 'day' ELSE 'hour' END,
                    old.created_at, 'UTC'
                )
        )
        AND NOT EXISTS (
            SELECT FROM versions AS grown
            WHERE grown.post_id = old.post_id AND old.number IN (grown.base, grown.other_base)
        )
    ORDER BY old.created_at, old.post_id, old.number
    LIMIT @most
) AS thin
WHERE v.post_id = thin.post_id AND v.number = thin.number;
