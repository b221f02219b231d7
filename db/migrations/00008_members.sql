-- +goose Up

-- What people tell of themselves, and where their account stands. A disabled account
-- cannot log in. A deleted one is gone for everybody at once and removed after 30 days,
-- with its posts, which bear the same deleted_at; who deleted it can bring it back. A
-- session begins only with the password that was checked: each new one has the next number.
ALTER TABLE users
    ADD COLUMN display_name text NOT NULL DEFAULT '',
    ADD COLUMN about text NOT NULL DEFAULT '',
    ADD COLUMN email_confirmed_at timestamptz,
    ADD COLUMN password_number integer NOT NULL DEFAULT 1,
    ADD COLUMN brought boolean NOT NULL DEFAULT false,
    ADD COLUMN seen_at timestamptz,
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN deleted_by uuid,
    ADD CONSTRAINT users_display_name_length CHECK (char_length(display_name) <= 60),
    ADD CONSTRAINT users_about_length CHECK (char_length(about) <= 500),
    ADD CONSTRAINT users_confirmed_has_email CHECK (email_confirmed_at IS NULL OR email IS NOT NULL),
    ADD CONSTRAINT users_deleted_by_somebody CHECK ((deleted_at IS NULL) = (deleted_by IS NULL)),
    DROP CONSTRAINT users_email_key;

-- Addresses were each one account's so far, and taken at their word.
UPDATE users SET email_confirmed_at = now() WHERE email IS NOT NULL;

-- Anybody may name an address, so that signing up tells nobody who has an account; it is
-- the account's that has shown to read what is sent there.
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE email_confirmed_at IS NOT NULL;
CREATE INDEX users_email ON users (email, email_confirmed_at, created_at, id);

-- For what removes them, and for the last owner.
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_owners ON users (id) WHERE role = 'owner';

-- What the owner has set in the browser; NULL is what the environment says.
CREATE TABLE settings (
    id boolean PRIMARY KEY DEFAULT true,
    signup text,
    CONSTRAINT settings_one_row CHECK (id),
    CONSTRAINT settings_signup_known CHECK (signup IN ('open', 'invite', 'closed'))
);
INSERT INTO settings DEFAULT VALUES;

-- Links with which so many may join until then. The link holds 32 random bytes, the
-- table only their SHA-256.
CREATE TABLE invitations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_hash bytea NOT NULL,
    uses integer NOT NULL,
    used integer NOT NULL DEFAULT 0,
    -- Who made it; nobody for the command line.
    created_by uuid REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_token_hash_length CHECK (length(token_hash) = 32),
    CONSTRAINT invitations_used_counts CHECK (used BETWEEN 0 AND uses)
);
CREATE INDEX invitations_created ON invitations (created_at DESC, id DESC);
CREATE INDEX invitations_creator ON invitations (created_by);
CREATE INDEX invitations_expire ON invitations (expires_at);

-- create_user is how every account comes to be. A visitor joins as the mode of signing up
-- lets them: the one that the owner has set, else unless_set; by invitation, one of its
-- uses is used up. An operator may always add one, and bring those of another blog
-- (import). Of those that were not brought the first is the owner. It returns the role.
-- +goose StatementBegin
CREATE FUNCTION create_user(
    new_id uuid, new_username text, new_email text, new_password_hash text, new_role text,
    made_by text, unless_set text, invitation bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mode text;
    given_role text := new_role;
BEGIN
    IF made_by = 'visitor' THEN
        given_role := 'author';
        -- Locked, so that who joins while the mode changes joins before or not at all.
        SELECT coalesce(signup, unless_set) INTO STRICT mode FROM settings FOR SHARE;
        IF mode = 'invite' THEN
            UPDATE invitations
            SET used = used + 1
            WHERE token_hash = invitation AND used < uses AND expires_at > now() AND revoked_at IS NULL;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no live invitation' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_invited';
            END IF;
        ELSIF mode IS DISTINCT FROM 'open' THEN
            RAISE EXCEPTION 'signing up is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_signup_open';
        END IF;
    ELSIF made_by NOT IN ('operator', 'import') THEN
        RAISE EXCEPTION 'nobody makes accounts as %', made_by;
    END IF;
    IF made_by <> 'import' AND NOT EXISTS (SELECT FROM users WHERE NOT brought) THEN
        -- Of two first ones at once the second waits, and looks again.
        PERFORM pg_advisory_xact_lock(hashtext('miniblog first owner'));
        IF NOT EXISTS (SELECT FROM users WHERE NOT brought) THEN
            given_role := 'owner';
        END IF;
    END IF;
    PERFORM set_config('miniblog.creates', new_id::text, true);
    INSERT INTO users (id, username, email, email_confirmed_at, password_hash, role, brought)
    VALUES (
        new_id, new_username, new_email, CASE WHEN made_by <> 'visitor' AND new_email IS NOT NULL THEN now() END,
        new_password_hash, given_role, made_by = 'import'
    );
    RETURN given_role;
END
$$;

CREATE FUNCTION refuse_uncreated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('miniblog.creates', true) IS DISTINCT FROM NEW.id::text THEN
        RAISE EXCEPTION 'an account is made by create_user alone' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_created';
    END IF;
    RETURN NEW;
END
$$;

-- What an account that was deleted meanwhile still publishes or brings back would be seen.
CREATE FUNCTION refuse_deleted_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_at IS NULL THEN
        PERFORM FROM users WHERE id = NEW.author_id AND deleted_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'its author was deleted' USING ERRCODE = 'check_violation', CONSTRAINT = 'posts_author_lives';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER users_created BEFORE INSERT ON users
FOR EACH ROW EXECUTE FUNCTION refuse_uncreated();

CREATE TRIGGER posts_author_lives BEFORE INSERT OR UPDATE OF published_at, deleted_at ON posts
FOR EACH ROW EXECUTE FUNCTION refuse_deleted_author();
