-- ReadSearch makes a query of what was typed: in the syntax of websearch, or with the last word as the beginning of one.
-- No index answers one that asks for no word, such as only for what is not to be there.
-- name: ReadSearch :one
SELECT
    read.query::text AS query,
    (querytree(read.query) NOT IN ('', 'T'))::boolean AS answerable,
    tsvector_to_array(to_tsvector(read.language, read.typed))::text[] AS words,
    (to_regclass('posts_likeness') IS NOT NULL)::boolean AS forgiving
FROM (
    SELECT
        asked.language,
        asked.typed,
        CASE
            WHEN asked.begun = '' THEN websearch_to_tsquery(asked.language, asked.typed)
            ELSE websearch_to_tsquery(asked.language, asked.typed)
                || (websearch_to_tsquery(asked.language, asked.head) && CASE
                    WHEN numnode(to_tsquery(asked.language, asked.begun)) > 0 THEN to_tsquery(asked.language, asked.begun)
                    ELSE to_tsquery('simple', asked.begun)
                END)
        END AS query
    FROM (
        SELECT
            @language::regconfig AS language,
            @typed::text AS typed,
            @head::text AS head,
            @begun::text AS begun
    ) AS asked
) AS read;

-- SearchPosts finds public posts, best first. To rank all that have a common word would take seconds: so the newest 100
-- that have what is asked for are ranked, and the newest 100 that have it in title or tags. Those are taken in the order
-- in which they come, so that a walk along the newest posts ends with them. The limit before is for the planner, which
-- plans such a part for all its rows: it takes a document to lie in its row, and reading it there to be free, and would
-- walk ten times too far. What is marked lies between the characters 1 and 2, and where a part was left out is a 3. Of a
-- long text, what is around the first of the words is looked at.
-- name: SearchPosts :many
WITH wording AS MATERIALIZED (
    SELECT p.id
    FROM posts AS p
    WHERE p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND p.published_at >= @since::timestamptz
        AND p.document @@ @query::tsquery
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 4000
),
headed AS MATERIALIZED (
    SELECT p.id
    FROM posts AS p
    WHERE p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND p.published_at >= @since::timestamptz
        AND p.heading @@ @query::tsquery
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 4000
),
newest AS MATERIALIZED (
    (SELECT h.id FROM wording AS h LIMIT 100)
    UNION
    (SELECT h.id FROM headed AS h LIMIT 100)
),
ranked AS MATERIALIZED (
    SELECT p.id, p.published_at, ts_rank(p.document, @query::tsquery, 1) AS rank
    FROM newest AS n
    JOIN posts AS p ON p.id = n.id
    WHERE p.document @@ @query::tsquery
    ORDER BY rank DESC, p.published_at DESC, p.id DESC
    LIMIT @most::integer
    OFFSET @skipped::integer
)
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at, p.published_at,
    p.page, p.tags,
    ts_headline(
        @language::regconfig, translate(p.title, chr(1) || chr(2) || chr(3), ''), @query::tsquery,
        'HighlightAll=true, StartSel=' || chr(1) || ', StopSel=' || chr(2)
    )::text AS marked_title,
    ts_headline(
        @language::regconfig, translate(around.words, chr(1) || chr(2) || chr(3), ''), @query::tsquery,
        'MaxFragments=2, MinWords=12, MaxWords=32, FragmentDelimiter=' || chr(3) || ', StartSel=' || chr(1) || ', StopSel=' || chr(2)
    )::text AS marked
FROM ranked AS r
JOIN posts AS p ON p.id = r.id
JOIN users AS u ON u.id = p.author_id
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN length(p.plain) <= 10000 THEN p.plain
            ELSE substr(p.plain, greatest(1, coalesce((
                SELECT min(nullif(strpos(lower(left(p.plain, 200000)), w.word), 0))
                FROM unnest(@words::text[]) AS w (word)
            ), 1) - 400), 4000)
        END AS words
) AS around
ORDER BY r.rank DESC, r.published_at DESC, r.id DESC;

-- SearchDrafts finds an author's own drafts among the newest 100, last changed first.
-- name: SearchDrafts :many
SELECT
    d.id, d.title, d.excerpt, d.words, d.updated_at, d.publish_at, d.tags,
    ts_headline(
        @language::regconfig, translate(d.title, chr(1) || chr(2) || chr(3), ''), @query::tsquery,
        'HighlightAll=true, StartSel=' || chr(1) || ', StopSel=' || chr(2)
    )::text AS marked_title,
    ts_headline(
        @language::regconfig, translate(d.begins, chr(1) || chr(2) || chr(3), ''), @query::tsquery,
        'MaxFragments=2, MinWords=12, MaxWords=32, FragmentDelimiter=' || chr(3) || ', StartSel=' || chr(1) || ', StopSel=' || chr(2)
    )::text AS marked
FROM (
    SELECT p.id, p.title, p.excerpt, p.words, p.updated_at, p.publish_at, p.tags, left(p.body, 10000) AS begins
    FROM posts AS p
    WHERE p.author_id = @author_id AND p.deleted_at IS NULL AND p.published_at IS NULL
    ORDER BY p.updated_at DESC, p.id DESC
    LIMIT 100
) AS d
WHERE to_tsvector(@language::regconfig, concat_ws(' ', d.title, array_to_string(d.tags, ' '), d.begins))
    @@ @query::tsquery
ORDER BY d.updated_at DESC, d.id DESC
LIMIT @most;

-- SearchAlike finds public posts with a title or tag that is like what was typed, where the server can tell (pg_trgm):
-- of 200 each that are like it at all, those most like it.
-- name: SearchAlike :many
WITH alike AS MATERIALIZED (
    (
        SELECT p.id, (@typed::text <<-> p.title) AS distance
        FROM posts AS p
        WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL AND @typed::text <% p.title
        LIMIT 200
    )
    UNION ALL
    (
        SELECT t.post_id, (@typed::text <<-> t.name) AS distance
        FROM tagged AS t
        WHERE @typed::text <% t.name
        LIMIT 200
    )
)
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at, p.published_at,
    p.page, p.tags
FROM (
    SELECT a.id, min(a.distance) AS distance
    FROM alike AS a
    WHERE a.id <> ALL (@found::uuid[])
    GROUP BY a.id
) AS n
JOIN posts AS p ON p.id = n.id
JOIN users AS u ON u.id = p.author_id
WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL
ORDER BY n.distance, p.published_at DESC, p.id DESC
LIMIT @most;

-- NewestSince is the time from which on this many public posts are the newest ones; none comes back when there are fewer.
-- name: NewestSince :one
SELECT p.published_at::timestamptz AS since
FROM posts AS p
WHERE p.deleted_at IS NULL AND p.published_at IS NOT NULL
ORDER BY p.published_at DESC, p.id DESC
LIMIT 1
OFFSET @many::integer;

-- Forgives tells whether a search forgives typing errors.
-- name: Forgives :one
SELECT (to_regclass('posts_likeness') IS NOT NULL)::boolean AS forgives;

-- Forgive lets searches forgive typing errors, if the server can.
-- name: Forgive :one
SELECT (to_regclass('posts_likeness') IS NOT NULL OR forgive_typing())::boolean AS forgives;
