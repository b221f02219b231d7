package handlers_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// listedIn is what a sitemap, or an index of them, lists: each address and when it changed.
func listedIn(t *testing.T, a *answer) (list []string) {
	t.Helper()
	a.wants(http.StatusOK).wantsHeader("Content-Type", "application/xml; charset=utf-8").wantsHeader("Cache-Control", "no-cache")
	var document struct {
		XMLName xml.Name
		Entries []struct {
			XMLName xml.Name
			Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
			LastMod string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	inner := map[string]string{"urlset": "url", "sitemapindex": "sitemap"}[document.XMLName.Local]
	for _, entry := range document.Entries {
		if entry.XMLName.Local != inner {
			t.Errorf("a %s holds a %s", document.XMLName.Local, entry.XMLName.Local)
		}
		list = append(list, strings.TrimSpace(entry.Loc+" "+entry.LastMod))
	}
	return list
}

func tags(t *testing.T, s *site, post dbtest.NewPost, names, slugs string) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE posts SET tags = $2::text[], tag_slugs = $3::text[] WHERE id = $1", post.ID, names, slugs)
}

// march is noon of a day in March 2026.
func march(day int) func(*dbtest.NewPost) {
	return func(p *dbtest.NewPost) { p.WrittenAt = time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC) }
}

func TestTheSitemapListsWhatEverybodyMayReadWithWhenItChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	dbtest.User(t, s.store, "silent")
	first := dbtest.Post(t, s.store, ada, titled("First"), march(1))
	tags(t, s, first, "{Sea,Ölfaß & so}", "{sea,ölfaß-so}")
	tags(t, s, dbtest.Post(t, s.store, ada, titled("Second"), march(2)), "{Sea}", "{sea}")
	dbtest.Post(t, s.store, ada, titled("שלום"), march(3))
	dbtest.Post(t, s.store, ada, titled("About"), march(4))
	tags(t, s, dbtest.Post(t, s.store, ada, titled("Draft"), draft), "{Secret}", "{secret}")
	tags(t, s, dbtest.Post(t, s.store, bob, titled("Deleted"), deleted), "{Gone}", "{gone}")
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true WHERE title = 'About'")
	dbtest.Exec(t, s.store, "UPDATE posts SET updated_at = CASE title WHEN 'Second' THEN '2026-04-01 08:00:00.9+02'::timestamptz ELSE '2026-01-01' END")
	want := []string{
		"/",
		"/@ada/about 2026-03-04T12:00:00Z",
		"/@ada 2026-03-03T12:00:00Z",
		"/tags/sea 2026-03-02T12:00:00Z",
		"/tags/%C3%B6lfa%C3%9F-so 2026-03-01T12:00:00Z",
		"/@ada/first 2026-03-01T12:00:00Z",
		"/@ada/second 2026-04-01T06:00:00Z",
		"/@ada/%D7%A9%D7%9C%D7%95%D7%9D 2026-03-03T12:00:00Z",
	}
	for i := range want {
		want[i] = s.url + want[i]
	}
	for _, path := range []string{"/sitemap.xml", "/sitemap-1.xml"} {
		if got := listedIn(t, s.visitor(t).get(path)); !slices.Equal(got, want) {
			t.Errorf("%s lists\n%s, want\n%s", path, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for _, address := range want {
		path, _, _ := strings.Cut(strings.TrimPrefix(address, s.url), " ")
		if !strings.HasPrefix(path, "/tags/") {
			s.visitor(t).get(path).wants(http.StatusOK)
		}
	}
	if head := s.visitor(t).do(http.MethodHead, "/sitemap.xml", nil).wants(http.StatusOK); head.body != "" {
		t.Errorf("HEAD has %s", head.body)
	}
}

func TestASitemapOfAnEmptyBlogListsItsHome(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := listedIn(t, s.visitor(t).get("/sitemap.xml")); !slices.Equal(got, []string{s.url + "/"}) {
		t.Errorf("it lists %q", got)
	}
}

func TestASitemapThatWouldBeTooLargeIsAnIndexOfSeveral(t *testing.T) {
	t.Parallel()
	for size, parts := range map[int]int{1: 56, 7: 8, 28: 2, 55: 2, 56: 0, 57: 0} {
		s := newSite(t, func(o *handlers.Options) { o.SitemapSize = size })
		ada := dbtest.User(t, s.store, "ada")
		fill(t, s, ada) // 45 posts at three moments
		dbtest.Exec(t, s.store, "UPDATE posts SET page = true WHERE title IN ('Post 3', 'Post 33', 'Post 43')")
		// An author, ten tags, and so 56 addresses beside the home page.
		dbtest.Exec(t, s.store, `UPDATE posts SET tags = t.names, tag_slugs = t.names
			FROM (SELECT array_agg('tag-' || n) FROM generate_series(1, 10) AS n) AS t (names) WHERE title IN ('Post 1', 'Post 2')`)
		whole := []string{s.url + "/"}
		first := listedIn(t, s.visitor(t).get("/sitemap.xml"))
		if parts == 0 {
			if len(first) != 57 {
				t.Errorf("of %d it lists %d", size, len(first))
			}
			s.visitor(t).get("/sitemap-2.xml").wants(http.StatusNotFound)
			continue
		}
		for n, part := range first {
			if part != fmt.Sprintf("%s/sitemap-%d.xml", s.url, n+1) {
				t.Errorf("part %d is %s", n+1, part)
			}
			listed := listedIn(t, s.visitor(t).get(strings.TrimPrefix(part, s.url)))
			if n == 0 {
				listed = listed[1:]
			}
			if len(listed) > size {
				t.Errorf("of %d a part lists %d", size, len(listed))
			}
			whole = append(whole, listed...)
		}
		slices.Sort(whole)
		if distinct := slices.Compact(slices.Clone(whole)); len(first) != parts || len(whole) != 57 || len(distinct) != 57 {
			t.Errorf("of %d there are %d parts with %d addresses, %d different, want %d with 57", size, len(first), len(whole), len(distinct), parts)
		}
		s.visitor(t).get(fmt.Sprintf("/sitemap-%d.xml", parts+1)).wants(http.StatusNotFound)
	}
}

// TestALargeBlogHasAnIndex fills a blog with more posts than the protocol allows one sitemap to list.
func TestALargeBlogHasAnIndex(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Exec(t, s.store, `INSERT INTO posts (id, author_id, slug, title, body, excerpt, words, created_at, updated_at, published_at)
		SELECT gen_random_uuid(), $1, 'post-' || n, 'T', '', '', 0, at, at, at
		FROM generate_series(1, 50001) AS n, LATERAL (SELECT now() - n * interval '1 minute') AS time (at)`, ada)
	index := listedIn(t, s.visitor(t).get("/sitemap.xml"))
	if len(index) != 2 {
		t.Fatalf("the index is %q", index)
	}
	seen := map[string]bool{}
	for _, part := range index {
		list := listedIn(t, s.visitor(t).get(strings.TrimPrefix(part, s.url)))
		if len(list) > 50_000 {
			t.Errorf("%s lists %d", part, len(list))
		}
		for _, address := range list {
			seen[address] = true
		}
	}
	if len(seen) != 50_003 { // with the home page and the author's
		t.Errorf("%d addresses are listed", len(seen))
	}
}

func TestASitemapThatFailedIsNotTriedAgainForAMinute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO hidden")
	s.visitor(t).get("/sitemap.xml").wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "60").isPage()
	dbtest.Exec(t, s.store, "ALTER TABLE hidden RENAME TO posts")
	for _, path := range []string{"/sitemap.xml", "/sitemap-1.xml"} {
		s.visitor(t).get(path).wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "60")
	}
}

