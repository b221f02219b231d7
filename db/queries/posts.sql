-- CreatePost adds a post, published or a draft, with its first version; no row comes back when the id is taken, and a slug the author uses breaks posts_slug_key.
-- name: CreatePost :one
WITH made AS (
    INSERT INTO posts (
        id, author_id, slug, title, body, excerpt, words, tags, tag_slugs, html, plain, outline, links, renderer,
        language, published_at
    )
    VALUES (
        @id, @author_id, sqlc.narg(slug), @title, @body, @excerpt, @words, @tags, @tag_slugs, @html, @plain, @outline,
        @links, @renderer, @language, CASE WHEN @publish::boolean THEN now() END
    )
    ON CONFLICT (id) DO NOTHING
    RETURNING id, author_id, version, title, body, words
)
INSERT INTO versions (
    post_id, author_id, number, kind, title, body, words, tags, sha256, sitting, turn, base, other_base
)
SELECT
    id, author_id, version, @kind, title, body, words, @tag_line, sha256(convert_to(title || E'\n' || body, 'UTF8')),
    @sitting, @turn, 0, 0
FROM made
RETURNING number, sha256, created_at;

-- LockPost reads an author's post, deleted or not, and holds it until the transaction ends.
-- name: LockPost :one
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.body, p.excerpt, p.words, p.version,
    p.created_at, p.updated_at, p.published_at, p.deleted_at, p.publish_at, p.pinned_at, p.page, p.shows_changes,
    p.tags, p.html, p.outline, p.links, p.renderer
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.id = @id AND p.author_id = @author_id
FOR UPDATE OF p;

-- RevisePost writes a post's next text.
-- name: RevisePost :exec
UPDATE posts
SET
    title = @title,
    body = @body,
    excerpt = @excerpt,
    words = @words,
    tags = @tags,
    tag_slugs = @tag_slugs,
    html = @html,
    plain = @plain,
    outline = @outline,
    links = @links,
    renderer = @renderer,
    language = @language,
    version = @version,
    updated_at = now()
WHERE id = @id;

-- PublishPost makes a draft public under a slug, with what is made of its text for readers; breaks posts_slug_key when
-- another of the author's posts has it or had it.
-- name: PublishPost :exec
UPDATE posts
SET
    published_at = now(),
    publish_at = NULL,
    slug = @slug::text,
    html = @html,
    plain = @plain,
    outline = @outline,
    links = @links,
    renderer = @renderer,
    language = @language
WHERE id = @id AND published_at IS NULL;

-- SlugTaken tells whether another of the author's posts, deleted or not, has this slug, or had it while it was public.
-- name: SlugTaken :one
SELECT EXISTS (
    SELECT FROM posts AS p
    WHERE p.author_id = @author_id AND p.slug = @slug::text AND p.id <> @id
    UNION ALL
    SELECT FROM permalinks AS l
    WHERE l.author_id = @author_id AND l.slug = @slug::text AND l.post_id IS DISTINCT FROM @id
) AS taken;

-- DeletePost puts an author's post into the bin; again is harmless.
-- name: DeletePost :execrows
UPDATE posts
SET deleted_at = coalesce(deleted_at, now())
WHERE id = @id AND author_id = @author_id;

-- RestorePost takes an author's post out of the bin; again is harmless. What was to be published meanwhile stays a draft.
-- name: RestorePost :execrows
UPDATE posts
SET deleted_at = NULL, publish_at = CASE WHEN deleted_at IS NULL OR publish_at > now() THEN publish_at END
WHERE id = @id AND author_id = @author_id;

-- PurgePosts removes what has been in the bin for 30 days. What went there with its author goes with them, or comes back
-- with them (PurgeUsers): never one without the other.
-- name: PurgePosts :execrows
DELETE FROM posts AS p
WHERE p.deleted_at <= now() - interval '30 days'
    AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = p.author_id AND u.deleted_at = p.deleted_at);

