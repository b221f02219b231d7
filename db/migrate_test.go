package db_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

func TestAnEmptyDatabaseIsMigratedStepByStep(t *testing.T) {
	t.Parallel()
	store := open(t, dbtest.Empty(t))
	if err := store.Ready(t.Context()); !errors.Is(err, db.ErrPending) {
		t.Errorf("Ready before = %v, want ErrPending", err)
	}
	if steps := migrations(t, store); slices.ContainsFunc(steps, applied) {
		t.Errorf("an empty database has steps: %v", steps)
	}
	if taken := migrate(t, store); !slices.Equal(taken, stepFiles(t)) {
		t.Errorf("took %v, want %v", taken, stepFiles(t))
	}
	if err := store.Ready(t.Context()); err != nil {
		t.Errorf("Ready after = %v", err)
	}
	if steps := migrations(t, store); !slices.Equal(names(steps), stepFiles(t)) || !allApplied(steps) {
		t.Errorf("the steps are %v", steps)
	}
	if taken := migrate(t, store); len(taken) != 0 {
		t.Errorf("a second time took %v", taken)
	}
}

func TestTwoProgramsMigrateOneDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	dsn := dbtest.Empty(t)
	type outcome struct {
		taken []string
		err   error
	}
	outcomes := make(chan outcome)
	for range 2 {
		store := open(t, dsn)
		go func() {
			taken, err := store.Migrate(t.Context())
			outcomes <- outcome{taken, err}
		}()
	}
	var taken []string
	for range 2 {
		one := <-outcomes
		if one.err != nil {
			t.Error(one.err)
		}
		taken = append(taken, one.taken...)
	}
	if !slices.Equal(taken, stepFiles(t)) {
		t.Errorf("together they took %v, want each of %v once", taken, stepFiles(t))
	}
}

func TestAnOlderSchemaIsPendingUntilItIsMigrated(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	goBack(t, store)
	err := store.Ready(t.Context())
	if !errors.Is(err, db.ErrPending) || !strings.Contains(err.Error(), "miniblog migrate up") {
		t.Errorf("Ready = %v, want ErrPending with the command that mends it", err)
	}
	if steps := migrations(t, store); allApplied(steps) || !steps[0].Applied {
		t.Errorf("the steps are %v", steps)
	}
	if taken := migrate(t, store); !slices.Equal(taken, stepFiles(t)[2:]) {
		t.Errorf("took %v, want %v", taken, stepFiles(t)[2:])
	}
}

func TestANewerSchemaIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.Exec(t, store, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
	taken, migrateErr := store.Migrate(t.Context())
	for _, err := range []error{migrateErr, store.Ready(t.Context())} {
		if !errors.Is(err, db.ErrNewerSchema) || !strings.Contains(err.Error(), "run a newer miniblog") || !strings.Contains(err.Error(), "999") {
			t.Errorf("got %v, want ErrNewerSchema with what to do", err)
		}
	}
	if len(taken) != 0 || !allApplied(migrations(t, store)) {
		t.Errorf("took %v; the steps are %v", taken, migrations(t, store))
	}
}

// An interrupted restore can leave goose's table without a row.
func TestAVersionTableWithoutRowsIsAnEmptySchema(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.Exec(t, store, "TRUNCATE goose_db_version")
	if err := store.Ready(t.Context()); !errors.Is(err, db.ErrPending) {
		t.Errorf("Ready = %v, want ErrPending", err)
	}
}

// Addresses were each one account's, and taken at their word: so they stay.
func TestTheAddressesOfAnOlderSchemaCountAsConfirmed(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "ada")
	dbtest.User(t, store, "bob")
	dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org' WHERE username = 'ada'")
	goBack(t, store)
	migrate(t, store)
	got := dbtest.One[[]string](t, store, "SELECT array_agg(concat_ws(' ', username, email, email_confirmed_at IS NOT NULL, role) ORDER BY username) FROM users")
	if want := []string{"ada ada@example.org t author", "bob f author"}; !slices.Equal(got, want) {
		t.Errorf("they are %v, want %v", got, want)
	}
}

