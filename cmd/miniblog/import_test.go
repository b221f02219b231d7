package main_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"miniblog/internal/dbtest"
)

// flaskHash is of dbtest.Password, made by a real werkzeug: see internal/password/testdata.
const flaskHash = "scrypt:1024:8:2$IO6aag88pSUP4F6C$154962d6a8d54e3eef4bcbc6e00fd50ae40f68016fb4a44bb286f84762fb0b8158bd2bffdfeb9424e754b16147db74b8bdfe1ada051e49c38b9f34c19387d336"

// flaskFile is the file of a Flask blog in which ada has written.
func flaskFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "users.db")
	made, err := sql.Open("sqlite", "file:"+path)
	noError(t, err)
	defer made.Close()
	_, err = made.Exec(`
		CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL, password TEXT NOT NULL);
		CREATE TABLE posts (title TEXT, content TEXT, author TEXT, created TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
		INSERT INTO users (username, password) VALUES ('ada', ?1), ('bob', ?1), ('Ada L.', ?1), ('eve', 'plain');
		INSERT INTO posts VALUES ('Hello, Flask', 'World', 'ada', '2021-05-06 07:08:09')`, flaskHash)
	noError(t, err)
	return path
}

func TestABlogIsBroughtFromFlaskWithItsPasswords(t *testing.T) {
	t.Parallel()
	env, file := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": "127.0.0.1:0"}, flaskFile(t)
	p := start(t, env)
	add(t, env, "bob")
	planned := run(t, env, "", "import", "flask", file).wants(t, 0)
	p.answers("/@ada/hello-flask", 404)
	applied := run(t, env, "", "import", "flask", file, "--apply", "--rename", "Ada L.=lovelace").wants(t, 0)
	again := run(t, env, "", "import", "flask", file, "--apply").wants(t, 0)
	for _, c := range []struct {
		of    outcome
		lines []string
	}{
		{planned, []string{
			"Dry run: this is what --apply would do.", "account ada: imported", "account bob: name clash (an account here is named bob)",
			`account "Ada L.": name not possible (A username`, "account eve: hash not known (its password is plain text",
			`post 1 "Hello, Flask": imported`, "4 accounts: 1 imported, 1 name clash, 1 hash not known, 1 name not possible", "1 post: 1 imported",
			"Another name: --rename OLD=NEW", "Another password: ", "Nothing was written.",
		}},
		{applied, []string{`account "Ada L.": imported (as lovelace)`, "4 accounts: 2 imported, ", "Done: "}},
		{again, []string{"account ada: already imported", `account "Ada L.": already imported (as lovelace)`, "There is nothing to import."}},
	} {
		for _, line := range c.lines {
			if !strings.Contains("\n"+c.of.out, "\n"+line) || c.of.errors != "" {
				t.Errorf("%q is not in\n%s%s", line, c.of.out, c.of.errors)
			}
		}
	}
	for range 2 { // by the old hash, then by the new one
		p.login("ada")
	}
	p.login("lovelace")
	p.answers("/@ada/hello-flask", 200)
}

func TestADryRunMakesNoDatabaseAndApplyDoes(t *testing.T) {
	t.Parallel()
	env, file := settings{"MINIBLOG_DATA_DIR": freshDir(t)}, flaskFile(t)
	run(t, env, "", "import", "flask", file).wants(t, 0)
	if _, err := os.Stat(env["MINIBLOG_DATA_DIR"]); !os.IsNotExist(err) {
		t.Errorf("the data directory: %v", err)
	}
	run(t, env, "", "import", "flask", file, "--apply").wants(t, 0)
	if got := run(t, env, "", "user", "list").wants(t, 0); !strings.Contains(got.out, "ada ") {
		t.Errorf("the list: %s", got.out)
	}
}

func TestAWrongFileIsOneLineAndStartsNothing(t *testing.T) {
	t.Parallel()
	env, text := settings{"MINIBLOG_DATA_DIR": freshDir(t)}, filepath.Join(t.TempDir(), "users.db")
	noError(t, os.WriteFile(text, []byte("not SQLite"), 0o600))
	for _, file := range []string{text, "/nonexistent", "/"} {
		wantsLines(t, run(t, env, "", "import", "flask", file, "--apply").wants(t, 1), 1)
	}
	wantsLines(t, run(t, env, "", "import", "flask", flaskFile(t), "--rename", "nobody=somebody").wants(t, 1), 1)
	for _, usage := range []string{"import flask", "import", "import flask a b", "import flask a --rename b"} {
		wantsLines(t, run(t, env, "", strings.Fields(usage)...).wants(t, 2), 1)
	}
	if _, err := os.Stat(env["MINIBLOG_DATA_DIR"]); !os.IsNotExist(err) {
		t.Errorf("the data directory: %v", err)
	}
}
