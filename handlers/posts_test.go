package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

func draft(p *dbtest.NewPost)   { p.Draft = true }
func deleted(p *dbtest.NewPost) { p.Deleted = true }

func titled(title string) func(*dbtest.NewPost) {
	return func(p *dbtest.NewPost) { p.Title = title }
}

// at is the address of a post by its id, or of something about it.
func at(post dbtest.NewPost, about ...string) string {
	return "/posts/" + post.ID.String() + strings.Join(about, "")
}

func articleOf(post dbtest.NewPost) string { return "post-" + post.ID.String() }

// stands is what is kept of a post, in one line.
func (s *site) stands(t *testing.T, id uuid.UUID) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `
		SELECT concat_ws(' | ', title, body, 'version ' || version, coalesce(slug, 'no slug'),
			CASE WHEN published_at IS NULL THEN 'draft' ELSE 'published' END,
			CASE WHEN deleted_at IS NOT NULL THEN 'deleted' END)
		FROM posts WHERE id = $1`, id)
}

// change is a form that changes something; ID stands for a post's id.
type change struct {
	path string
	form url.Values
}

// changes are all that an author can do to a post.
var changes = map[string]change{
	"write":      {"/posts", url.Values{"id": {"ID"}, "title": {"New title"}, "body": {"New body"}}},
	"revise":     {"/posts/ID", url.Values{"version": {"1"}, "title": {"New title"}, "body": {"New body"}}},
	"publish":    {"/posts/ID", url.Values{"version": {"1"}, "title": {"T"}, "body": {"B"}, "status": {"published"}}},
	"delete":     {"/posts/ID/deletion", url.Values{}},
	"undo":       {"/posts/ID/restoration", url.Values{}},
	"return":     {"/posts/ID/history/1/restoration", url.Values{}},
	"empty text": {"/posts/ID", url.Values{"version": {"1"}}},
}

func (c change) of(id string) (path string, form url.Values) {
	form = maps.Clone(c.form)
	if form.Has("id") {
		form.Set("id", id)
	}
	return strings.ReplaceAll(c.path, "ID", url.PathEscape(id)), form
}

func TestAPublishedPostIsReadAtItsPermalink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	page := s.visitor(t).get("/@ada/low-tide").wants(http.StatusOK).isPage()
	page.says("article h1", "Low tide")
	page.says("article .prose", post.Body)
	page.has("article [rel=author][href='/@ada']")
	page.says("title", "Low tide · Harbour Notes")
	part := s.visitor(t).htmx().get("/@ada/low-tide").wants(http.StatusOK).isFragment(articleOf(post))
	for _, a := range []*answer{page, part, s.as(t, "bob").get("/@ada/low-tide").wants(http.StatusOK)} {
		a.hasNot(".owner-actions")
	}
	mine := s.as(t, "ada").get("/@ada/low-tide").wants(http.StatusOK)
	mine.has("article a[href='" + at(post, "/edit") + "']")
	mine.has("article form[action='" + at(post, "/deletion") + "'] button")
}

func TestAPermalinkIsSpeltInOneWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("日本"))
	moved := s.visitor(t).get("/@ADA/日本").wants(http.StatusMovedPermanently)
	moved.wantsHeader("Location", "/@ada/%E6%97%A5%E6%9C%AC")
	s.visitor(t).get(moved.Header.Get("Location")).wants(http.StatusOK)
}

func TestWhatIsNotPublishedHasNoPermalink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Here"))
	hidden := dbtest.Post(t, s.store, ada, titled("Draft"), draft)
	dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'draft' WHERE id = $1", hidden.ID)
	s.visitor(t).get("/@ada/here").wants(http.StatusOK)
	for _, path := range []string{
		"/@ada/draft", "/@ada/missing", "/@bob/here", "/@ada/HERE", "/@ada/here/", "/@ada/here/more",
		"/@/here", "/@ada/%00", "/@a%00da/here", "/@%ff/here", "/@ada/%ff", "/@ada/here%00", "/@ada/%2e%2e",
		"/@ada/" + strings.Repeat("x", 9000), "/ada/here", "/@ada%2Fhere%2F..",
	} {
		for _, b := range []*browser{s.visitor(t), s.as(t, "ada")} {
			b.get(path).wants(http.StatusNotFound).isPage()
		}
	}
}

func TestDeletingOffersUndoOnTheDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	ada := s.as(t, "ada")
	form := ada.get("/@ada/low-tide").form("article form")
	ada.submit(form, nil).leadsTo("/dashboard?deleted=" + post.ID.String())
	if got := s.stands(t, post.ID); got != "Low tide | "+post.Body+" | version 1 | low-tide | published | deleted" {
		t.Errorf("kept %q", got)
	}
	ada.get("/@ada/low-tide").wants(http.StatusGone)
	page := ada.get("/dashboard?deleted=" + post.ID.String()).wants(http.StatusOK).isPage()
	page.says("#"+articleOf(post), "Deleted “Low tide”.")
	page.says("#"+articleOf(post)+" a[href='/dashboard/deleted']", "Kept for 30 days")
	ada.submit(page.form("#"+articleOf(post)+" form"), nil).leadsTo("/@ada/low-tide")
	if got := s.stands(t, post.ID); got != "Low tide | "+post.Body+" | version 1 | low-tide | published" {
		t.Errorf("kept %q after Undo", got)
	}
	ada.get("/dashboard?deleted=" + post.ID.String()).hasNot(".deleted")
}

func TestDeletingInPlaceLeavesUndoWhereThePostWas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, id, titled("Low tide"))
	ada := s.as(t, "ada").htmx()
	for _, shape := range []string{"full", "listed", "own"} {
		t.Run(shape, func(t *testing.T) {
			gone := ada.post(at(post, "/deletion"), url.Values{"shape": {shape}}).wants(http.StatusOK).isFragment(articleOf(post))
			gone.says(".deleted[data-announce='Deleted “Low tide”.']", "Deleted “Low tide”.")
			gone.has("button[autofocus]")
			back := ada.submit(gone.form("form"), nil).wants(http.StatusOK).isFragment(articleOf(post))
			back.has("article." + shape + "[data-announce='The post is back.'] a[autofocus]")
			if s.count(t, "posts WHERE deleted_at IS NULL AND version = 1") != 1 {
				t.Error("the post is not as it was")
			}
		})
	}
	ada.post(at(post, "/deletion"), url.Values{"shape": {"nonsense"}}).wants(http.StatusOK).isFragment(articleOf(post))
}

func TestDeletingAnUntitledDraftAndUndoingIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled(""), draft)
	ada := s.as(t, "ada")
	ada.htmx().post(at(post, "/deletion"), url.Values{}).says(".deleted", "Deleted an untitled draft.")
	ada.post(at(post, "/restoration"), url.Values{}).leadsTo("/dashboard")
	if got := s.stands(t, post.ID); got != " | "+post.Body+" | version 1 | no slug | draft" {
		t.Errorf("kept %q", got)
	}
}

func TestDeletingAndUndoingTwiceAreAsOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	row := func() string { return dbtest.One[string](t, s.store, "SELECT p::text FROM posts AS p") }
	ada := s.as(t, "ada")
	for _, b := range []*browser{ada, ada.htmx()} {
		for _, about := range []string{"/deletion", "/restoration"} {
			first := b.post(at(post, about), url.Values{})
			kept := row()
			again := b.post(at(post, about), url.Values{}).wants(first.StatusCode)
			if again.body != first.body || again.Header.Get("Location") != first.Header.Get("Location") || row() != kept {
				t.Errorf("%s twice is not as once: %s, kept %s", about, again.body, row())
			}
		}
	}
}

func TestLeavingTheEditorShowsThePostAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, id, titled("Low tide"))
	begun, gone := dbtest.Post(t, s.store, id, draft), dbtest.Post(t, s.store, id, titled("Gone"), deleted)
	ada := s.as(t, "ada")
	ada.get(at(post)).leadsTo("/@ada/low-tide")
	ada.get(at(begun)).leadsTo("/dashboard")
	ada.get(at(gone)).leadsTo("/dashboard/deleted")
	for _, shape := range []string{"full", "listed", "own"} {
		cancel := ada.htmx().get(at(post, "/edit?shape="+shape)).has("form a[data-hx-get]").AttrOr("data-hx-get", "")
		ada.htmx().get(cancel).wants(http.StatusOK).isFragment(articleOf(post)).has("article." + shape + " a[autofocus]")
	}
	ada.htmx().get(at(gone, "?shape=own")).wants(http.StatusOK).isFragment(articleOf(gone)).has("button[autofocus]")
	ada.htmx().get(at(gone, "?shape=binned")).wants(http.StatusOK).isFragment(articleOf(gone)).has("a[autofocus]")
	ada.htmx().get(at(post)).goesOn("/@ada/low-tide")
}

func TestNobodyTouchesWhatIsSomebodyElses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	bob := s.as(t, "bob")
	for name, post := range map[string]dbtest.NewPost{
		"published": dbtest.Post(t, s.store, ada, titled("Low tide")),
		"draft":     dbtest.Post(t, s.store, ada, titled("A secret"), draft),
		"deleted":   dbtest.Post(t, s.store, ada, titled("Gone"), deleted),
	} {
		t.Run(name, func(t *testing.T) { s.keeps(t, func() { findsNothing(t, bob, post.ID.String()) }) })
		bob.get("/dashboard?deleted=" + post.ID.String()).wants(http.StatusOK).hasNot(".deleted")
	}
}

// findsNothing asserts 404 for all that can be done with a post of that id.
func findsNothing(t *testing.T, b *browser, id string) {
	t.Helper()
	b.get("/dashboard/deleted").wants(http.StatusOK).hasNot("article")
	for _, about := range []string{"", "/edit", "/history"} {
		path := "/posts/" + url.PathEscape(id) + about
		b.get(path).wants(http.StatusNotFound).isPage()
		b.htmx().get(path + "?shape=own").wants(http.StatusNotFound).has(".wrong")
	}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		path, form := changes[name].of(id)
		b.post(path, form).wants(http.StatusNotFound).isPage()
		b.htmx().post(path, merged(form, url.Values{"shape": {"own"}})).wants(http.StatusNotFound).has(".wrong")
	}
}

func TestAPostThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	missing := uuid.NewString()
	s.keeps(t, func() {
		for _, id := range []string{"1", "not-an-id", missing + "0", missing[1:], "\x00", "\xff", "new", "' OR 1=1 --", "é", " "} {
			findsNothing(t, ada, id)
		}
		for _, name := range []string{"revise", "publish", "delete", "undo", "return"} {
			path, form := changes[name].of(missing)
			ada.post(path, form).wants(http.StatusNotFound).isPage()
			ada.htmx().post(path, form).wants(http.StatusNotFound)
		}
		ada.get("/posts/" + missing).wants(http.StatusNotFound)
		ada.get("/posts/" + missing + "/edit").wants(http.StatusNotFound)
	})
}

func TestWhoIsNotLoggedInIsAskedToAndComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	b := s.visitor(t)
	s.keeps(t, func() {
		for name, change := range changes {
			path, form := change.of(post.ID.String())
			plain := b.with("Referer", s.url+"/@ada/low-tide?x=1#y").post(path, form)
			if form.Get("body") != "" {
				plain.wants(http.StatusUnauthorized).isPage().has("#login [name=body]")
			} else {
				plain.leadsTo("/login?next=%2F%40ada%2Flow-tide%3Fx%3D1")
			}
			asked := b.htmx().post(path, form).wants(http.StatusUnauthorized).isFragment("login-again")
			if asked.Header.Get("HX-Retarget") != "#login-again" {
				t.Errorf("%s: the login form is not put in its own place", name)
			}
		}
		b.get("/dashboard").leadsTo("/login?next=%2Fdashboard")
		b.get("/new").leadsTo("/login?next=%2Fnew")
		b.get("/dashboard?before=1.a&x=%26").leadsTo("/login?next=%2Fdashboard%3Fbefore%3D1.a%26x%3D%2526")
		b.get(at(post, "/edit")).leadsTo("/login?next=" + url.QueryEscape(at(post, "/edit")))
	})
}
