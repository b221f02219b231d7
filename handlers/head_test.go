package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// meta is what a page says in a meta element, one line an element.
func meta(a *answer, property string) string {
	found := a.page.Find("head meta[property='" + property + "'], head meta[name='" + property + "']")
	return strings.Join(found.Map(func(_ int, tag *goquery.Selection) string { return tag.AttrOr("content", "") }), "\n")
}

func canonical(a *answer) string { return a.page.Find("head link[rel=canonical]").AttrOr("href", "") }

// feedsOf are the feeds that a page leads to.
func feedsOf(a *answer) []string {
	return a.page.Find("head link[rel=alternate]").Map(func(_ int, link *goquery.Selection) string {
		return link.AttrOr("type", "") + " " + link.AttrOr("href", "")
	})
}

// outside is a blog whose public address is another than the one it is asked at.
func outside(o *handlers.Options) { o.URL = &url.URL{Scheme: "https", Host: "blog.example.org"} }

const public = "https://blog.example.org"

func TestAPostsPageTellsMachinesWhatItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, outside)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), march(22), func(p *dbtest.NewPost) {
		p.Title, p.Body = `Tides & "times"`, "Two  clocks\nin a harbour."
	})
	tags(t, s, post, "{Sea,Tide & time}", "{sea,tide-time}")
	dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Ada <L>'")
	dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'tides', updated_at = '2026-03-23 10:00+00'")
	for _, path := range []string{"/@ada/tides", "/@ada/tides?x=1&before=2"} {
		a := s.visitor(t).with("X-Forwarded-Host", "evil.example").get(path).wants(http.StatusOK)
		for property, want := range map[string]string{
			"og:type": "article", "og:title": `Tides & "times"`, "og:url": public + "/@ada/tides", "og:site_name": "Harbour Notes",
			"og:description": "Two clocks in a harbour.", "description": "Two clocks in a harbour.",
			"og:image:width": "1200", "og:image:height": "630", "og:image:type": "image/png", "og:image:alt": `Tides & "times", by Ada <L>`,
			"article:published_time": "2026-03-22T12:00:00Z", "article:modified_time": "2026-03-23T10:00:00Z",
			"article:author": public + "/@ada", "article:tag": "Sea\nTide & time", "author": "Ada <L>", "twitter:card": "summary_large_image",
		} {
			if got := meta(a, property); got != want {
				t.Errorf("%s is %q, want %q", property, got, want)
			}
		}
		if got := meta(a, "og:image"); !strings.HasPrefix(got, public+"/@ada/tides/card.png?v=") {
			t.Errorf("og:image is %q", got)
		}
		if canonical(a) != public+"/@ada/tides" || a.has("head link[rel=author]").AttrOr("href", "") != public+"/@ada" {
			t.Errorf("it is at %s", canonical(a))
		}
		wantsFeeds(t, a, "/", "/@ada/")
	}
}

func wantsFeeds(t *testing.T, a *answer, folders ...string) {
	t.Helper()
	var want []string
	for _, folder := range folders {
		want = append(want, "application/atom+xml "+folder+"feed.atom", "application/feed+json "+folder+"feed.json")
	}
	if got := feedsOf(a); !slices.Equal(got, want) {
		t.Errorf("%s leads to the feeds %q, want %q", a.Request.URL, got, want)
	}
}

