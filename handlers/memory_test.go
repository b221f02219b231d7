package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// remembers has a site keep pages, in step with its database from the start.
func remembers(t *testing.T, store *db.Store, options ...func(*handlers.Options)) *site {
	t.Helper()
	s := siteOn(t, store, append(options, func(o *handlers.Options) { o.Memory = 64 << 20 })...)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.server.Follow(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	return s
}

// unread holds what readers read where no query gets at it, until it is called again.
func (s *site) unread(t *testing.T) (release func()) {
	t.Helper()
	tx, err := s.store.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE posts, users, tagged IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback(context.Background()) }
}

// keepsPage asks for a page until it is kept: then it is answered while no query could be.
func (b *browser) keepsPage(path string) *answer {
	b.t.Helper()
	before, _ := b.site.server.Kept()
	eventually(b.t, func() bool {
		b.get(path).wants(http.StatusOK)
		now, _ := b.site.server.Kept()
		return now > before
	})
	return b.get(path)
}

// copies publishes the one post that there is so many times more.
func (s *site) copies(t *testing.T, count int) {
	t.Helper()
	dbtest.Exec(t, s.store, `INSERT INTO posts (id, author_id, slug, title, body, excerpt, words, version, created_at, updated_at, published_at, html, plain, renderer, language)
		SELECT gen_random_uuid(), author_id, slug || '-' || n, title, body, excerpt, words, 1, created_at, updated_at, published_at, html, plain, renderer, language
		FROM posts, generate_series(1, $1::integer) AS n`, count)
}

// Not beside others, whose memory would count.
func TestPagesInMemoryTakeWhatTheyAreCountedAs(t *testing.T) {
	s := remembers(t, dbtest.Store(t))
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	const many = 400
	s.copies(t, many)
	b := s.visitor(t)
	b.keepsPage("/")
	inUse := func() int64 {
		for range 3 { // also what pools hold
			runtime.GC()
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return int64(memory.HeapAlloc)
	}
	pages, counted := 0, int64(-1)
	for all := int64(0); pages <= many || counted != all; { // a form is not kept where PostgreSQL has not vouched for the edition just then
		all = counted
		for n := range many {
			for _, coding := range []string{"identity", "gzip", "br"} {
				b.with("Accept-Encoding", coding).get(fmt.Sprintf("/@ada/%s-%d", post.Slug(), n+1)).wants(http.StatusOK)
			}
		}
		pages, counted = s.server.Kept()
	}
	full := inUse()
	dbtest.Exec(t, s.store, "UPDATE editions SET number = number + 1") // what is kept is of an edition before, and goes
	eventually(t, func() bool {
		b.get("/login").wants(http.StatusOK)
		kept, _ := s.server.Kept()
		return kept == 0
	})
	taken := full - inUse()
	if pages != many+1 || taken > counted || taken < counted*9/10 {
		t.Errorf("%d pages take %d bytes and are counted as %d", pages, taken, counted)
	}
}

func TestWhatWasReadIsReadAgainWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	for _, path := range []string{
		"/", "/@ada", "/@ada/" + post.Slug(), "/tags", "/archive", "/archive/" + time.Now().UTC().Format("2006"), "/feed.atom", "/@ada/feed.json",
	} {
		b := s.visitor(t)
		first := b.keepsPage(path)
		release := s.unread(t)
		for name, again := range map[string]*answer{
			"again": b.get(path), "with a parameter that nothing knows": b.get(path + "?utm_source=elsewhere"), "by HEAD": b.do(http.MethodHead, path, nil),
			"by whoever has it": s.visitor(t).with("If-None-Match", first.Header.Get("ETag")).get(path),
		} {
			known := name == "by whoever has it"
			if want := map[bool]int{false: http.StatusOK, true: http.StatusNotModified}[known]; again.StatusCode != want {
				t.Errorf("%s %s: %d, want %d", path, name, again.StatusCode, want)
			}
			if body := again.body; body != first.body && !known && name != "by HEAD" {
				t.Errorf("%s %s has another body", path, name)
			}
			for _, header := range []string{"ETag", "Vary", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"} {
				if got, want := again.Header.Get(header), first.Header.Get(header); got != want || want == "" {
					t.Errorf("%s %s: %s is %q, was %q", path, name, header, got, want)
				}
			}
			if id := again.Header.Get("X-Request-Id"); id == "" || id == first.Header.Get("X-Request-Id") {
				t.Errorf("%s %s: the request is called %q", path, name, id)
			}
		}
		release()
	}
}

