-- +goose Up

-- What happened to accounts, for 90 days: rows are only added, and removed when they are
-- that old. Names are kept as they were, for an account that is removed leaves its record.
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    -- Whom it concerns; nobody when a name was tried that no account has.
    user_id uuid,
    username text NOT NULL DEFAULT '',
    -- Who did it, when that was somebody else: an owner, or the command line.
    actor text NOT NULL DEFAULT '',
    browser text NOT NULL DEFAULT '',
    address inet,
    detail text NOT NULL DEFAULT '',
    CONSTRAINT events_kind_form CHECK (kind ~ '^[a-z-]{1,40}$'),
    CONSTRAINT events_are_short CHECK (
        char_length(username) <= 32 AND char_length(actor) <= 32 AND char_length(browser) <= 100 AND char_length(detail) <= 300
    )
);
CREATE INDEX events_user ON events (user_id, id DESC);
CREATE INDEX events_created ON events (created_at);
-- For what is written down once in ten minutes only, however often it is tried.
CREATE INDEX events_repeated ON events (address, created_at DESC)
WHERE kind IN ('login-refused', 'login-throttled');

-- +goose StatementBegin
CREATE FUNCTION refuse_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.created_at <= now() - interval '90 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the record is only added to';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON events
FOR EACH ROW EXECUTE FUNCTION refuse_forgetting();
CREATE TRIGGER events_stay_together BEFORE TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_forgetting();
