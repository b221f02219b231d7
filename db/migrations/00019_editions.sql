-- +goose Up

-- All at once, as whoever writes while this runs may take them in another order.
LOCK TABLE users, posts, settings IN SHARE ROW EXCLUSIVE MODE;

-- The edition of the blog that readers see: every change of what they see makes another, in
-- the same transaction, and says so on the channel "edition". What was made of one edition
-- can be kept for as long as it is the newest.
CREATE TABLE editions (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint NOT NULL
);
INSERT INTO editions (number) VALUES (1);

-- +goose StatementBegin
CREATE FUNCTION make_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
BEGIN
    IF current_setting('miniblog.edition_of', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('miniblog.edition_of', pg_current_xact_id()::text, true);
    UPDATE editions SET number = number + 1 RETURNING number INTO made;
    PERFORM pg_notify('edition', made::text);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- As the last thing a transaction does, so that those who publish at one time wait for each
-- other's commits and for nothing else. What writes down what was there already is no change.
CREATE CONSTRAINT TRIGGER posts_make_edition_by_insert AFTER INSERT ON posts
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION make_edition();
CREATE CONSTRAINT TRIGGER posts_make_edition_by_update AFTER UPDATE ON posts
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN ((OLD.published_at IS NOT NULL OR NEW.published_at IS NOT NULL) AND OLD.* IS DISTINCT FROM NEW.*)
EXECUTE FUNCTION make_edition();
CREATE CONSTRAINT TRIGGER posts_make_edition_by_delete AFTER DELETE ON posts
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION make_edition();
CREATE CONSTRAINT TRIGGER users_make_edition_by_update
AFTER UPDATE OF username, display_name, about, role, disabled_at, deleted_at ON users
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.username, OLD.display_name, OLD.about, OLD.role, OLD.disabled_at, OLD.deleted_at)
    IS DISTINCT FROM (NEW.username, NEW.display_name, NEW.about, NEW.role, NEW.disabled_at, NEW.deleted_at)
) EXECUTE FUNCTION make_edition();
CREATE CONSTRAINT TRIGGER users_make_edition_by_delete AFTER DELETE ON users
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION make_edition();
CREATE CONSTRAINT TRIGGER settings_make_edition AFTER UPDATE ON settings
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION make_edition();