func TestASitemapOfAThousandIsSentAsItIsRead(t *testing.T) {
	t.Parallel()
	for copies, streams := range map[int]bool{900: false, 997: false, 998: true, 1100: true} {
		s := remembers(t, dbtest.Store(t))
		dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
		s.copies(t, copies)
		a := s.visitor(t).with("Accept-Encoding", "identity").get("/sitemap.xml")
		if listed := listedIn(t, a); len(listed) != copies+3 || (a.ContentLength < 0) != streams {
			t.Errorf("of %d copies it lists %d, in %d bytes", copies, len(listed), a.ContentLength)
		}
	}
}

func TestEveryFormOfAPageIsKeptApart(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	ada := dbtest.User(t, s.store, "ada")
	for n := range 25 {
		dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) { p.Title = strings.Repeat("x", n+1) })
	}
	whole := s.visitor(t).keepsPage("/")
	older, found := whole.page.Find(`a[href*="before="]`).Attr("href")
	if !found {
		t.Fatal("home leads to no older posts")
	}
	forms := map[string]func() *answer{
		"home":     func() *answer { return s.visitor(t).get("/") },
		"older":    func() *answer { return s.visitor(t).get(older) },
		"part":     func() *answer { return s.visitor(t).htmx().get(older) },
		"dark":     func() *answer { return s.visitor(t).with("Cookie", "theme=dark").get("/") },
		"her own":  func() *answer { return s.as(t, "ada").get("/") },
		"in brief": func() *answer { return s.visitor(t).with("Accept-Encoding", "br").get("/") },
	}
	seen := map[string]string{}
	for range 2 {
		for name, ask := range forms {
			got := ask().wants(http.StatusOK).body
			if name == "her own" {
				if !strings.Contains(got, "Log out") {
					t.Errorf("who is logged in gets the page of one who is not")
				}
				continue
			}
			if strings.Contains(got, "Log out") {
				t.Errorf("%s: who is not logged in gets the page of one who is", name)
			}
			if old, again := seen[name]; again && old != got {
				t.Errorf("%s changed without a change", name)
			}
			for other, body := range seen {
				if other != name && body == got {
					t.Errorf("%s and %s are one", name, other)
				}
			}
			seen[name] = got
		}
	}
}

func TestWhatOneClientAsksOfItsConnectionIsKeptFromOthers(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	s.visitor(t).with("Connection", "close").keepsPage("/")
	if again := s.visitor(t).get("/"); again.Close || again.Header.Get("Connection") != "" {
		t.Errorf("it is told to close the connection: %q", again.Header.Get("Connection"))
	}
}

func TestNoAddressButItsOwnIsKeptForAPage(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	b.keepsPage("/@ada/" + post.Slug())
	place := fmt.Sprintf("%d.%s", time.Now().UnixMicro(), post.ID)
	for _, path := range []string{
		"/@ada/" + post.Slug() + "?before=" + place, "/@ada/" + post.Slug() + "?before=1", "/%40ada/" + post.Slug(),
	} {
		b.get(path).wants(http.StatusOK)
	}
	for _, path := range []string{
		"//x/@ada/" + post.Slug() + "?z=://", "/?before=" + strings.ToUpper(place), "/?before=1", "/@ada/never", "/tags/none",
	} {
		b.get(path)
	}
	if pages, _ := s.server.Kept(); pages != 1 {
		t.Errorf("%d pages are kept, want one", pages)
	}
	b.keepsPage("/?before=" + place)
}

