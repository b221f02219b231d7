package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

const deadText = "[a](/@ada/never) and [b](/@ada/never) and [here](/@ada) and [out](https://elsewhere.example/never) and [c](/nowhere?x=<b>)"

// listsDead asserts that these links are listed and said to lead nowhere.
func (a *answer) listsDead(links ...string) {
	a.t.Helper()
	a.says(".dead-links p", "lead nowhere:")
	var got []string
	a.has(".dead-links li").Each(func(_ int, item *goquery.Selection) { got = append(got, item.Text()) })
	if strings.Join(got, "\n") != strings.Join(links, "\n") {
		a.t.Errorf("listed are %q, want %q", got, links)
	}
}

func TestLinksThatLeadNowhereAreListedForTheAuthorOfAPostAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	ada := s.as(t, "ada")
	ada.post("/posts", merged(text("Low tide", deadText), url.Values{"id": {uuid.NewString()}})).leadsTo("/@ada/low-tide")
	ada.get("/@ada/low-tide").wants(http.StatusOK).listsDead("/@ada/never", "/nowhere?x=<b>")
	for _, b := range []*browser{s.visitor(t), s.as(t, "bob")} {
		b.get("/@ada/low-tide").wants(http.StatusOK).hasNot(".dead-links")
		b.htmx().get("/@ada/low-tide").wants(http.StatusOK).hasNot(".dead-links")
	}
	dbtest.Post(t, s.store, dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'"), titled("Never"))
	ada.get("/@ada/low-tide").wants(http.StatusOK).listsDead("/nowhere?x=<b>") // one leads there now
}

func TestASaveInPlaceListsLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	ada := s.as(t, "ada").htmx()
	for _, shape := range []string{"full", "listed", "own"} {
		form := ada.get(at(post, "/edit?shape="+shape)).form("form[data-editor]")
		saved := ada.submit(form, text("Low tide", deadText+shape)).wants(http.StatusOK).isFragment(articleOf(post))
		saved.listsDead("/@ada/never", "/nowhere?x=<b>")
		saved.has("article[data-announce$='Everybody can read it. Some links in it lead nowhere.']")
	}
	ada.get(at(post, "?shape=full")).listsDead("/@ada/never", "/nowhere?x=<b>")
	form := ada.get(at(post, "/edit?shape=full")).form("form[data-editor]")
	mended := ada.submit(form, text("Low tide", "[a](/@ada)")).wants(http.StatusOK)
	mended.hasNot(".dead-links")
	mended.has("article[data-announce$='Everybody can read it.']")

	written := ada.post("/posts", merged(text("New", deadText), url.Values{"id": {uuid.NewString()}, "shape": {"own"}, "status": {"draft"}}))
	written.wants(http.StatusOK).listsDead("/@ada/never", "/nowhere?x=<b>")
	written.has("[data-announce='Saved as a draft. Some links in it lead nowhere.']")
}

func TestTheDashboardListsTheDeadLinksOfADraftJustSaved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	ada, id := s.as(t, "ada"), uuid.NewString()
	ada.post("/posts", merged(text("Begun", deadText), url.Values{"id": {id}, "status": {"draft"}})).leadsTo("/dashboard?links=" + id)
	page := ada.get("/dashboard?links=" + id).wants(http.StatusOK).isPage()
	page.listsDead("/@ada/never", "/nowhere?x=<b>")
	page.says(".dead-links a[href='/posts/"+id+"/edit']", "Begun")
	for _, address := range []string{"/dashboard", "/dashboard?links=" + uuid.NewString(), "/dashboard?links=x"} {
		ada.get(address).wants(http.StatusOK).hasNot(".dead-links")
	}
	s.as(t, "bob").get("/dashboard?links=" + id).wants(http.StatusOK).hasNot(".dead-links")
	ada.post("/posts/"+id, merged(text("Begun", "No links."), url.Values{"version": {"1"}, "status": {"draft"}})).leadsTo("/dashboard")
	ada.get("/dashboard?links=" + id).wants(http.StatusOK).hasNot(".dead-links")
	ada.post("/posts/"+id+"/deletion", nil)
	ada.get("/dashboard?links=" + id).wants(http.StatusOK).hasNot(".dead-links")
}

// A page that is always there leads somewhere, whoever is to see it; what is written may not be.
func TestEveryPageOfOurOwnIsKnownToLeadSomewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *handlers.Options) { o.Origins = []string{"http://Blog.example:8080"} })
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	var body strings.Builder
	for route := range groups {
		if method, path, _ := strings.Cut(route, " "); method == http.MethodGet {
			path = addressOf(path, post)
			body.WriteString("[a](" + path + ") [b](" + s.url + path + "?x=1) [c](http://blog.example:8080" + path + "#x)\n\n")
		}
	}
	ada := s.as(t, "ada")
	ada.post("/posts", merged(text("All", body.String()), url.Values{"tags": {"tide"}})).leadsTo("/@ada/all")
	ada.get("/@ada/all").wants(http.StatusOK).hasNot(".dead-links")
	nowhere := []string{"/posts", "/Login", "/login/", "/settings/profile", "/@eve", "/@eve/x", "/@eve/x/changes", "/@ada/never/changes", "/@ada/never/card.png", "/tags/tea", s.url + "/x", "/posts/1/x"}
	ada.post("/posts", text("None", "[a]("+strings.Join(nowhere, ") [a](")+")")).leadsTo("/@ada/none")
	ada.get("/@ada/none").wants(http.StatusOK).listsDead(nowhere...)
}

// The text is kept: that its links cannot be looked at is no failure.
func TestASaveWhoseLinksCannotBeLookedAtIsASave(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	dbtest.Exec(t, s.store, "ALTER TABLE permalinks RENAME TO lost")
	for _, b := range []*browser{ada, ada.htmx()} {
		id := uuid.NewString()
		b.post("/posts", merged(text("Begun", deadText), url.Values{"id": {id}, "shape": {"own"}, "status": {"draft"}}))
		if s.count(t, "posts WHERE id = '"+id+"'") != 1 {
			t.Error("it is not kept")
		}
	}
	if got := strings.Count(log.text(), `"msg":"links not looked at"`); got != 2 {
		t.Errorf("%d lines in the log: %s", got, log.text())
	}
}
