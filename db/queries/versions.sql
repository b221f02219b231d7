-- AddVersion keeps a text as the post's next version and returns its number. The
-- caller holds the post's row, so numbers have no gaps and no clashes.
-- name: AddVersion :one
INSERT INTO versions (post_id, number, kind, title, body, words, sha256)
VALUES (
    @post_id,
    (SELECT coalesce(max(v.number), 0) + 1 FROM versions AS v WHERE v.post_id = @post_id),
    @kind, @title::text, @body::text, @words, sha256(convert_to(@title || E'\n' || @body, 'UTF8'))
)
RETURNING number;

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
INSERT INTO versions (post_id, number, kind, title, body, words, sha256, created_at)
SELECT
    p.id, p.version, 'saved', p.title, p.body, p.words,
    sha256(convert_to(p.title || E'\n' || p.body, 'UTF8')), p.updated_at
FROM posts AS p
WHERE NOT EXISTS (
    SELECT FROM versions AS v
    WHERE v.post_id = p.id
);

-- NewestVersion reads the newest version of a post.
-- name: NewestVersion :one
SELECT number, title, body
FROM versions
WHERE post_id = @post_id
ORDER BY number DESC
LIMIT 1;