// Whatever changes a page makes an edition; what changes none makes none.
func TestEveryChangeOfWhatReadersSeeMakesAnEdition(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	shown, draft := dbtest.Post(t, store, ada), dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title, p.Draft = "Draft", true })
	edition := func() int64 { return dbtest.One[int64](t, store, "SELECT number FROM editions") }
	for _, change := range []struct {
		sql   string
		id    any
		makes int64
	}{
		{"UPDATE posts SET title = title || '!' WHERE id = $1", shown.ID, 1},
		{"UPDATE posts SET title = title WHERE id = $1", shown.ID, 0},
		{"UPDATE posts SET pinned_at = now() WHERE id = $1", shown.ID, 1},
		{"UPDATE posts SET page = true WHERE id = $1", shown.ID, 1},
		{"UPDATE posts SET deleted_at = now() WHERE id = $1", shown.ID, 1},
		{"UPDATE posts SET title = title || '!' WHERE id = $1", draft.ID, 0},
		{"UPDATE posts SET published_at = now(), slug = 'draft' WHERE id = $1", draft.ID, 1},
		{"UPDATE users SET display_name = 'Countess' WHERE id = $1", ada, 1},
		{"UPDATE users SET display_name = 'Countess' WHERE id = $1", ada, 0},
		{"UPDATE users SET about = 'Writes.' WHERE id = $1", ada, 1},
		{"UPDATE users SET role = 'owner' WHERE id = $1", ada, 1},
		{"UPDATE users SET seen_at = now() WHERE id = $1", ada, 0},
		{"UPDATE users SET username = 'ada2' WHERE id = $1", ada, 1},
		{"UPDATE settings SET signup = 'closed' WHERE $1::uuid IS NOT NULL", ada, 1},
		{"UPDATE posts SET title = title || '?' WHERE author_id = $1", ada, 1},
		{"DELETE FROM posts WHERE id = $1", draft.ID, 1},
		{"UPDATE users SET disabled_at = now() WHERE id = $1", ada, 1},
	} {
		before := edition()
		dbtest.Exec(t, store, change.sql, change.id)
		if made := edition() - before; made != change.makes {
			t.Errorf("%s: %d editions, want %d", change.sql, made, change.makes)
		}
	}
}

func TestAChangeIsSeenByTheVeryNextReader(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	dbtest.User(t, s.store, "ada")
	dbtest.Owner(t, s.store, "grace")
	ada, reader := s.as(t, "ada"), s.visitor(t)
	id := ada.published("Low tide", "One.", "harbour")
	shows := func(path, words string) {
		t.Helper()
		if body := reader.get(path).wants(http.StatusOK).body; !strings.Contains(body, words) {
			t.Errorf("%s does not show %q", path, words)
		}
	}
	pages := []string{"/", "/@ada", "/@ada/low-tide", "/tags/harbour", "/feed.atom"}
	warm := func() {
		for _, path := range pages {
			reader.get(path)
		}
	}
	for round := range 20 {
		warm()
		words := "Text number " + strings.Repeat("i", round+1) + "."
		ada.post("/posts/"+id, url.Values{"title": {"Low tide"}, "body": {words}, "tags": {"harbour"}, "status": {"published"}, "version": {strconv.Itoa(dbtest.One[int](t, s.store, "SELECT max(number) FROM versions WHERE post_id = $1", id))}})
		for _, path := range pages {
			shows(path, words)
		}
	}
	warm()
	ada.post("/settings/profile", url.Values{"name": {"Countess Ada"}, "about": {""}, "time_zone": {"UTC"}})
	for _, path := range pages[:3] {
		shows(path, "Countess Ada")
	}
	warm()
	ada.post("/posts/"+id+"/deletion", nil)
	if strings.Contains(reader.get("/").body, "Low tide") {
		t.Error("what was deleted is on the home page")
	}
	reader.get("/@ada/low-tide").wants(http.StatusGone)
}