func TestAPostDescribesItselfInJSONWhateverItsTitle(t *testing.T) {
	t.Parallel()
	for _, title := range []string{`</script><script>alert(1)</script>`, "<!-- <script>", "]]> \u2028 & 'x' \"y\" \\"} {
		s := newSite(t, outside)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), march(22), func(p *dbtest.NewPost) { p.Title, p.Body = title, title })
		tags(t, s, post, "{Sea}", "{sea}")
		dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'x', updated_at = '2026-03-23 10:00+00'")
		a := s.visitor(t).get("/@ada/x").wants(http.StatusOK)
		block := a.has("head script[type='application/ld+json']")
		if block.Length() != 1 || a.page.Find("script:not([src])").Length() != 1 {
			t.Errorf("there are %d blocks: %s", block.Length(), a.body)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(block.Text()), &got); err != nil {
			t.Fatal(err)
		}
		author, _ := got["author"].(map[string]any)
		for name, value := range map[string]any{"@name": author["name"], "@url": author["url"], "@is": author["@type"]} {
			got[name] = value
		}
		for name, want := range map[string]any{
			"@context": "https://schema.org", "@type": "BlogPosting", "headline": title, "url": public + "/@ada/x",
			"mainEntityOfPage": public + "/@ada/x", "datePublished": "2026-03-22T12:00:00Z", "dateModified": "2026-03-23T10:00:00Z",
			"image": meta(a, "og:image"), "@name": "ada", "@url": public + "/@ada", "@is": "Person",
		} {
			if got[name] != want {
				t.Errorf("%q: %s is %v, want %v", title, name, got[name], want)
			}
		}
	}
}

func TestListsTellMachinesWhereTheyAre(t *testing.T) {
	t.Parallel()
	s := newSite(t, outside)
	ada := dbtest.User(t, s.store, "ada")
	fill(t, s, ada)
	dbtest.Exec(t, s.store, "UPDATE users SET about = 'Keeps clocks.'")
	dbtest.Exec(t, s.store, "UPDATE posts SET tags = '{Tide & time}', tag_slugs = '{tide-time}'")
	for path, want := range map[string]struct {
		title, description string
		feeds              []string
	}{
		"/": {"Harbour Notes", "The newest posts of Harbour Notes.", []string{"/"}}, "/@ada": {"ada", "Keeps clocks.", []string{"/", "/@ada/"}},
		"/tags": {"Tags", "Tags of Harbour Notes.", []string{"/"}}, "/tags/tide-time": {"Tide & time", "Posts about Tide & time in Harbour Notes.", []string{"/", "/tags/tide-time/"}},
		"/archive": {"Archive", "Archive of Harbour Notes.", []string{"/"}}, "/archive/2026": {"2026", "2026 of Harbour Notes.", []string{"/"}},
	} {
		first := s.visitor(t).get(path)
		pages := []*answer{first}
		if older := olderThan(first); older != "" {
			pages = append(pages, s.visitor(t).get(older))
		} else if path != "/tags" && path != "/archive" {
			t.Errorf("%s has one page", path)
		}
		for _, page := range pages {
			if got := canonical(page); got != public+page.Request.URL.RequestURI() || meta(page, "og:url") != got {
				t.Errorf("%s says that it is at %s", page.Request.URL, got)
			}
			if meta(page, "og:type") != "website" || meta(page, "og:title") != want.title || meta(page, "og:description") != want.description {
				t.Errorf("%s says that it is %q", path, meta(page, "og:title"))
			}
			if got := meta(page, "og:image"); !strings.HasPrefix(got, public+"/card.png?v=") {
				t.Errorf("og:image is %q", got)
			}
			page.hasNot("head script[type='application/ld+json']")
			wantsFeeds(t, page, want.feeds...)
		}
	}
}

func TestPagesOfOnePersonTellMachinesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"))
	ada := s.as(t, "ada")
	for _, path := range []string{"/dashboard", "/settings", "/admin", "/new", "/nothing", at(post, "/edit"), at(post, "/history")} {
		saysNothing(t, ada.get(path))
	}
	for _, path := range []string{"/login", "/signup", "/forgot", "/nothing"} {
		saysNothing(t, s.visitor(t).get(path))
	}
}

func saysNothing(t *testing.T, a *answer) {
	t.Helper()
	a.hasNot("head link[rel=canonical]")
	a.hasNot("head meta[property]")
	a.hasNot("head script[type='application/ld+json']")
	wantsFeeds(t, a, "/")
}
