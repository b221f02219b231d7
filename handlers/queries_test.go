package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// beside are the queries that come beside a page, every five seconds at most.
var beside = []string{"NavigationPages", "SignupMode"}

// asks are the queries for a page, in their order, without what comes beside it.
func (b *browser) asks(statements *dbtest.Statements, path string) []string {
	b.t.Helper()
	sent := statements.During(func() { b.get(path).wants(http.StatusOK) })
	return slices.DeleteFunc(sent, func(name string) bool { return slices.Contains(beside, name) })
}

// Once the session is known, in one query, home, the dashboard and a post take two at most: with pages in the navigation,
// what is pinned, neighbours, and links in the viewer's own text to be looked at.
func TestAPageTakesTwoQueriesAfterTheSession(t *testing.T) {
	t.Parallel()
	plain := dbtest.Store(t)
	ada := dbtest.Owner(t, plain, "ada")
	dbtest.User(t, plain, "bob")
	for n := range 30 {
		dbtest.Post(t, plain, ada, titled("Tides "+string(rune('a'+n))))
	}
	dbtest.Post(t, plain, ada, titled("About"))
	dbtest.Exec(t, plain, "UPDATE posts SET page = slug = 'about', pinned_at = CASE WHEN slug = 'tides-c' THEN now() END")
	store, statements := dbtest.Watched(t, plain)
	s := siteOn(t, store)
	writer, reader, visitor := s.as(t, "ada"), s.as(t, "bob"), s.visitor(t)
	writer.post("/posts", merged(text("Low tide", deadText+" [t](/tags/tea)"), url.Values{"id": {uuid.NewString()}})).leadsTo("/@ada/low-tide")
	kept := uuid.NewString()
	writer.post("/posts", merged(text("Begun", deadText), url.Values{"id": {kept}, "status": {"draft"}})).leadsTo("/dashboard?links=" + kept)
	older := olderThan(visitor.get("/"))
	for _, page := range []struct {
		who  *browser
		path string
		want string // queries
	}{
		{visitor, "/", "ListPublished"},
		{visitor, older, "ListPublished"},
		{visitor, "/@ada/low-tide", "PublicPostAt"},
		{visitor, "/@ada/about", "PublicPostAt"},
		{visitor, "/tags", "ListTags"},
		{visitor, "/archive", "ListMonths"},
		{visitor, "/@ada", "AuthorNamed PinnedBy ListPublishedBy"},
		{reader, "/", "UseSession ListPublished"},
		{reader, older, "UseSession ListPublished"},
		{reader, "/@ada/low-tide", "UseSession PublicPostAt"},
		{reader, "/dashboard", "UseSession ListOwn"},
		{writer, "/", "UseSession ListPublished"},
		{writer, "/@ada/low-tide", "UseSession PublicPostAt LiveLinks"},
		{writer, "/dashboard", "UseSession ListOwn"},
		{writer, "/dashboard?deleted=" + kept, "UseSession ListOwn PostForAuthor"},
		{writer, "/dashboard?links=" + kept, "UseSession ListOwn PostForAuthor LiveLinks"}, // once, after a save
		{writer, "/new", "UseSession"},
	} {
		if got := page.who.asks(statements, page.path); strings.Join(got, " ") != page.want {
			t.Errorf("%s takes\n%s\nwant\n%s", page.path, strings.Join(got, "\n"), strings.ReplaceAll(page.want, " ", "\n"))
		}
	}
}

// A session is known and, when that is due, renewed in one query.
func TestASessionIsRenewedInTheQueryThatKnowsIt(t *testing.T) {
	t.Parallel()
	plain := dbtest.Store(t)
	dbtest.User(t, plain, "ada")
	store, statements := dbtest.Watched(t, plain)
	s := siteOn(t, store)
	ada := s.as(t, "ada")
	for seen, renewed := range map[string]bool{"9 minutes": false, "11 minutes": true} {
		dbtest.Exec(t, plain, "UPDATE sessions SET seen_at = now() - $1::text::interval", seen)
		if got := ada.asks(statements, "/new"); !slices.Equal(got, []string{"UseSession"}) {
			t.Errorf("seen %s ago, the session took %v", seen, got)
		}
		if dbtest.One[bool](t, plain, "SELECT seen_at > now() - interval '1 minute' FROM sessions") != renewed {
			t.Errorf("seen %s ago, it was renewed: %v", seen, !renewed)
		}
	}
}

// What every page shows around its content costs no page a query.
func TestTheNavigationIsReadBesidePagesAndSeldom(t *testing.T) {
	t.Parallel()
	store, statements := dbtest.Watched(t, dbtest.Store(t))
	s := siteOn(t, store)
	begun := time.Now()
	sent := statements.During(func() {
		for range 50 {
			s.visitor(t).get("/").wants(http.StatusOK)
		}
	})
	most := 1 + int(time.Since(begun)/(5*time.Second))
	for _, name := range beside {
		read := 0
		for _, statement := range sent {
			if statement == name {
				read++
			}
		}
		if read > most {
			t.Errorf("%s was asked %d times for 50 pages in %v", name, read, time.Since(begun))
		}
	}
}
