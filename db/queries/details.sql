-- SetDetails keeps what an author sets of a post beside its text. Pinned once, it stays in its place among the pinned.
-- name: SetDetails :exec
UPDATE posts
SET
    publish_at = sqlc.narg(publish_at),
    pinned_at = CASE WHEN @pinned::boolean THEN coalesce(pinned_at, now()) END,
    page = @page,
    shows_changes = @shows_changes
WHERE id = @id;

-- Schedule keeps with a draft what is made of its text for readers, and its slug: breaks posts_slug_key when another of the
-- author's posts has it or had it.
-- name: Schedule :exec
UPDATE posts
SET
    publish_at = @publish_at::timestamptz,
    slug = @slug::text,
    html = @html,
    plain = @plain,
    outline = @outline,
    links = @links,
    renderer = @renderer,
    language = @language
WHERE id = @id AND published_at IS NULL;