-- PostForAuthor reads one of the author's own posts, drafts and deleted ones too.
-- name: PostForAuthor :one
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.body, p.excerpt, p.words, p.version,
    p.created_at, p.updated_at, p.published_at, p.deleted_at, p.publish_at, p.pinned_at, p.page, p.shows_changes,
    p.tags, p.html, p.outline, p.links, p.renderer
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.id = @id AND p.author_id = @author_id;

-- PublicPost reads a published post by its id.
-- name: PublicPost :one
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.body, p.excerpt, p.words, p.version,
    p.created_at, p.updated_at, p.published_at, p.deleted_at, p.publish_at, p.pinned_at, p.page, p.shows_changes,
    p.tags, p.html, p.outline, p.links, p.renderer
FROM posts AS p
JOIN users AS u ON u.id = p.author_id
WHERE p.id = @id AND p.published_at IS NOT NULL AND p.deleted_at IS NULL;

-- PublicPostAt reads a published post by its permalink, and what was published just before and just after it, whoever wrote
-- that: username, slug and title, or nothing. A page that stands by itself is beside nothing.
-- name: PublicPostAt :one
SELECT
    p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.body, p.excerpt, p.words, p.version,
    p.created_at, p.updated_at, p.published_at, p.deleted_at, p.publish_at, p.pinned_at, p.page, p.shows_changes,
    p.tags, p.html, p.outline, p.links, p.renderer,
    (
        SELECT ARRAY[a.username, o.slug, o.title]
        FROM posts AS o
        JOIN users AS a ON a.id = o.author_id
        WHERE NOT p.page
            AND o.deleted_at IS NULL
            AND o.published_at IS NOT NULL
            AND NOT o.page
            AND (o.published_at, o.id) < (p.published_at, p.id)
        ORDER BY o.published_at DESC, o.id DESC
        LIMIT 1
    )::text[] AS older,
    (
        SELECT ARRAY[a.username, n.slug, n.title]
        FROM posts AS n
        JOIN users AS a ON a.id = n.author_id
        WHERE NOT p.page
            AND n.deleted_at IS NULL
            AND n.published_at IS NOT NULL
            AND NOT n.page
            AND (n.published_at, n.id) > (p.published_at, p.id)
        ORDER BY n.published_at, n.id
        LIMIT 1
    )::text[] AS newer
FROM users AS u
JOIN posts AS p ON p.author_id = u.id
WHERE u.username = @username
    AND p.slug = @slug::text
    AND p.published_at IS NOT NULL
    AND p.deleted_at IS NULL;

-- ListPublished pages through everybody's published posts, newest first, from before a place. Before the first page come
-- the last that owners have pinned; they are on none of the others.
-- name: ListPublished :many
WITH pinned AS MATERIALIZED (
    SELECT o.id, o.pinned_at
    FROM users AS u
    CROSS JOIN LATERAL (
        SELECT p.id, p.pinned_at
        FROM posts AS p
        WHERE p.author_id = u.id
            AND p.deleted_at IS NULL
            AND p.published_at IS NOT NULL
            AND NOT p.page
            AND p.pinned_at IS NOT NULL
        ORDER BY p.pinned_at DESC, p.id DESC
        LIMIT 3
    ) AS o
    WHERE u.role = 'owner'
    ORDER BY o.pinned_at DESC, o.id DESC
    LIMIT 3
)
(
    SELECT
        true AS on_top, p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at,
        p.published_at
    FROM pinned AS t
    JOIN posts AS p ON p.id = t.id
    JOIN users AS u ON u.id = p.author_id
    WHERE @first::boolean
    ORDER BY t.pinned_at DESC, t.id DESC
)
UNION ALL
(
    SELECT
        false, p.id, p.author_id, u.username, u.display_name, p.slug, p.title, p.excerpt, p.words, p.updated_at,
        p.published_at
    FROM posts AS p
    JOIN users AS u ON u.id = p.author_id
    WHERE p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND NOT p.page
        AND (p.published_at, p.id) < (@before_time::timestamptz, @before_id::uuid)
        AND p.id <> ALL (ARRAY(SELECT t.id FROM pinned AS t))
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 21
);

