-- +goose Up

-- The page of one's own deleted posts, last deleted first.
CREATE INDEX posts_author_deleted ON posts (author_id, deleted_at DESC, id DESC)
WHERE deleted_at IS NOT NULL;
