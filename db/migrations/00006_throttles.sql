-- +goose Up

-- How often something was tried: failed log-ins and sign-ups. A row counts for a
-- bucket, a number that is cut from a hash of a name, an address or a device: there
-- are a million of each kind, so however many names a stranger tries the table stays
-- small, and nobody can read from it which those were. What throttles last until
-- throttled_until; nothing counts a day after that.
CREATE TABLE throttles (
    kind text NOT NULL,
    bucket integer NOT NULL,
    count integer NOT NULL,
    throttled_until timestamptz NOT NULL,
    CONSTRAINT throttles_pkey PRIMARY KEY (kind, bucket),
    CONSTRAINT throttles_bucket_bounded CHECK (bucket BETWEEN 0 AND 1048575),
    CONSTRAINT throttles_count_counts CHECK (count >= 0)
);

-- For what forgets them.
CREATE INDEX throttles_until ON throttles (throttled_until);

-- Browsers that have logged in, by the SHA-256 of the 32 random bytes in their cookie:
-- one row an account that did so there. It opens nothing; log-ins from such a browser
-- are only counted apart from those of strangers.
CREATE TABLE devices (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT devices_pkey PRIMARY KEY (token_hash, user_id),
    CONSTRAINT devices_token_hash_length CHECK (length(token_hash) = 32)
);

-- An account's newest, and what forgets the oldest.
CREATE INDEX devices_user ON devices (user_id, seen_at DESC, token_hash);
CREATE INDEX devices_seen ON devices (seen_at);
