-- +goose Up

-- A further kind of mail: words to an account whose username was changed.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_known,
    ADD CONSTRAINT outbox_kind_known CHECK (kind IN ('confirm', 'deleted', 'leaving', 'link', 'moved', 'notice', 'renamed', 'test'));
