package flask_test

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/flask"
	"miniblog/internal/password"
)

// hash is of dbtest.Password, made by a real werkzeug: see internal/password/testdata.
const hash = "scrypt:1024:8:2$IO6aag88pSUP4F6C$154962d6a8d54e3eef4bcbc6e00fd50ae40f68016fb4a44bb286f84762fb0b8158bd2bffdfeb9424e754b16147db74b8bdfe1ada051e49c38b9f34c19387d336"

// tutorial is the schema of the tutorial.
const tutorial = `
	CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL, password TEXT NOT NULL);
	CREATE TABLE posts (
		id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, content TEXT NOT NULL, author TEXT,
		created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
	)`

// file makes an SQLite file of statements; a ? in one stands for hash.
func file(t testing.TB, statements ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "users #1?.db") // a name that a URL would misread
	made, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
	noError(t, err)
	for _, statement := range statements {
		var arguments []any
		for range strings.Count(statement, "?") {
			arguments = append(arguments, hash)
		}
		if _, err := made.Exec(statement, arguments...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	noError(t, made.Close())
	return path
}

func open(t testing.TB, path string) *flask.File {
	t.Helper()
	opened, err := flask.Open(t.Context(), path)
	noError(t, err)
	t.Cleanup(func() { noError(t, opened.Close()) })
	return opened
}

// plan is what an import of the file would do, as lines.
func plan(t testing.TB, store *db.Store, path string, rename map[string]string) []string {
	t.Helper()
	report, err := open(t, path).Plan(t.Context(), store.Queries, rename)
	noError(t, err)
	return lines(report)
}

// apply imports the file.
func apply(t testing.TB, store *db.Store, path string, rename map[string]string) []string {
	t.Helper()
	report, err := open(t, path).Apply(t.Context(), store, rename)
	noError(t, err)
	return lines(report)
}

func lines(report *flask.Report) (all []string) {
	rows, _ := report.Rows()
	for _, row := range rows {
		line := row.What + " " + row.Name + ": " + row.Fate.String()
		if row.Note != "" {
			line += ", " + row.Note
		}
		all = append(all, line)
	}
	return all
}

func wants(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("it says\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// kept is every row of the blog, with the transaction that wrote it.
func kept(t testing.TB, store *db.Store) string {
	t.Helper()
	return dbtest.One[string](t, store, `
		SELECT coalesce(string_agg(row, E'\n' ORDER BY row), '') FROM (
			SELECT concat_ws('|', 'user', xmin, u) FROM users AS u
			UNION ALL SELECT concat_ws('|', 'post', xmin, p) FROM posts AS p
			UNION ALL SELECT concat_ws('|', 'version', xmin, v) FROM versions AS v
		) AS rows (row)`)
}

// accounts are those of a store.
func accounts(store *db.Store) *account.Accounts {
	return account.New(store, password.New(0, time.Minute), account.Rules{Signup: account.SignupOpen, PasswordMin: 8})
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	noError(t, os.WriteFile(path, []byte(text), 0o600))
}
