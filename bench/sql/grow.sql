-- Copies the posts that there are into the past, a second apart, so that the archive has hardly more months, with what readers meet of them, until there are as many as are put here.
-- The copies have no history, which nobody asks for: it would be a third of the work and of the disk. Triggers keep still meanwhile, as what they would do is copied, too; indexes are made afterwards, at once.
BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL synchronous_commit = off;

CREATE TEMPORARY TABLE indexes ON COMMIT DROP AS
SELECT i.indexname AS name, i.indexdef AS made
FROM pg_indexes AS i
WHERE i.schemaname = current_schema()
    AND i.tablename IN ('posts', 'tagged', 'permalinks')
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexname::regclass);

DO $$
DECLARE
    gone text;
BEGIN
    FOR gone IN SELECT name FROM indexes LOOP
        EXECUTE format('DROP INDEX %%I', gone);
    END LOOP;
END
$$;

CREATE TEMPORARY TABLE originals ON COMMIT DROP AS
SELECT p.id, p.published_at, row_number() OVER (ORDER BY p.published_at DESC, p.id DESC) AS place, count(*) OVER () AS places
FROM posts AS p
WHERE p.published_at IS NOT NULL AND p.deleted_at IS NULL AND p.id::text NOT LIKE '%%-7000-_000-%%';

CREATE TEMPORARY TABLE copies ON COMMIT DROP AS
SELECT
    o.id AS original,
    -- By such ids copies are known, and by 9000 what the bench has published.
    (lpad(to_hex(c.number), 12, '0') || '-7000-8000-' || lpad(to_hex(o.place), 12, '0'))::uuid AS id,
    c.number,
    (SELECT min(first.published_at) FROM originals AS first) - ((c.number - 1) * o.places + o.place) * interval '1 second' AS at
FROM originals AS o
CROSS JOIN LATERAL generate_series(
    (SELECT count(*) FROM posts AS e WHERE e.published_at IS NOT NULL AND e.id::text NOT LIKE '%%-7000-9000-%%') / o.places,
    %[1]d / o.places - 1
) AS c (number)
ORDER BY c.number DESC, o.place DESC;

INSERT INTO posts (
    id, author_id, slug, title, body, excerpt, words, version, created_at, updated_at, published_at, tags, tag_slugs, html,
    plain, outline, links, renderer, language, heading, document
)
SELECT
    c.id, p.author_id, p.slug || '-copy-' || c.number, p.title, p.body, p.excerpt, p.words, 1, c.at, c.at, c.at, p.tags,
    p.tag_slugs, p.html, p.plain, p.outline, p.links, p.renderer, p.language, p.heading, p.document
FROM copies AS c
JOIN posts AS p ON p.id = c.original;

INSERT INTO permalinks (author_id, slug, post_id, created_at)
SELECT p.author_id, p.slug, c.id, c.at
FROM copies AS c
JOIN posts AS p ON p.id = c.id;

INSERT INTO tagged (post_id, slug, name, published_at)
SELECT c.id, t.slug, t.name, c.at
FROM copies AS c
JOIN tagged AS t ON t.post_id = c.original;

DO $$
DECLARE
    again text;
BEGIN
    FOR again IN SELECT made FROM indexes LOOP
        EXECUTE again;
    END LOOP;
END
$$;
COMMIT;

UPDATE editions SET number = number + 1;
VACUUM (ANALYZE) posts, permalinks, tagged;