-- ListPublishedBy pages through one author's published posts, newest first, from before a place, without those that stand above.
-- Their ids come first, from the author's index alone: else PostgreSQL takes walking along everybody's newest to be as good,
-- and for who wrote much, but long ago, it would walk through nearly all.
-- name: ListPublishedBy :many
WITH newest AS MATERIALIZED (
    SELECT p.id
    FROM posts AS p
    WHERE p.author_id = @author_id
        AND p.deleted_at IS NULL
        AND p.published_at IS NOT NULL
        AND NOT p.page
        AND (p.published_at, p.id) < (@before_time::timestamptz, @before_id::uuid)
        AND p.id <> ALL (@pinned::uuid[])
    ORDER BY p.published_at DESC, p.id DESC
    LIMIT 21
)
SELECT
    p.id, p.author_id, p.slug, p.title, p.excerpt, p.words, p.updated_at, p.published_at
FROM newest AS n
JOIN posts AS p ON p.id = n.id
ORDER BY p.published_at DESC, p.id DESC;

-- ListOwn pages through an author's posts and drafts, last begun first, from before a place. One line of each is shown.
-- name: ListOwn :many
WITH newest AS MATERIALIZED (
    SELECT p.id
    FROM posts AS p
    WHERE p.author_id = @author_id
        AND p.deleted_at IS NULL
        AND (p.created_at, p.id) < (@before_time::timestamptz, @before_id::uuid)
    ORDER BY p.created_at DESC, p.id DESC
    LIMIT 21
)
SELECT
    p.id, p.slug, p.title, p.words, p.version, p.created_at, p.updated_at, p.published_at, p.publish_at, p.pinned_at,
    p.page, p.tags
FROM newest AS n
JOIN posts AS p ON p.id = n.id
ORDER BY p.created_at DESC, p.id DESC;

-- ListDeleted pages through an author's deleted posts, last deleted first, from before a place.
-- name: ListDeleted :many
SELECT p.id, p.title, p.published_at, p.deleted_at
FROM posts AS p
WHERE p.author_id = @author_id
    AND p.deleted_at IS NOT NULL
    AND (p.deleted_at, p.id) < (@before_time::timestamptz, @before_id::uuid)
ORDER BY p.deleted_at DESC, p.id DESC
LIMIT 21;

-- AuthorNamed finds an author by username.
-- name: AuthorNamed :one
SELECT id, username, display_name, about
FROM users
WHERE username = @username AND deleted_at IS NULL;

-- ImportPost adds a post of another time with its first version; none is added when its id or slug is taken.
-- name: ImportPost :execrows
WITH made AS (
    INSERT INTO posts (
        id, author_id, slug, title, body, excerpt, words, html, plain, outline, links, renderer, language,
        created_at, updated_at, published_at
    )
    SELECT
        @id, @author_id, sqlc.narg(slug), @title, @body, @excerpt, @words, @html, @plain, @outline, @links, @renderer,
        @language, @written_at, @written_at, sqlc.narg(published_at)
    WHERE NOT EXISTS (
        SELECT FROM permalinks AS l
        WHERE l.author_id = @author_id AND l.slug = sqlc.narg(slug)
    )
    ON CONFLICT DO NOTHING
    RETURNING id, author_id, version, title, body, words, created_at
)
INSERT INTO versions (
    post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base, created_at
)
SELECT
    id, author_id, version, 'saved', title, body, words, sha256(convert_to(title || E'\n' || body, 'UTF8')),
    gen_random_uuid(), 0, 0, 0, created_at
FROM made;

-- KnownPosts finds which of these ids posts have, deleted ones too.
-- name: KnownPosts :many
SELECT id
FROM posts
WHERE id = ANY (@ids::uuid[])
ORDER BY id
LIMIT @most;
