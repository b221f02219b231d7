package handlers_test

import (
	"database/sql"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // newsboat keeps what it has read in a file of SQLite's

	"miniblog/internal/dbtest"
)

// What feedparser makes of a feed, as JSON.
const feedparser = `
import feedparser, json, sys
f = feedparser.parse(sys.argv[1])
print(json.dumps({"bozo": bool(f.bozo), "version": f.version, "status": f.status, "title": f.feed.title, "id": f.feed.id,
    "again": feedparser.parse(sys.argv[1], etag=f.etag).status, "since": feedparser.parse(sys.argv[1], modified=f.modified).status,
    "entries": [{"id": e.id, "title": e.title, "author": e.author, "link": e.link, "content": e.content[0].value,
        "published": e.published, "tags": [t.label for t in e.get("tags", [])]} for e in f.entries]}))`

// readers is a blog with two posts that say what is hard to carry, and what readers are to find in it.
func readers(t *testing.T) (s *site, want []toldPost) {
	t.Helper()
	s = newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Ada & daughters' WHERE username = 'ada'")
	s.as(t, "bob").published("Plain", "Only text.", "")
	dbtest.Exec(t, s.store, "UPDATE posts SET published_at = published_at - interval '1 hour'")
	s.as(t, "ada").published("שלום, tides & <times> “again”", "See [bob](/@bob), 1 < 2 & so.\n\nA **second** paragraph.", "Tide & time")
	for _, post := range []toldPost{
		{
			title: "שלום, tides & <times> “again”", author: "Ada & daughters", tags: "Tide & time",
			html: `<p dir="auto">See <a href="` + s.url + `/@bob">bob</a>, 1 &lt; 2 &amp; so.</p>`,
		},
		{title: "Plain", author: "bob", html: "Only text."},
	} {
		id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM posts WHERE title = $1", post.title)
		slug := dbtest.One[string](t, s.store, "SELECT username || '/' || slug FROM posts JOIN users ON users.id = author_id WHERE title = $1", post.title)
		post.id, post.url = id.URN(), s.url+"/@"+strings.ReplaceAll(slug, "שלום", "%D7%A9%D7%9C%D7%95%D7%9D")
		post.published = dbtest.One[time.Time](t, s.store, "SELECT published_at FROM posts WHERE id = $1", id).UTC().Format(time.RFC3339)
		want = append(want, post)
	}
	return s, want
}

// found compares what a reader found with what is there; of the texts a part.
func found(t *testing.T, got, want []toldPost) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("it found %d posts of %d", len(got), len(want))
	}
	for i, post := range got {
		if !strings.Contains(post.html, want[i].html) {
			t.Errorf("of %q it shows %q, want %q in it", want[i].title, post.html, want[i].html)
		}
		if post.html = want[i].html; post != want[i] {
			t.Errorf("it found\n%+v, want\n%+v", post, want[i])
		}
	}
}

// python is an interpreter that has feedparser. Debian's packages are for Debian's own, before which another may stand in PATH.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import feedparser").Run() == nil {
			return name
		}
	}
	t.Fatal("no python3 with feedparser: sh tools/provide.sh installs it")
	return ""
}

func TestFeedparserReadsTheFeed(t *testing.T) {
	t.Parallel()
	s, want := readers(t)
	said, err := exec.Command(python(t), "-c", feedparser, s.url+"/feed.atom").Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Bozo                 bool
		Version, Title, ID   string
		Status, Again, Since int
		Entries              []struct {
			ID, Title, Author, Link, Content, Published string
			Tags                                        []string
		}
	}
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatal(err)
	}
	if got.Bozo || got.Version != "atom10" || got.Title != "Harbour Notes" || got.ID != s.url+"/feed.atom" || got.Status != 200 {
		t.Errorf("of the feed it says %+v", got)
	}
	if got.Again != 304 || got.Since != 304 {
		t.Errorf("asked again it is answered %d by ETag and %d by time", got.Again, got.Since)
	}
	var posts []toldPost
	for _, e := range got.Entries {
		posts = append(posts, toldPost{e.ID, e.Link, e.Title, e.Content, e.Author, e.Published, "", strings.Join(e.Tags, ",")})
	}
	found(t, posts, want)
}

func TestNewsboatReadsTheFeed(t *testing.T) {
	t.Parallel()
	s, want := readers(t)
	home := t.TempDir()
	urls, cache, settings := filepath.Join(home, "urls"), filepath.Join(home, "cache.db"), filepath.Join(home, "config")
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(urls, s.url+"/feed.atom\n")
	write(settings, "")
	for _, command := range []string{"reload", "print-unread"} {
		newsboat := exec.Command("newsboat", "-u", urls, "-c", cache, "-C", settings, "-x", command)
		newsboat.Env = []string{"HOME=" + home, "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "TERM=dumb", "NO_PROXY=*"}
		said, err := newsboat.CombinedOutput()
		if err != nil {
			t.Fatalf("%v (sh tools/provide.sh installs newsboat): %s", err, said)
		}
		if command == "print-unread" && !strings.HasPrefix(string(said), "2 ") {
			t.Errorf("it says %s", said)
		}
	}
	kept, err := sql.Open("sqlite", cache)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	for i := range want {
		want[i].tags = "" // which newsboat does not keep
	}
	found(t, newsboatPosts(t, kept), want)
}

// newsboatPosts are the posts that newsboat has kept, first the newest.
func newsboatPosts(t *testing.T, kept *sql.DB) (posts []toldPost) {
	t.Helper()
	rows, err := kept.QueryContext(t.Context(), "SELECT guid, url, title, content, author, pubDate FROM rss_item ORDER BY pubDate DESC, id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var post toldPost
		var at int64
		if err := rows.Scan(&post.id, &post.url, &post.title, &post.html, &post.author, &at); err != nil {
			t.Fatal(err)
		}
		post.published = time.Unix(at, 0).UTC().Format(time.RFC3339)
		posts = append(posts, post)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return posts
}
