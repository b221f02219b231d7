package flask_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/flask"
	"miniblog/internal/password"
)

func TestAnImportedAccountLogsInWithItsPasswordWhichIsThenRehashed(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?), ('Grace', ?)`)
	wants(t, apply(t, store, path, nil), "account ada: imported", "account Grace: imported, as grace")
	if got := dbtest.One[string](t, store, "SELECT password_hash FROM users WHERE username = 'ada'"); got != hash {
		t.Errorf("kept %s", got)
	}
	if _, _, err := accounts(store).LogIn(t.Context(), "ada", "another password", account.Client{}); err == nil {
		t.Error("a wrong password is let in")
	}
	for _, name := range []string{"ada", "Grace", "ada"} {
		if user, _, err := accounts(store).LogIn(t.Context(), name, dbtest.Password, account.Client{}); err != nil || user.Role != "author" {
			t.Errorf("%s: %+v, %v", name, user, err)
		}
	}
	if dbtest.One[int](t, store, "SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$%'") != 2 {
		t.Error("not every hash is of Argon2id")
	}
}

func TestAPlanWritesNothing(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.Post(t, store, dbtest.User(t, store, "bob"))
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?), ('bob', ?)`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'ada')`)
	before := kept(t, store)
	wants(t, plan(t, store, path, nil),
		"account ada: imported", "account bob: name clash, an account here is named bob", "post 1 Hello: imported")
	if after := kept(t, store); after != before {
		t.Errorf("it changed\n%s\nto\n%s", before, after)
	}
}

func TestAPlanNeedsNoDatabaseAndSaysWhatApplyDoes(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?), ('Ada', ?), ('admin', 'x')`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'ada'), ('Hello', '', 'ada'), ('Hello', 'Again', 'Ada')`)
	blank, err := open(t, path).Plan(t.Context(), nil, nil)
	noError(t, err)
	planned := plan(t, store, path, nil)
	wants(t, planned, lines(blank)...)
	wants(t, apply(t, store, path, nil), planned...)
}

func TestAnImportTwiceIsHarmless(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?), ('Bob B.', ?)`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'ada'), ('Hello', 'World', 'ada'), ('By Bob', 'World', 'Bob B.')`)
	wants(t, apply(t, store, path, map[string]string{"Bob B.": "bob"}),
		"account ada: imported", `account "Bob B.": imported, as bob`, "post 1 Hello: imported", "post 2 Hello: imported", `post 3 "By Bob": imported`)
	_, _, err := accounts(store).LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	noError(t, err)
	dbtest.Exec(t, store, "UPDATE posts SET deleted_at = now() WHERE title = 'By Bob'")
	before := kept(t, store)
	wants(t, apply(t, store, path, nil),
		"account ada: already imported", `account "Bob B.": already imported, as bob`,
		"post 1 Hello: already imported", "post 2 Hello: already imported", `post 3 "By Bob": already imported`)
	if after := kept(t, store); after != before {
		t.Errorf("the second import changed\n%s\nto\n%s", before, after)
	}
}

func TestALaterImportBringsWhatIsNew(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?)`)
	apply(t, store, path, nil)
	later := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?), ('bob', ?)`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'ada')`)
	wants(t, apply(t, store, later, nil), "account ada: already imported", "account bob: imported", "post 1 Hello: imported")
}

func TestANameThatIsTakenHereIsAClashAndItsPostsStayOut(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	bob := dbtest.User(t, store, "bob")
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('bob', ?)`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'bob')`)
	before := kept(t, store)
	wants(t, apply(t, store, path, nil),
		"account bob: name clash, an account here is named bob", "post 1 Hello: author not imported, its author bob is not imported")
	if after := kept(t, store); after != before {
		t.Errorf("it changed\n%s\nto\n%s", before, after)
	}
	wants(t, apply(t, store, path, map[string]string{"bob": "robert"}), "account bob: imported, as robert", "post 1 Hello: imported")
	if author := dbtest.One[uuid.UUID](t, store, "SELECT author_id FROM posts"); author == bob {
		t.Error("a stranger's post is bob's")
	}
}

func TestANameThatWasAnAccountsHereIsAClash(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "bob")
	dbtest.User(t, store, "eve")
	dbtest.Exec(t, store, "UPDATE users SET username = 'robert' WHERE username = 'bob'")
	dbtest.Exec(t, store, "DELETE FROM users WHERE username = 'eve'")
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('bob', ?), ('eve', ?), ('robert', ?)`,
		`INSERT INTO posts (title, content, author) VALUES ('Hello', 'World', 'bob')`)
	want := []string{
		"account bob: name clash, an account here was named bob once, and links lead there",
		"account eve: name clash, an account here was named eve once, and links lead there",
		"account robert: name clash, an account here is named robert",
		"post 1 Hello: author not imported, its author bob is not imported",
	}
	wants(t, plan(t, store, path, nil), want...)
	wants(t, apply(t, store, path, nil), want...)
}

func TestAnAccountThatWasRenamedHereIsThereAlready(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?)`)
	wants(t, apply(t, store, path, nil), "account ada: imported")
	dbtest.Exec(t, store, "UPDATE users SET username = 'countess'")
	wants(t, apply(t, store, path, nil), "account ada: already imported, as countess")
}

