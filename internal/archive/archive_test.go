package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/archive"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// unpacked is an archive, read back: each file by its name.
type unpacked map[string]string

func pack(t *testing.T, store *db.Store, account uuid.UUID) unpacked {
	t.Helper()
	var out bytes.Buffer
	if err := archive.Write(t.Context(), store, account, &out); err != nil {
		t.Fatal(err)
	}
	files := unpacked{}
	packed, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range packed.File {
		if _, twice := files[strings.ToLower(file.Name)]; twice || strings.Contains(file.Name, "..") || path.Clean(file.Name) != file.Name {
			t.Errorf("a file is called %q", file.Name)
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		files[file.Name] = string(text)
	}
	return files
}

// document reads a file that is one JSON value.
func document[T any](t *testing.T, files unpacked, name string) (value T) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(files[name]))
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v in %q", name, err, files[name])
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Errorf("%s has more than one value", name)
	}
	return value
}

type post struct {
	ID       string
	File     string
	Slug     *string
	Status   string
	Title    string
	Tags     []string
	Versions []struct {
		Number                  int
		Kind, Title, Body, Tags string
	}
}

func TestAnArchiveHoldsAllThatSomebodyHas(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada, bob := dbtest.User(t, store, "ada"), dbtest.User(t, store, "bob")
	dbtest.Exec(t, store, "UPDATE users SET email = username || '@example.org', display_name = 'The ' || username, about = 'A & <b>'")
	dbtest.Exec(t, store, "INSERT INTO sessions (token_hash, user_id, browser, address) SELECT sha256(username::bytea), id, 'Firefox on Linux', '192.0.2.7' FROM users")
	dbtest.Exec(t, store, `INSERT INTO events (kind, user_id, username, actor, address)
		SELECT 'link-made', id, username, CASE n % 2 WHEN 0 THEN 'owen' ELSE '' END, '192.0.2.9' FROM users, generate_series(1, 501) AS n`)
	tide := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = "Low tide", "One.\n\n\"Two\" <b>" })
	begun := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Draft = "Say \"so\": \\ #1\t🎉", true })
	dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Deleted = "Torn up", true })
	dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title = "Ебб" })
	dbtest.Post(t, store, bob, func(p *dbtest.NewPost) { p.Title = "Of bob" })
	shelf, author := blog.New(store), blog.Author{ID: ada}
	for n := range 9 {
		_, err := shelf.Revise(t.Context(), author, tide.ID, blog.Origin{Base: n + 1}, blog.Draft{Title: "Low tide", Body: strings.Repeat("x", n+1), Tags: "Tides, Sea walls"}, blog.Save)
		noError(t, err)
	}
	files := pack(t, store, ada)
	if strings.Contains(strings.Join([]string{files["account.json"], files["posts.json"], files["record.json"]}, ""), "bob") {
		t.Error("something of bob's is in it")
	}
	account := document[map[string]any](t, files, "account.json")
	if account["username"] != "ada" || account["display_name"] != "The ada" || account["about"] != "A & <b>" || account["email"] != "ada@example.org" {
		t.Errorf("the account: %v", account)
	}
	for _, secret := range []string{"password", "hash", "token"} {
		if _, there := account[secret]; there || strings.Contains(files["account.json"]+files["sessions.json"], secret) {
			t.Errorf("there is a %s", secret)
		}
	}
	if sessions := document[[]map[string]any](t, files, "sessions.json"); len(sessions) != 1 || sessions[0]["browser"] != "Firefox on Linux" {
		t.Errorf("the sessions: %v", sessions)
	}
	record := document[[]map[string]any](t, files, "record.json")
	if len(record) != 501 || record[0]["kind"] != "link-made" || record[1]["actor"] != "owen" || record[1]["address"] != nil {
		t.Errorf("%d events, first %v", len(record), record[:2])
	}
	posts := map[string]post{}
	for _, p := range document[[]post](t, files, "posts.json") {
		posts[p.Title] = p
		if files[p.File] == "" {
			t.Errorf("no file %s", p.File)
		}
	}
	if len(posts) != 4 || len(files) != 8 {
		t.Errorf("%d posts in %d files", len(posts), len(files))
	}
	low := posts["Low tide"]
	if len(low.Versions) != 10 || low.Versions[0].Body != "One.\n\n\"Two\" <b>" || low.Versions[9].Body != "xxxxxxxxx" || low.Status != "published" {
		t.Errorf("the tide: %+v", low)
	}
	if !strings.HasSuffix(low.File, "-low-tide.md") || !strings.HasSuffix(files[low.File], "---\n\nxxxxxxxxx\n") {
		t.Errorf("%s: %q", low.File, files[low.File])
	}
	if strings.Join(low.Tags, ", ") != "Tides, Sea walls" || low.Versions[9].Tags != "Tides, Sea walls" ||
		!strings.Contains(files[low.File], "\ntags: [\"Tides\",\"Sea walls\"]\n") {
		t.Errorf("its tags are %q, of the last version %q, in its file: %s", low.Tags, low.Versions[9].Tags, files[low.File])
	}
	if p := posts["Torn up"]; p.Status != "deleted" || !strings.Contains(files[p.File], "\ndeleted: 2") {
		t.Errorf("the deleted one: %+v\n%s", p, files[p.File])
	}
	if p := posts["Ебб"]; !strings.HasSuffix(p.File, "-post-"+p.ID+".md") {
		t.Errorf("a slug that not every system takes: %s", p.File)
	}
	said := posts["Say \"so\": \\ #1\t🎉"]
	if said.Status != "draft" || !strings.HasSuffix(said.File, "-post-"+begun.ID.String()+".md") ||
		!strings.HasPrefix(files[said.File], "---\ntitle: \"Say \\\"so\\\": \\\\ #1\\t🎉\"\nstatus: draft\nid: ") {
		t.Errorf("%s: %s", said.File, files[said.File])
	}
}