// A blog from before versions gets the text that each post has as its first one.
func TestThePostsOfAnOlderSchemaGetTheirVersions(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	post := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = "Tides 🎉", "One\n\ttwo" })
	dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Draft = "", true })
	dbtest.Exec(t, store, "UPDATE posts SET version = 5, updated_at = now() - interval '1 day' WHERE id = $1", post.ID)
	goBack(t, store)
	migrate(t, store)
	if same := dbtest.One[int](t, store, `
		SELECT count(*)
		FROM posts AS p
		JOIN versions AS v ON v.post_id = p.id
		WHERE (v.number, v.kind, v.title, v.body, v.words, v.created_at)
			= (p.version, 'saved', p.title, p.body, p.words, p.updated_at)`); same != 2 {
		t.Errorf("%d posts of 2 have their text as a version", same)
	}
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM versions"); count != 2 {
		t.Errorf("%d versions, want 2", count)
	}
	kept := dbtest.One[[]byte](t, store, "SELECT sha256 FROM versions WHERE post_id = $1", post.ID)
	if want := sha256.Sum256([]byte("Tides 🎉\nOne\n\ttwo")); !bytes.Equal(kept, want[:]) {
		t.Errorf("its SHA-256 is %x, want %x", kept, want)
	}
}

// Of texts from before it is known that the saved ones followed each other, and what was
// merged into them; what the others began from is not.
func TestTheVersionsOfAnOlderSchemaClaimNoOriginThatIsNotKnown(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	post := dbtest.Post(t, store, dbtest.User(t, store, "ada"))
	for n, kind := range []string{"autosaved", "saved", "merged", "saved", "autosaved"} { // numbered from 2
		dbtest.Exec(t, store, `INSERT INTO versions
				(post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base)
			VALUES ($1, $2, $3, $4, '', '', 0, sha256(convert_to(E'\n', 'UTF8')), gen_random_uuid(), 0, 0, 0)`, post.ID, post.AuthorID, n+2, kind)
	}
	for _, undo := range []string{
		"DELETE FROM goose_db_version WHERE version_id > 3",
		`ALTER TABLE versions
			DROP COLUMN author_id, DROP COLUMN sitting, DROP COLUMN turn, DROP COLUMN base, DROP COLUMN other_base`,
		"DROP INDEX versions_autosaved",
		"DROP INDEX posts_author_deleted",
		"DROP TABLE throttles, devices, resets, outbox",
	} {
		dbtest.Exec(t, store, undo)
	}
	forgetReading(t, store)
	dbtest.Exec(t, store, "ALTER TABLE versions DROP COLUMN tags")
	forgetMembers(t, store)
	migrate(t, store)
	got := dbtest.One[[]string](t, store, "SELECT array_agg(concat_ws(' ', number, base, other_base) ORDER BY number) FROM versions")
	if want := []string{"1 0 0", "2 0 0", "3 1 0", "4 0 0", "5 3 4", "6 0 0"}; !slices.Equal(got, want) {
		t.Errorf("each version, its base and its other: %v, want %v", got, want)
	}
	if sittings := dbtest.One[int](t, store, "SELECT count(DISTINCT sitting) FROM versions"); sittings != 6 {
		t.Errorf("%d sittings", sittings)
	}
}

// goBack makes the schema that of the second step, before there were versions.
func goBack(t *testing.T, store *db.Store) {
	t.Helper()
	forgetReading(t, store)
	for _, undo := range []string{
		"DELETE FROM goose_db_version WHERE version_id > 2",
		"DROP TABLE versions, throttles, devices",
		"DROP FUNCTION refuse_change",
		"DROP INDEX posts_author_deleted",
		"DROP TABLE resets, outbox",
	} {
		dbtest.Exec(t, store, undo)
	}
	forgetMembers(t, store)
}