func TestNamesThatFoldToTheSameGoToTheOneSpelledSo(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('Ada', ?), ('ada', ?), ('GRACE', ?), ('Grace', ?), ('eve', 'plain'), ('Eve', ?)`)
	wants(t, apply(t, store, path, nil),
		"account Ada: name clash, another account in the file would be ada, too",
		"account ada: imported",
		"account GRACE: name clash, another account in the file would be grace, too",
		"account Grace: name clash, another account in the file would be grace, too",
		"account eve: hash not known, its password is plain text, or hashed in a way that is not known here",
		"account Eve: name clash, another account in the file would be eve, too")
	wants(t, plan(t, store, path, map[string]string{"GRACE": "hopper", "Ada": "ada"}),
		"account Ada: name clash, an account here is named ada",
		"account ada: already imported",
		"account GRACE: imported, as hopper",
		"account Grace: imported, as grace",
		"account eve: hash not known, its password is plain text, or hashed in a way that is not known here",
		"account Eve: name clash, another account in the file would be eve, too")
}

func TestAnAccountThatCannotBeKeptIsReportedWithTheReason(t *testing.T) {
	t.Parallel()
	const form, impossible = "A username has 3 to 32 characters: letters a to z, digits, - and _.", "name not possible, "
	store := dbtest.Store(t)
	for values, want := range map[string]string{
		"'jo', ?":             "jo: " + impossible + form,
		"'jürgen', ?":         `"jürgen": ` + impossible + form,
		"'a b c', ?":          `"a b c": ` + impossible + form,
		"'ada' || char(0), ?": "in row 1: " + impossible + "its username is missing, or no text",
		"'a\x1b[31mb', ?":     `"a\x1b[31mb": ` + impossible + form,
		"'admin', ?":          "admin: " + impossible + "That name is kept for the blog itself. Choose another.",
		"'', ?":               "in row 1: " + impossible + "its username is missing, or no text",
		"x'616461', ?":        "in row 1: " + impossible + "its username is missing, or no text",
		"x'ff', ?":            "in row 1: " + impossible + "its username is missing, or no text",
		"1234, ?":             "in row 1: " + impossible + "its username is missing, or no text",
		"'ada', ''":           "ada: hash not known, it has no password, or none that is text",
		"'ada', NULL":         "ada: hash not known, it has no password, or none that is text",
		"'ada', x'24326224'":  "ada: hash not known, it has no password, or none that is text",
		"'ada', 'hunter2'":    "ada: hash not known, its password is plain text, or hashed in a way that is not known here",
		"'ada', 'plain$$x'":   "ada: hash not known, its password is plain text, or hashed in a way that is not known here",
		"'ada', 'md5$salt$0'": "ada: hash not known, its password is hashed in a single round of md5",
		"'ada', '$2b$12$xyz'": "ada: hash not known, its password is hashed by bcrypt",
		"'ada', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$x'":             "ada: hash not known, its password is hashed by argon2id",
		"'ada', 'scrypt:1048576:8:1$salt$" + strings.Repeat("0", 128) + "'": "ada: hash not known, its password is hashed at a cost beyond what a login may take here",
	} {
		path := file(t, "CREATE TABLE users (id INTEGER PRIMARY KEY, username, password)", "INSERT INTO users (username, password) VALUES ("+values+")")
		wants(t, apply(t, store, path, nil), "account "+want)
	}
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM users"); count != 0 {
		t.Errorf("%d accounts are made", count)
	}
}

func TestAPasswordIsNeverPrinted(t *testing.T) {
	t.Parallel()
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', 'argon2-is-my-secret'), ('bob', 'md5$is-my-secret'), ('eve', 'secret$')`)
	report, err := open(t, path).Plan(t.Context(), nil, nil)
	noError(t, err)
	if text := strings.Join(lines(report), "\n"); strings.Contains(text, "secret") {
		t.Error(text)
	}
}

func TestAnEmailComesAlongIfItCan(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "bob")
	dbtest.Exec(t, store, "UPDATE users SET email = 'bob@example.org'")
	path := file(t, "CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT)",
		`INSERT INTO user (username, email, password_hash) VALUES
			('ada', ' Ada@Example.org', ?), ('grace', 'ada@example.org', ?), ('eve', 'bob@example.org', ?), ('tom', 'tom', ?), ('sue', NULL, ?)`)
	want := []string{
		"account ada: imported",
		"account grace: imported, without its email, which another account has",
		"account eve: imported, without its email, which another account has",
		"account tom: imported, without its email, which is no address",
		"account sue: imported",
	}
	wants(t, plan(t, store, path, nil), want...)
	wants(t, apply(t, store, path, nil), want...)
	if got := dbtest.One[string](t, store, "SELECT string_agg(username || ' ' || email, ', ' ORDER BY username) FROM users"); got != "ada ada@example.org, bob bob@example.org" {
		t.Errorf("emails: %s", got)
	}
}

func TestANameToBeChangedMustBeInTheFile(t *testing.T) {
	t.Parallel()
	path := file(t, tutorial, `INSERT INTO users (username, password) VALUES ('ada', ?)`)
	_, err := open(t, path).Plan(t.Context(), nil, map[string]string{"Ada": "lovelace"})
	if err == nil || !strings.Contains(err.Error(), "no account named Ada") {
		t.Errorf("it answers %v", err)
	}
}

func TestOfManyAccountsOnlyThoseWithAProblemAreListed(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, `INSERT INTO users (username, password)
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1201)
		SELECT 'user-' || n, iif(n = 700, 'plain', ?) FROM n`)
	report, err := open(t, path).Apply(t.Context(), store, nil)
	noError(t, err)
	if rows, unlisted := report.Rows(); len(rows) != 1 || unlisted != 0 || rows[0].Name != "user-700" {
		t.Errorf("it lists %d rows and leaves out %d", len(rows), unlisted)
	}
	if sums := report.Sums[flask.Account]; sums[flask.Imported] != 1200 || sums[flask.HashUnknown] != 1 {
		t.Errorf("sums: %v", sums)
	}
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM users WHERE password_hash = $1", hash); count != 1200 {
		t.Errorf("%d accounts are made", count)
	}
	if password.CheckImported(hash) != nil {
		t.Error("the hash of the tests is none")
	}
}