func TestAnArchiveOfNothingIsOne(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	files := pack(t, store, dbtest.User(t, store, "ada"))
	for _, name := range []string{"posts.json", "sessions.json", "record.json"} {
		if all := document[[]any](t, files, name); all == nil || len(all) != 0 {
			t.Errorf("%s: %q", name, files[name])
		}
	}
}

// hook calls do once so much was written.
type hook struct {
	bytes.Buffer
	after int
	do    func()
}

func (h *hook) Write(p []byte) (int, error) {
	if h.do != nil && h.Len() > h.after {
		h.do()
		h.do = nil
	}
	return h.Buffer.Write(p)
}

func noise(n int) string {
	var text strings.Builder
	for text.Len() < n {
		text.WriteString(uuid.NewString())
	}
	return text.String()[:n]
}

func TestAnArchiveIsOfOneMoment(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	first := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = "First", noise(900_000) })
	dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = "Second", noise(900_000) })
	meanwhile := &hook{after: 100_000, do: func() {
		dbtest.Exec(t, store, "DELETE FROM posts WHERE title = 'Second'")
		dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title = "Third" })
	}}
	noError(t, archive.Write(t.Context(), store, ada, meanwhile))
	packed, err := zip.NewReader(bytes.NewReader(meanwhile.Bytes()), int64(meanwhile.Len()))
	noError(t, err)
	var names []string
	for _, file := range packed.File {
		names = append(names, path.Base(file.Name))
	}
	all := strings.Join(names, " ")
	if meanwhile.do != nil || !strings.Contains(all, "-second.md") || strings.Contains(all, "third") {
		t.Errorf("it holds %s, begun with %s", all, first.ID)
	}
}

func TestAnArchiveThatWasCutOffOpensNowhere(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	for range 3 {
		dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = uuid.NewString(), noise(900_000) })
	}
	ctx, cancel := context.WithCancel(t.Context())
	cut := &hook{after: 500_000, do: cancel}
	if err := archive.Write(ctx, store, ada, cut); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if _, err := zip.NewReader(bytes.NewReader(cut.Bytes()), int64(cut.Len())); err == nil {
		t.Error("what there is opens")
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
