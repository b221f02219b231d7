package flask_test

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"miniblog/internal/dbtest"
	"miniblog/internal/flask"
)

func TestAFileThatIsNoneIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	within := func(name string) string { return filepath.Join(dir, name) }
	write(t, within("empty"), "")
	write(t, within("text"), "username,password\nada,secret\n")
	write(t, within("header"), "SQLite format 3\x00")
	write(t, within("zeros"), "SQLite format 3\x00"+strings.Repeat("\x00", 8192))
	noError(t, syscall.Mkfifo(within("pipe"), 0o600))
	noError(t, os.Symlink("loop", within("loop")))
	for name, words := range map[string]string{
		"missing":   "no such file",
		".":         "is not a file",
		"pipe":      "is not a file",
		"loop":      "cannot be read",
		"empty":     "is empty",
		"text":      "is not an SQLite file",
		"header":    "is not an SQLite file",
		"zeros":     "is not an SQLite file",
		"text/more": "cannot be read",
	} {
		wantsRefusal(t, within(name), words)
	}
}

// wantsRefusal asserts one line that names the file.
func wantsRefusal(t *testing.T, path string, words string) {
	t.Helper()
	opened, err := flask.Open(t.Context(), path)
	if err == nil {
		_, err = opened.Plan(t.Context(), nil, nil)
		noError(t, opened.Close())
	}
	if err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), filepath.Base(path)) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: it says %v, not %s", path, err, words)
	}
}

func TestATableThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	const people = "CREATE TABLE people (id INTEGER PRIMARY KEY, username TEXT, password TEXT)"
	for words, statements := range map[string][]string{
		"has no table of accounts":                        {people},
		"is a view, not a table":                          {people, "CREATE VIEW users AS SELECT * FROM people"},
		"is a virtual, not a table":                       {"CREATE VIRTUAL TABLE users USING fts5 (username, password)"},
		"users in %s has no column for the username":      {"CREATE TABLE users (id INTEGER PRIMARY KEY, password TEXT)"},
		"users in %s has no column for the password":      {"CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)"},
		"no column for the password (looked for password": {"CREATE TABLE users (username TEXT, password TEXT AS (hex(zeroblob(900000000))))"}, // computed
	} {
		path := file(t, statements...)
		wantsRefusal(t, path, strings.ReplaceAll(words, "%s", path))
	}
}

func TestAFileWithoutPostsSaysSoAndBringsTheAccounts(t *testing.T) {
	t.Parallel()
	for words, statement := range map[string]string{
		"has no table of posts":           "CREATE TABLE messages (id INTEGER, user_id INTEGER, body TEXT)", // private, maybe
		"is a view, not a table":          "CREATE VIEW posts AS SELECT 1 AS title, 2 AS body, 3 AS author",
		"has no column for the author":    "CREATE TABLE entries (id INTEGER PRIMARY KEY, title TEXT, text TEXT)",
		"posts: table Blog_Posts (id, ti": `CREATE TABLE "Blog_Posts" ("ID" INTEGER, "Title" TEXT, "Content" TEXT, "User_ID" INTEGER)`,
	} {
		path := file(t, tutorialUsers, ada, statement)
		opened := open(t, path)
		if found := strings.Join(opened.Found(), "\n"); !strings.Contains(strings.ToLower(found), strings.ToLower(words)) {
			t.Errorf("it says %s, not %s", found, words)
		}
		wants(t, plan(t, dbtest.Store(t), path, nil), "account ada: imported")
	}
}

const tutorialUsers = "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password TEXT)"

func TestTheFileAndItsPlaceAreLeftAsTheyAre(t *testing.T) {
	t.Parallel()
	path := file(t, tutorial, ada)
	before, err := os.ReadFile(path)
	noError(t, err)
	noError(t, os.Chmod(path, 0o400))
	noError(t, os.Chmod(filepath.Dir(path), 0o500))
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	wants(t, apply(t, dbtest.Store(t), path, nil), "account ada: imported")
	after, err := os.ReadFile(path)
	noError(t, err)
	beside, err := os.ReadDir(filepath.Dir(path))
	noError(t, err)
	if !bytes.Equal(before, after) || len(beside) != 1 {
		t.Errorf("it left %v", beside)
	}
}

func TestChangesThatLieBesideTheFileAreNotPassedOver(t *testing.T) {
	t.Parallel()
	path := file(t, tutorial, ada)
	wal := (&url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=journal_mode(wal)"}).String()
	writer, err := sql.Open("sqlite", wal)
	noError(t, err)
	_, err = writer.Exec("INSERT INTO users (username, password) VALUES ('bob', 'x')")
	noError(t, err)
	wantsRefusal(t, path, "-wal holds changes")
	noError(t, writer.Close()) // moves them into the file
	if got := plan(t, dbtest.Store(t), path, nil); len(got) != 2 {
		t.Errorf("it says %v", got)
	}
	write(t, path+"-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7rest")
	wantsRefusal(t, path, "-journal holds a change")
	write(t, path+"-journal", strings.Repeat("\x00", 512)) // journal_mode=PERSIST leaves one like that
	wants(t, plan(t, dbtest.Store(t), path, nil)[:1], "account ada: imported")
}

func TestAFileThatChangesMeanwhileIsNotImported(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, ada)
	opened := open(t, path)
	more, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
	noError(t, err)
	_, err = more.Exec("CREATE TABLE grown (x)")
	noError(t, err)
	noError(t, more.Close())
	if _, err := opened.Apply(t.Context(), store, nil); err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("it says %v", err)
	}
	if kept(t, store) != "" {
		t.Error("something was written")
	}
}

