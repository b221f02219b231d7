package handlers_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miniblog/assets"
	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// scripts are the names of the scripts that a page loads.
func (a *answer) scripts() (names []string) {
	for _, tag := range a.page.Find("script[src]").EachIter() {
		name, rest, _ := strings.Cut(strings.TrimPrefix(tag.AttrOr("src", ""), assets.Root), ".")
		names = append(names, name+rest[strings.LastIndex(rest, "."):])
	}
	return names
}

// htmx has 12 KB: a page on which nothing happens in place does not load it.
func TestAPageLoadsHTMXWhenSomethingHappensInPlaceAndOnlyThen(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *handlers.Options) { o.Gallery = true })
	ada := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) {
		p.Body = `The text <p data-hx-get="/x"> data-hx-post="/y" is a text.`
	})
	dbtest.User(t, s.store, "bob")
	dbtest.Owner(t, s.store, "grace")
	withHTMX, without := 0, 0
	for _, b := range []*browser{s.visitor(t), s.as(t, "ada"), s.as(t, "bob"), s.as(t, "grace")} {
		for route := range groups {
			method, path, _ := strings.Cut(route, " ")
			a := b.do(method, addressOf(path, post), nil)
			if method != http.MethodGet || a.page.Find("body > main").Length() == 0 {
				continue
			}
			uses := a.page.Find("[data-hx-get], [data-hx-post]").Length() > 0
			loads := slices.Contains(a.scripts(), "htmx.js")
			if uses != loads {
				t.Errorf("%s uses htmx: %v; loads it: %v", a.Request.URL.Path, uses, loads)
			}
			if loads != (a.page.Find("meta[name=htmx-config]").Length() == 1) {
				t.Errorf("%s has htmx without its settings, or the other way round", a.Request.URL.Path)
			}
			if loads {
				withHTMX++
			} else {
				without++
			}
		}
	}
	if withHTMX < 5 || without < 5 {
		t.Errorf("%d pages with htmx and %d without were seen", withHTMX, without)
	}
	s.visitor(t).get("/gallery").has("script[src*='/htmx.']")
}

func TestWhoReadsAPostLoadsNoScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	dbtest.User(t, s.store, "bob")
	for _, path := range []string{"/", "/@ada", "/@ada/" + post.Slug(), "/nothing-here"} {
		if scripts := s.visitor(t).get(path).scripts(); len(scripts) != 0 {
			t.Errorf("%s loads %v", path, scripts)
		}
	}
	if scripts := s.as(t, "bob").get("/@ada/" + post.Slug()).scripts(); !slices.Equal(scripts, []string{"app.js", "autosave.js"}) {
		t.Errorf("a reader who also writes loads %v", scripts)
	}
}

func TestTheGalleryIsShownOnlyWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	newSite(t).visitor(t).get("/gallery").wants(http.StatusNotFound)
	shown := newSite(t, func(o *handlers.Options) { o.Gallery = true }).visitor(t).get("/gallery").wants(http.StatusOK)
	if focused := shown.page.Find("[autofocus]").Length(); focused != 1 {
		t.Errorf("%d places ask for the cursor", focused)
	}
	shown.hasNot("body[data-account]")
}

// What sets words in italics says so in its head: the font would else be asked for a trip later.
func TestAPageLoadsTheItalicsEarlyWhenItHasThemAndOnlyThen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	for body, want := range map[string]int{"One *word* of it.": 1, "> Somebody said.": 1, "No word of it: 2 < 3.": 0} {
		post := dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = strconv.Itoa(len(body)), body })
		preloads := s.visitor(t).get("/@ada/" + post.Slug()).wants(http.StatusOK).page.Find(`head link[rel=preload][href*="italic"]`)
		if preloads.Length() != want {
			t.Errorf("%q loads the italics %d times early, want %d", body, preloads.Length(), want)
		}
	}
}
