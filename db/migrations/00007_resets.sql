-- +goose Up

-- Links to set a password, one an account: a new one takes the place of the last. The link
-- holds 32 random bytes, the table only their SHA-256: a copy of the table opens no account.
CREATE TABLE resets (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT resets_token_hash_key UNIQUE (token_hash),
    CONSTRAINT resets_token_hash_length CHECK (length(token_hash) = 32)
);

-- Mail that waits to be sent and, for 30 days, what became of it. No row holds a secret: the
-- token of a link is made as its mail is sent. The answer is the mail server's last, in its words.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    -- What was typed at /forgot, folded, until it is found out whose it is: for anybody one row is written.
    asked text,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    recipient text,
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    answer text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When it is tried next. While it is being sent this is ahead, so nobody else takes it.
    due_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_kind_known CHECK (kind IN ('link', 'notice')),
    CONSTRAINT outbox_state_known CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT outbox_is_for_somebody CHECK (asked IS NOT NULL OR user_id IS NOT NULL)
);

CREATE INDEX outbox_due ON outbox (due_at, id)
WHERE state = 'waiting';
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_user ON outbox (user_id);