// TestFewSitemapsAreMadeAtOnce lets them wait for the posts, which somebody else holds.
func TestFewSitemapsAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.visitor(t).get("/sitemap.xml").wants(http.StatusOK) // and where the list is cut is known
	tx, err := s.store.Pool.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), "LOCK TABLE posts")
	}
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan *answer, 5)
	for range 5 {
		b := s.visitor(t)
		go func() { answers <- b.get("/sitemap.xml") }()
	}
	(<-answers).wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "60")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		(<-answers).wants(http.StatusOK)
	}
	s.visitor(t).get("/sitemap.xml").wants(http.StatusOK)
}

func TestNoOtherNumberIsASitemap(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, number := range []string{"0", "2", "-1", "01", "+1", "x", "", "1.5", "99999999999999999999"} {
		s.visitor(t).get("/sitemap-" + number + ".xml").wants(http.StatusNotFound).isPage()
	}
}

func TestRobotsFindTheSitemapAndNoForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	a := s.visitor(t).get("/robots.txt").wants(http.StatusOK).wantsHeader("Content-Type", "text/plain; charset=utf-8")
	if !strings.HasPrefix(a.body, "User-agent: *\n") || !strings.HasSuffix(a.body, "\nAllow: /\n\nSitemap: "+s.url+"/sitemap.xml\n") {
		t.Errorf("it says %s", a.body)
	}
	var not []string
	for line := range strings.Lines(a.body) {
		if path, ok := strings.CutPrefix(line, "Disallow: "); ok {
			not = append(not, strings.TrimSpace(path))
		}
	}
	forbidden := func(path string) bool {
		return slices.ContainsFunc(not, func(rule string) bool {
			if whole, ends := strings.CutSuffix(rule, "$"); ends {
				return path == whole
			}
			return strings.HasPrefix(path, rule)
		})
	}
	for _, path := range []string{"/search?q=x", "/login", "/signup", "/settings/record", "/new", "/dashboard", "/posts/1/edit", "/admin", "/forgot", "/reset/x"} {
		if !forbidden(path) {
			t.Errorf("%s is for robots", path)
		}
	}
	for _, path := range []string{
		"/", "/?before=x", "/@ada", "/@ada/" + post.Slug(), "/@login/new", "/tags/search", "/archive", "/feed.atom", "/@ada/feed.json", "/card.png",
		"/assets/app.css", "/sitemap.xml", "/newsletter",
	} {
		if forbidden(path) {
			t.Errorf("%s is not for robots", path)
		}
	}
	s.visitor(t).with("If-None-Match", a.Header.Get("ETag")).get("/robots.txt").wants(http.StatusNotModified)
}

func TestASmallSitemapIsKeptAndALargeOneIsSentAsItIsRead(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	first := b.keepsPage("/sitemap.xml")
	release := s.unread(t)
	defer release()
	again := b.get("/sitemap.xml").wants(http.StatusOK)
	if again.body != first.body || len(listedIn(t, again)) != 3 {
		t.Errorf("kept is %s, and it was %s", again.body, first.body)
	}
	s.visitor(t).with("If-None-Match", first.Header.Get("ETag")).get("/sitemap.xml").wants(http.StatusNotModified)

	large := remembers(t, dbtest.Store(t), func(o *handlers.Options) { o.SitemapSize = 2 })
	dbtest.Post(t, large.store, dbtest.User(t, large.store, "ada"))
	dbtest.Post(t, large.store, dbtest.User(t, large.store, "bob"))
	b = large.visitor(t)
	for range 3 { // by HEAD first: what has no body must not be what others get
		b.do(http.MethodHead, "/sitemap-1.xml", nil).wants(http.StatusOK)
		if list := listedIn(t, b.get("/sitemap-1.xml")); len(list) != 3 {
			t.Errorf("the first of the sitemaps lists %v", list)
		}
	}
}
