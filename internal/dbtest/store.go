package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"miniblog/db"
)

// Store returns an empty, migrated database of the test's own. It is a copy of a
// template that is migrated once for all tests, and dropped when the test ends.
func Store(t testing.TB) *db.Store {
	t.Helper()
	dsn := Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	admin(t, dsn, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", name, template(t, dsn)))
	t.Cleanup(func() { admin(t, dsn, "DROP DATABASE "+name+" WITH (FORCE)") })
	return open(t, dsn(name))
}

// Empty returns the DSN of a database of the test's own that was never migrated.
func Empty(t testing.TB) (dsn string) {
	t.Helper()
	server := Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	admin(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { admin(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return server(name)
}

func open(t testing.TB, dsn string) *db.Store {
	t.Helper()
	store, err := db.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// template returns the name of a migrated database, named for its migrations so
// that a changed one gets a template of its own.
func template(t testing.TB, dsn func(string) string) string {
	t.Helper()
	name := "template_" + migrationsHash(t)
	ctx := t.Context()
	connection := connect(t, dsn("postgres"))
	defer connection.Close(ctx) // and with it the lock, or tests would run one by one
	// One test process migrates while the others wait.
	if _, err := connection.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		t.Fatal(err)
	}
	var exists bool
	err := connection.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		t.Fatal(err)
	}
	if !exists {
		makeTemplate(t, dsn, name)
	}
	return name
}

// makeTemplate migrates under another name first: a killed test must not leave
// half a template behind.
func makeTemplate(t testing.TB, dsn func(string) string, name string) {
	t.Helper()
	draft := name + "_draft"
	admin(t, dsn, "DROP DATABASE IF EXISTS "+draft+" WITH (FORCE)")
	admin(t, dsn, "CREATE DATABASE "+draft)
	store, err := db.Open(dsn(draft))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	store.Close()
	admin(t, dsn, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", draft, name))
}

func migrationsHash(t testing.TB) string {
	t.Helper()
	hash := sha256.New()
	root := os.DirFS(moduleRoot(t) + "/db/migrations")
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, path)
		fmt.Fprintln(hash, path)
		hash.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

func admin(t testing.TB, dsn func(string) string, statement string) {
	t.Helper()
	// Not the test's own context: clean-up runs after that has ended.
	if _, err := connect(t, dsn("postgres")).Exec(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close(context.Background()) })
	return connection
}
