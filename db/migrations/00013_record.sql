-- +goose Up

-- What is tried over and over is counted by the throttle before it is written down, so
-- the record need not look for it.
DROP INDEX events_repeated;

-- A further kind of mail: words to an address that an account is about to leave.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_known,
    ADD CONSTRAINT outbox_kind_known CHECK (kind IN ('confirm', 'deleted', 'leaving', 'link', 'moved', 'notice', 'test'));