// forgetReading undoes what the sixteenth step and those after it have made; most indexes go with their columns.
func forgetReading(t *testing.T, store *db.Store) {
	t.Helper()
	for _, undo := range []string{
		"DROP TABLE editions",
		"DROP FUNCTION make_edition CASCADE",
		"DROP EXTENSION pg_trgm CASCADE",
		"DROP FUNCTION forgive_typing",
		"DROP INDEX posts_found",
		"DROP TABLE usernames, permalinks, tagged",
		"DROP FUNCTION keep_username, keep_permalink, keep_tagged, make_findable, forget_reading CASCADE",
		"ALTER TABLE users DROP COLUMN time_zone",
		`ALTER TABLE posts DROP COLUMN tags, DROP COLUMN tag_slugs, DROP COLUMN html, DROP COLUMN plain, DROP COLUMN outline,
			DROP COLUMN links, DROP COLUMN renderer, DROP COLUMN language, DROP COLUMN heading, DROP COLUMN document,
			DROP COLUMN publish_at, DROP COLUMN pinned_at, DROP COLUMN page, DROP COLUMN shows_changes`,
		"DROP INDEX posts_author_drafts",
		"CREATE INDEX posts_published ON posts (published_at DESC, id DESC) WHERE deleted_at IS NULL AND published_at IS NOT NULL",
		"CREATE INDEX posts_author_published ON posts (author_id, published_at DESC, id DESC) WHERE deleted_at IS NULL AND published_at IS NOT NULL",
	} {
		dbtest.Exec(t, store, undo)
	}
}

// forgetMembers undoes what the eighth step and those after it have made.
func forgetMembers(t *testing.T, store *db.Store) {
	t.Helper()
	for _, undo := range []string{
		"DROP TABLE settings, invitations, events, confirmations",
		"DROP FUNCTION create_user, refuse_uncreated, refuse_deleted_author, refuse_forgetting, take_turns, give_back CASCADE",
		`ALTER TABLE users DROP COLUMN display_name, DROP COLUMN about, DROP COLUMN email_confirmed_at, DROP COLUMN password_number,
			DROP COLUMN brought, DROP COLUMN seen_at, DROP COLUMN disabled_at, DROP COLUMN deleted_at, DROP COLUMN deleted_by, DROP COLUMN email_named_at,
			ADD CONSTRAINT users_email_key UNIQUE (email)`,
		"DROP INDEX users_owners",
		"ALTER TABLE sessions DROP COLUMN id, DROP COLUMN browser, DROP COLUMN address, DROP COLUMN proven_at",
		"CREATE INDEX sessions_user ON sessions (user_id)",
	} {
		dbtest.Exec(t, store, undo)
	}
}

func open(t *testing.T, dsn string) *db.Store {
	t.Helper()
	store, err := db.Open(dsn)
	noError(t, err)
	t.Cleanup(store.Close)
	return store
}

func migrate(t *testing.T, store *db.Store) []string {
	t.Helper()
	taken, err := store.Migrate(t.Context())
	noError(t, err)
	return taken
}

func migrations(t *testing.T, store *db.Store) []db.Migration {
	t.Helper()
	steps, err := store.Migrations(t.Context())
	noError(t, err)
	return steps
}

// stepFiles are the names of the migrations in the checkout, oldest first.
func stepFiles(t *testing.T) (files []string) {
	t.Helper()
	entries, err := os.ReadDir("migrations")
	noError(t, err)
	for _, entry := range entries {
		files = append(files, entry.Name())
	}
	return files
}

func names(steps []db.Migration) (all []string) {
	for _, step := range steps {
		all = append(all, step.Name)
	}
	return all
}

func applied(step db.Migration) bool { return step.Applied }

func allApplied(steps []db.Migration) bool {
	return !slices.ContainsFunc(steps, func(step db.Migration) bool { return !step.Applied })
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
