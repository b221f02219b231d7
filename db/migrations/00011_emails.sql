-- +goose Up

-- Links that show that an address is read by whose account names it, one an account: a
-- new one takes the place of the last. The token is made as its mail is sent.
CREATE TABLE confirmations (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    email text NOT NULL,
    token_hash bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    CONSTRAINT confirmations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT confirmations_token_hash_length CHECK (length(token_hash) = 32),
    CONSTRAINT confirmations_email_form CHECK (email = lower(email) AND email LIKE '%_@_%' AND length(email) <= 254)
);
CREATE INDEX confirmations_expire ON confirmations (expires_at);

-- For how many were sent to an address lately.
CREATE INDEX outbox_recipient ON outbox (recipient, created_at);

-- Further kinds of mail: a link to confirm an address, words to an address that an account
-- has left (moved), words to who has deleted their account, and the owner's test. The
-- first two name their recipient from the beginning.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_known,
    ADD CONSTRAINT outbox_kind_known CHECK (kind IN ('confirm', 'deleted', 'link', 'moved', 'notice', 'test'));
