package flask_test

import (
	"strings"
	"testing"
	"time"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/flask"
)

const ada = `INSERT INTO users (username, password) VALUES ('ada', ?)`

func TestAnImportedPostReadsAsIfItHadBeenWrittenHereThen(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, ada, `INSERT INTO posts (title, content, author, created)
		VALUES ('The tide tables', 'Every harbour' || char(13, 10) || 'keeps <b>two</b> clocks.', 'ada', '2021-05-06 07:08:09')`)
	wants(t, apply(t, store, path, nil), "account ada: imported", `post 1 "The tide tables": imported`)
	at := time.Date(2021, 5, 6, 7, 8, 9, 0, time.UTC)
	post, err := blog.New(store).At(t.Context(), "ada", "the-tide-tables")
	noError(t, err)
	if post.Title != "The tide tables" || post.Body != "Every harbour\nkeeps <b>two</b> clocks." || post.Words == 0 || post.Excerpt == "" || post.Version != 1 {
		t.Errorf("it reads %+v", post)
	}
	if !post.PublishedAt.Equal(at) || !post.CreatedAt.Equal(at) || !post.UpdatedAt.Equal(at) {
		t.Errorf("it is of %s, %s, %s", post.PublishedAt, post.CreatedAt, post.UpdatedAt)
	}
	_, versions, _, err := blog.New(store).History(t.Context(), post.Author, post.ID, 0)
	noError(t, err)
	if len(versions) != 1 || versions[0].Number != 1 || versions[0].Kind != blog.KindSaved || !versions[0].CreatedAt.Equal(at) {
		t.Errorf("its versions are %+v", versions)
	}
	revised, err := blog.New(store).Revise(t.Context(), post.Author, post.ID, blog.Origin{Base: 1}, blog.Draft{Title: "New", Body: "Text"}, blog.Save)
	if err != nil || revised.Version != 2 {
		t.Errorf("revised: %+v, %v", revised, err)
	}
}

func TestPostsOfOneTitleGetSlugsOfTheirOwn(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, tutorial, ada, `INSERT INTO posts (title, content, author)
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 250)
		SELECT 'Hello', 'Number ' || n, 'ada' FROM n`)
	apply(t, store, path, nil)
	if got := dbtest.One[string](t, store, "SELECT string_agg(slug, ' ' ORDER BY slug) FROM posts WHERE length(slug) < 10"); got != "hello hello-2 hello-3 hello-4 hello-5 hello-6 hello-7 hello-8 hello-9" {
		t.Errorf("slugs: %s", got)
	}
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM posts JOIN versions ON post_id = id"); count != 250 {
		t.Errorf("%d posts", count)
	}
	apply(t, store, path, nil)
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM versions"); count != 250 {
		t.Errorf("%d versions after the second time", count)
	}
}

func TestAPostThatBreaksARuleIsReportedAndLeftOut(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	for values, want := range map[string]string{
		"'', 'text'":                            `"": breaks a rule, Give the post a title.`,
		"NULL, NULL":                            `"": breaks a rule, Give the post a title. Write something before publishing.`,
		"'Empty', ' '":                          "Empty: breaks a rule, Write something before publishing.",
		"'a' || char(10) || 'b', 'text'":        `"a\nb": breaks a rule, A title is one line.`,
		"'NUL', 'a' || char(0)":                 "NUL: breaks a rule, The text holds characters that cannot be kept. Remove them and try again.",
		"'Bytes', CAST(x'ff' AS TEXT)":          "Bytes: breaks a rule, The text holds characters that cannot be kept. Remove them and try again.",
		"'Blob', x'616263'":                     "Blob: breaks a rule, Its text is no text.",
		"x'616263', 'text'":                     `"": breaks a rule, Its title is no text.`,
		"'Large', hex(zeroblob(524289))":        "Large: breaks a rule, The text is longer than 1 MiB: it has 1025 KiB, and 1024 fit. Split it into two posts.",
		"'Huge', hex(zeroblob(3000000))":        "Huge: breaks a rule, Its text is longer than 1 MiB.",
		"'Huge blob', zeroblob(3000000)":        `"Huge blob": breaks a rule, Its text is no text.`,
		"hex(zeroblob(100)) || 'x', 'text'":     `"` + strings.Repeat("0", 59) + `…": breaks a rule, A title has at most 200 characters. Shorten it a little.`,
		"hex(zeroblob(100)), 'text'":            `"` + strings.Repeat("0", 59) + `…": imported`,
		"'Fits', hex(zeroblob(524288))":         "Fits: imported",
		"1984, 'A number for a title'":          "1984: imported",
		"'\x1b]0;x\x07', 'A terminal''s title'": `"\x1b]0;x\a": imported`,
	} {
		path := file(t, "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password TEXT)", ada,
			"CREATE TABLE post (title, content, author_id INTEGER)", "INSERT INTO post VALUES ("+values+", 1)")
		wants(t, plan(t, store, path, nil), "account ada: imported", "post 1 "+want)
	}
}

