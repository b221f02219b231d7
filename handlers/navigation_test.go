package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

func TestAPageByItselfIsInTheNavigationOfEveryPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.Owner(t, s.store, "ada")
	about := dbtest.Post(t, s.store, ada, titled("About"))
	ueber := dbtest.Post(t, s.store, ada, titled("Über-uns"))
	other := dbtest.Post(t, s.store, ada, titled("Low tide"))
	b := s.as(t, "ada")
	for _, page := range []dbtest.NewPost{about, ueber} {
		b.post(at(page, "/details"), url.Values{"page": {"yes"}, "slug": {page.Slug()}}).leadsTo(at(page, "/details"))
	}
	reader := s.visitor(t)
	for _, path := range []string{"/", "/@ada/low-tide", "/login", "/nowhere"} {
		page := reader.get(path)
		if got := fmt.Sprint(hrefs(page.has("nav[aria-label=Main] ul.pages a"))); got != "[/@ada/about /@ada/%C3%BCber-uns]" {
			t.Errorf("on %s there are %s", path, got)
		}
		page.hasNot("ul.pages a[aria-current]")
	}
	reader.get("/@ada/about").wants(http.StatusOK).says("ul.pages a[aria-current=page]", "About")
	reader.get("/@ada/%C3%BCber-uns").wants(http.StatusOK).says("ul.pages a[aria-current=page]", "Über-uns")
	home := reader.get("/")
	if got := articles(home); len(got) != 1 || got[0] != articleOf(other) {
		t.Errorf("the home page lists %v", got)
	}
	reader.get("/@ada/about").hasNot("nav.pager")
	b.get("/dashboard").says("#"+articleOf(about)+" .badge", "Page")
	b.post(at(about, "/deletion"), url.Values{})
	reader.get("/").hasNot("ul.pages a[href='/@ada/about']")
}

func TestAPostLeadsToTheOnesBesideIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	dbtest.Post(t, s.store, bob, titled("Oldest"), written(2026, 1, 1))
	middle := dbtest.Post(t, s.store, ada, titled("Middle"), written(2026, 1, 2))
	dbtest.Post(t, s.store, bob, titled("Newest"), written(2026, 1, 3))
	b := s.visitor(t)
	page := b.get("/@ada/middle").wants(http.StatusOK)
	page.says("nav.pager[aria-label='More posts'] a[rel=prev][href='/@bob/oldest']", "Oldest")
	page.says("nav.pager a[rel=next][href='/@bob/newest']", "Newest")
	b.get("/@bob/newest").hasNot("nav.pager a[rel=next]")
	b.get("/@bob/oldest").hasNot("nav.pager a[rel=prev]")
	b.htmx().get("/@ada/middle").wants(http.StatusOK).isFragment(articleOf(middle))
	dbtest.Exec(t, s.store, "DELETE FROM posts WHERE author_id = $1", bob)
	b.get("/@ada/middle").hasNot("nav.pager")
}

func TestAPostWithFourHeadingsHasContents(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := blog.Author{ID: dbtest.User(t, s.store, "ada"), Username: "ada"}
	for title, body := range map[string]string{
		"Three": "## A\n\nText.\n\n## B\n\n### C\n\nText.",
		"Five":  "### A\n\nText.\n\n## B `<b>`\n\n#### C\n\n### D\n\n## E\n\nText.",
	} {
		if _, err := s.blog.Write(t.Context(), ada, blog.NewID(), blog.Origin{}, blog.Draft{Title: title, Body: body}, blog.Publish); err != nil {
			t.Fatal(err)
		}
	}
	b := s.visitor(t)
	b.get("/@ada/three").wants(http.StatusOK).hasNot("nav.toc")
	page := b.get("/@ada/five").wants(http.StatusOK)
	page.has("article > nav.toc[aria-label=Contents] + .prose")
	if got := page.has("nav.toc > details > ol > li > a").Text(); got != "AB <b>E" {
		t.Errorf("it has %q", got)
	}
	if got := page.has("nav.toc > details > ol > li > ol > li > a").Text(); got != "CD" {
		t.Errorf("below B it has %q", got)
	}
	for _, to := range hrefs(page.has("nav.toc a")) {
		if page.page.Find(".prose").Find(to).Length() != 1 {
			t.Errorf("%s leads nowhere: %s", to, page.body)
		}
	}
}

func TestPinnedPostsStandOnTop(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, grace := dbtest.User(t, s.store, "ada"), dbtest.Owner(t, s.store, "grace")
	old := dbtest.Post(t, s.store, ada, titled("Old"), written(2026, 1, 1))
	dbtest.Post(t, s.store, ada, titled("New"), written(2026, 1, 5))
	of := dbtest.Post(t, s.store, grace, titled("Of grace"), written(2025, 1, 1))
	s.as(t, "ada").post(at(old, "/details"), url.Values{"pinned": {"yes"}}).wants(http.StatusSeeOther)
	s.as(t, "grace").post(at(of, "/details"), url.Values{"pinned": {"yes"}}).wants(http.StatusSeeOther)
	b := s.visitor(t)
	home := b.get("/")
	if got := articles(home); len(got) != 3 || got[0] != articleOf(of) || got[2] != articleOf(old) {
		t.Errorf("the home page lists %v", got)
	}
	home.says("#"+articleOf(of)+" .badge", "Pinned")
	home.hasNot("#" + articleOf(old) + " .badge")
	page := b.get("/@ada")
	if got := articles(page); len(got) != 2 || got[0] != articleOf(old) {
		t.Errorf("her page lists %v", got)
	}
	page.says("#"+articleOf(old)+" .badge", "Pinned")
	s.as(t, "ada").get("/dashboard").says("#"+articleOf(old)+" .badge", "Pinned")
}
