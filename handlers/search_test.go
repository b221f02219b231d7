package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// texted makes a post of that text.
func texted(title, body string) func(*dbtest.NewPost) {
	return func(p *dbtest.NewPost) { p.Title, p.Body = title, body }
}

func inGerman(o *handlers.Options) { o.Language = "de-AT" }

func searching(q string) string { return "/search?q=" + url.QueryEscape(q) }

func TestASearchFindsPostsByAPlainFormAndInPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, texted("The tide tables", "Every harbour keeps two clocks."))
	dbtest.Post(t, s.store, ada, texted("Bread", "Nothing of the sea."))
	b := s.visitor(t)
	form := b.get("/search").wants(http.StatusOK).isPage().wantsHeader("X-Robots-Tag", "noindex")
	form.has("form[role=search][action='/search'] label[for=search-q]")
	form.has("form[role=search] input[name=q][type=search][autofocus]")
	form.hasNot("#found *")
	page := b.get(searching("harbours")).wants(http.StatusOK).isPage()
	page.has("[name=q][value=harbours]")
	part := b.htmx().get(searching("harbours")).wants(http.StatusOK).isFragment("found")
	part.has("[data-announce='1 result.']")
	for _, a := range []*answer{page, part} {
		a.says("article.post.listed h2 a", "The tide tables")
		a.says("article .excerpt mark", "harbour")
		if n := a.has("article").Length(); n != 1 {
			t.Errorf("%d posts are found", n)
		}
	}
	b.get(searching("tide")).says("h2 mark", "tide")
	b.get(searching("lighthouse")).wants(http.StatusOK).says("#found .empty", "Nothing has “lighthouse” in it.")
	b.htmx().get(searching("lighthouse")).has("[data-announce='Nothing found.']")
	b.htmx().get(searching("")).isFragment("found").hasNot("[data-announce]")
	b.get(searching("-tide")).wants(http.StatusOK).says("#found .empty", "There is no word to look for")
}

func TestMoreResultsComeInPagesPlainAndInPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	fill(t, s, ada)
	b := s.visitor(t)
	first := b.htmx().get(searching("post")).wants(http.StatusOK).isFragment("found")
	first.has("[data-announce='More than 20 results.']")
	next := first.has("#older a").AttrOr("href", "")
	page, part := b.get(next).wants(http.StatusOK).isPage(), b.htmx().get(next).wants(http.StatusOK).isFragment("found-2")
	part.hasNot("[data-announce]")
	part.has("article:first-of-type a[autofocus]")
	for _, a := range []*answer{page, part} {
		if n := a.has("article").Length(); n != 20 {
			t.Errorf("%d posts are on the second page", n)
		}
	}
	b.get(searching("post")+"&page=4").wants(http.StatusOK).says("#found", "That was all.")
	for _, odd := range []string{"0", "-1", "x", "1.5", "9999999999999999999999"} {
		b.get(searching("post") + "&page=" + odd).wants(http.StatusBadRequest)
	}
	b.get(searching("post") + "&page=1000000").wants(http.StatusNotFound)
}

func TestASearchShowsDraftsToTheirAuthorAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	secrets := dbtest.Post(t, s.store, ada, texted("Secrets", "The harbour is sold."), draft)
	dbtest.Post(t, s.store, bob, texted("In public", "The harbour opens at six."))
	own := s.as(t, "ada").get(searching("harbour")).wants(http.StatusOK).wantsHeader("Cache-Control", "no-store")
	own.says("section.apart", "Your drafts")
	own.has("section.apart #" + articleOf(secrets) + " .badge")
	own.has("section.apart h2 a[href='/posts/" + secrets.ID.String() + "/edit']")
	own.has("section.apart .owner-actions")
	for name, b := range map[string]*browser{"bob": s.as(t, "bob"), "nobody": s.visitor(t)} {
		for _, q := range []string{"harbour", "secrets", "secerts", "sold"} {
			for _, a := range []*answer{b.get(searching(q)), b.htmx().get(searching(q))} {
				if text := a.wants(http.StatusOK).page.Find("#found").Text(); strings.Contains(text, "Secrets") || strings.Contains(text, "sold.") || strings.Contains(text, "Your drafts") {
					t.Errorf("%s finds %q by %s", name, text, q)
				}
			}
		}
		b.htmx().get(searching("harbour")).has("[data-announce='1 result.']")
	}
}

func TestASearchForgivesTypingErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), texted("The lighthouse keeper", "He paints."))
	page := s.visitor(t).get(searching("lighthosue")).wants(http.StatusOK)
	page.says("#found .empty", "Nothing has “lighthosue” in it.")
	page.says("section.apart", "Did you mean one of these?")
	page.says("section.apart h2 a", "The lighthouse keeper")
	s.visitor(t).htmx().get(searching("lighthosue")).has("[data-announce='Nothing found, but something like it.']")
}

func TestWhatPostsAndSearchesHoldIsShownAsText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hostile := `<script>alert(1)</script> <img src=x onerror=alert(2)> harbour <mark>none</mark>`
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), texted(hostile, hostile))
	for _, q := range []string{"harbour", "alert", "img harbour", `"><script>alert(3)</script> harbour`} {
		a := s.visitor(t).get(searching(q)).wants(http.StatusOK)
		a.hasNot("main script, main img, main [onerror]")
		a.says("h2 a", hostile)
		if a.page.Find("mark").Length() == 0 || a.page.Find("mark:contains('none')").Length() > 0 {
			t.Errorf("%s marks %q", q, a.page.Find("mark").Text())
		}
	}
}

func TestNoSearchIsAnsweredByAFailure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	for _, q := range []string{"%00", "%ff%fe", "%22", strings.Repeat("(", 150), "the", "%F0%9F%A6%80", "%27%5C%3A*%26%7C!", "-", "tide%00%01%02"} {
		b.get("/search?q=" + q).wants(http.StatusOK).isPage()
	}
	b.get("/search?q=a&q=b").wants(http.StatusOK)
	for _, long := range []string{strings.Repeat("x", 201), strings.Repeat("(", 10_000)} {
		page := b.get("/search?q=" + long).wants(http.StatusUnprocessableEntity).isPage()
		page.says("#found [role=alert]", "A search has at most 200 characters.")
		page.has("[name=q][aria-invalid=true]")
		if page.has("[name=q]").AttrOr("value", "") != long {
			t.Error("what was typed is not there any more")
		}
		b.htmx().get("/search?q=" + long).wants(http.StatusUnprocessableEntity).isFragment("found")
	}
	b.get(searching(strings.Repeat("é", 200))).wants(http.StatusOK)
}

func TestABusyDatabaseEndsASearchAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tx, err := s.store.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE posts"); err != nil {
		t.Fatal(err)
	}
	s.visitor(t).get(searching("tide")).wants(http.StatusServiceUnavailable).has("h1:contains('Busy just now')")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.visitor(t).get(searching("tide")).wants(http.StatusOK)
}

func TestEveryPageSaysTheLanguageOfTheBlog(t *testing.T) {
	t.Parallel()
	english, german := newSite(t), newSite(t, inGerman)
	for _, path := range []string{"/", "/search", "/nowhere", "/login"} {
		english.visitor(t).get(path).has("html[lang=en]")
		german.visitor(t).get(path).has("html[lang='de-AT']")
	}
}