func TestAnAuthorIsFoundByIDOrName(t *testing.T) {
	t.Parallel()
	for column, found := range map[string]map[string]string{
		"author_id INTEGER": {"7": "ada", "8": "1234", "9": "", "NULL": "", "'ada'": "ada"},
		"user_id":           {"7": "ada", "'7'": "ada", "7.5": "", "x'37'": ""},
		"author TEXT":       {"'ada'": "ada", "'ADA'": "ada", "'7'": "ada", "'1234'": "1234", "'nobody'": "", "''": "", "NULL": ""},
		"author INTEGER":    {"7": "ada", "1234": ""},
		"username":          {"'ada'": "ada", "'Ada'": "ada"},
	} {
		for value, want := range found {
			path := file(t, "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password TEXT)",
				"INSERT INTO users VALUES (7, 'ada', ?), (8, '1234', ?)",
				"CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT, "+column+")", "INSERT INTO posts VALUES (1, 'Hello', 'World', "+value+")")
			store := dbtest.Store(t)
			report, err := open(t, path).Apply(t.Context(), store, nil)
			noError(t, err)
			if want == "" && report.Sums[flask.Post][flask.AuthorMissing] == 1 {
				continue
			}
			if got := dbtest.One[string](t, store, "SELECT coalesce(min(username), '') FROM posts JOIN users ON author_id = users.id"); got != want {
				t.Errorf("%s %s is by %q, not %q", column, value, got, want)
			}
		}
	}
}

func TestWhatReadersDidNotSeeBecomesADraft(t *testing.T) {
	t.Parallel()
	for column, hidden := range map[string]map[string]bool{
		"published": {"0": true, "1": false, "NULL": true},
		"is_draft":  {"0": false, "1": true, "NULL": false},
	} {
		for value, draft := range hidden {
			store := dbtest.Store(t)
			path := file(t, tutorial, ada, "ALTER TABLE posts ADD COLUMN "+column,
				"INSERT INTO posts (title, content, author, "+column+") VALUES ('Hello', 'World', 'ada', "+value+")")
			report, err := open(t, path).Apply(t.Context(), store, nil)
			noError(t, err)
			if got := dbtest.One[bool](t, store, "SELECT published_at IS NULL AND slug IS NULL FROM posts"); got != draft || report.Drafts > 0 != draft {
				t.Errorf("%s %s: draft is %v", column, value, got)
			}
			apply(t, store, path, nil)
			if count := dbtest.One[int](t, store, "SELECT count(*) FROM posts"); count != 1 {
				t.Errorf("%d posts after the second time", count)
			}
		}
	}
}

func TestAPostWithoutATitleColumnIsNamedForItsFirstWords(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, "CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT)",
		"INSERT INTO user VALUES (1, 'ada', NULL, ?)",
		"CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT, timestamp DATETIME, user_id INTEGER)",
		`INSERT INTO post VALUES (1, char(10) || ' Beautiful   day' || char(10) || 'in Portland!', '2020-01-01 00:00:00.5', 1),
			(2, 'The Avengers movie was so cool that I have to write more than a title holds', NULL, 1), (3, ' ', NULL, 1)`)
	wants(t, apply(t, store, path, nil), "account ada: imported", `post 1 "Beautiful day": imported`,
		`post 2 "The Avengers movie was so cool that I have to write more…": imported, its time is not known, so it is of now`,
		`post 3 "": breaks a rule, Give the post a title. Write something before publishing.`)
}

func TestUndatedPostsAreOfNowInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	path := file(t, "CREATE TABLE users (username TEXT PRIMARY KEY, password TEXT) WITHOUT ROWID", ada,
		"CREATE TABLE posts (title TEXT, body TEXT, author TEXT)", "INSERT INTO posts VALUES ('a', 'x', 'ada'), ('b', 'x', 'ada'), ('c', 'x', 'ada')")
	wants(t, apply(t, store, path, nil), "account ada: imported", "post 1 a: imported", "post 2 b: imported", "post 3 c: imported")
	if got := dbtest.One[string](t, store, "SELECT string_agg(title, '' ORDER BY published_at) FROM posts WHERE published_at > now() - interval '1 minute'"); got != "abc" {
		t.Errorf("the order is %q", got)
	}
	apply(t, store, path, nil)
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM posts"); count != 3 {
		t.Errorf("%d posts after the second time", count)
	}
}