// Whatever bytes are damaged, the import ends with a report or with one plain line, and
// after an error nothing is written.
func TestADamagedFileIsReadOrRefusedAndNeverImportedByHalves(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	whole, err := os.ReadFile(file(t, tutorial, ada, `INSERT INTO posts (title, content, author)
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
		SELECT 'Post ' || n, hex(randomblob(3000)), 'ada' FROM n`))
	noError(t, err)
	path, refused := filepath.Join(t.TempDir(), "damaged.db"), 0
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		damaged := bytes.Clone(whole)
		for range 1 + random.IntN(20) {
			damaged[random.IntN(len(damaged))] = byte(random.Uint32())
		}
		if random.IntN(4) == 0 {
			damaged = damaged[:random.IntN(len(damaged))]
		}
		write(t, path, string(damaged))
		opened, err := flask.Open(t.Context(), path)
		if err == nil {
			_, err = opened.Plan(t.Context(), store.Queries, nil)
			noError(t, opened.Close())
		}
		if err == nil {
			continue
		}
		if refused++; strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path) {
			t.Errorf("it says %v", err)
		}
	}
	if refused == 0 {
		t.Error("no damage was noticed")
	}
	cut := bytes.Clone(whole)
	clear(cut[len(cut)/2:]) // the accounts and the first posts are whole
	write(t, path, string(cut))
	opened := open(t, path)
	if _, err := opened.Apply(t.Context(), store, nil); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("it says %v", err)
	}
	if kept(t, store) != "" {
		t.Error("half a file was imported")
	}
}

func TestWhatCannotBeReadOfAFileIsToldInWords(t *testing.T) {
	t.Parallel()
	path := file(t, tutorialUsers, ada, "ALTER TABLE users ADD COLUMN email TEXT DEFAULT (CAST('a@example.org' AS TEXT))")
	whole, err := os.ReadFile(path)
	noError(t, err)
	wantsRefusal(t, path, `cannot be read: not supported: the default of column "email" is no literal`)
	for words, wrong := range map[string]func(bytes []byte) []byte{
		"is not an SQLite file, or an encrypted one": func(bytes []byte) []byte { bytes[20] = 255; bytes[21] = 99; return bytes },
		"is damaged: try sqlite3":                    func(bytes []byte) []byte { return bytes[:len(bytes)-1] },
		"cannot be read: not supported: a schema of": func(bytes []byte) []byte { bytes[47] = 5; return bytes },
	} {
		write(t, path, string(wrong(bytes.Clone(whole))))
		wantsRefusal(t, path, words)
	}
	write(t, path, string(whole))
	opened := open(t, path)
	noError(t, os.Truncate(path, 4096))
	if _, err := opened.Plan(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "cannot be read to its end") {
		t.Errorf("it says %v", err)
	}
}

// The ids of what is imported are made of the rows' own: they must not become others from one version to the next.
func TestARowWithoutAnIDHasItsNumberForOneOrWhatSQLCallsSo(t *testing.T) {
	t.Parallel()
	for columns, want := range map[string]string{
		"title, body, author":                                       "post 7 Hello: imported",
		"title, body, author, RowID DEFAULT 'own'":                  "post own Hello: imported",
		"title PRIMARY KEY, body, author) WITHOUT ROWID; SELECT (1": "post Hello: imported",
	} {
		row := "INSERT INTO posts (rowid, title, body, author) VALUES (7, 'Hello', 'World', 'ada')"
		if strings.Contains(strings.ToLower(columns), "rowid") {
			row = "INSERT INTO posts (title, body, author) VALUES ('Hello', 'World', 'ada')"
		}
		wants(t, plan(t, dbtest.Store(t), file(t, tutorialUsers, ada, "CREATE TABLE posts ("+columns+")", row), nil), "account ada: imported", want)
	}
}

func TestALinkLeadsToTheFileAndToWhatLiesBesideIt(t *testing.T) {
	t.Parallel()
	path, link := file(t, tutorial, ada), filepath.Join(t.TempDir(), "link.db")
	noError(t, os.Symlink(path, link))
	wants(t, plan(t, dbtest.Store(t), link, nil), "account ada: imported")
	write(t, path+"-wal", "changes")
	if _, err := flask.Open(t.Context(), link); err == nil || !strings.Contains(err.Error(), "-wal holds changes") {
		t.Errorf("it says %v", err)
	}
}
