package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/assets"
	"miniblog/internal/dbtest"
)

// Groups of those who may call a route.
const (
	machines  = "machines"
	everybody = "everybody"
	authors   = "authors"
	owners    = "owners"
)

// groups is who may call each route: a new one belongs here before it works.
var groups = map[string]string{
	"GET /healthz":      machines,
	"GET /readyz":       machines,
	"GET /assets/:name": machines,

	"GET /favicon.ico":               machines,
	"GET /manifest.webmanifest":      machines,
	"GET /robots.txt":                machines,
	"GET /sitemap.xml":               machines,
	"GET /sitemap-:number.xml":       machines,
	"GET /feed.atom":                 machines,
	"GET /feed.json":                 machines,
	"GET /card.png":                  machines,
	"GET /@:username/feed.atom":      machines,
	"GET /@:username/feed.json":      machines,
	"GET /@:username/:slug/card.png": machines,
	"GET /tags/:tag/feed.atom":       machines,
	"GET /tags/:tag/feed.json":       machines,

	"POST /theme":           everybody,
	"GET /":                 everybody,
	"GET /search":           everybody,
	"GET /signup":           everybody,
	"POST /signup":          everybody,
	"GET /signup/username":  everybody,
	"GET /login":            everybody,
	"POST /login":           everybody,
	"GET /logout":           everybody,
	"POST /logout":          everybody,
	"GET /forgot":           everybody,
	"POST /forgot":          everybody,
	"GET /reset/:token":     everybody,
	"POST /reset/:token":    everybody,
	"GET /email":            everybody,
	"GET /email/:token":     everybody,
	"POST /email/:token":    everybody,
	"GET /@:username":       everybody,
	"GET /@:username/:slug": everybody,

	"GET /@:username/:slug/changes": everybody,
	"GET /tags":                     everybody,
	"GET /tags/:tag":                everybody,
	"GET /archive":                  everybody,
	"GET /archive/:year":            everybody,
	"GET /archive/:year/:month":     everybody,

	"POST /settings/email":                        authors,
	"GET /dashboard":                              authors,
	"GET /dashboard/deleted":                      authors,
	"GET /new":                                    authors,
	"POST /posts":                                 authors,
	"GET /preview":                                authors,
	"POST /preview":                               authors,
	"GET /posts/:id":                              authors,
	"POST /posts/:id":                             authors,
	"GET /posts/:id/edit":                         authors,
	"GET /posts/:id/history":                      authors,
	"GET /posts/:id/details":                      authors,
	"POST /posts/:id/details":                     authors,
	"POST /posts/:id/deletion":                    authors,
	"POST /posts/:id/versions":                    authors,
	"POST /posts/:id/restoration":                 authors,
	"POST /posts/:id/history/:number/restoration": authors,
	"GET /settings":                               authors,
	"POST /settings/profile":                      authors,
	"POST /settings/username":                     authors,
	"POST /settings/password":                     authors,
	"POST /settings/sessions/ending":              authors,
	"POST /settings/sessions/:id/ending":          authors,
	"GET /settings/record":                        authors,
	"POST /settings/export":                       authors,
	"POST /settings/deletion":                     authors,

	"GET /admin":                             owners,
	"GET /admin/users/:id":                   owners,
	"POST /admin/users/:id/disabling":        owners,
	"POST /admin/users/:id/enabling":         owners,
	"POST /admin/users/:id/link":             owners,
	"POST /admin/users/:id/role":             owners,
	"GET /admin/users/:id/removal":           owners,
	"POST /admin/users/:id/removal":          owners,
	"POST /admin/users/:id/restoration":      owners,
	"POST /admin/signup":                     owners,
	"GET /admin/invitations":                 owners,
	"POST /admin/invitations":                owners,
	"POST /admin/invitations/:id/revocation": owners,
	"GET /admin/mail":                        owners,
	"POST /admin/mail/test":                  owners,
	"GET /admin/record":                      owners,
}

func TestEveryRouteBelongsToAGroup(t *testing.T) {
	t.Parallel()
	routes := map[string]bool{}
	for _, route := range newSite(t).server.Routes() {
		method, path := route[0], route[1]
		if method == http.MethodHead { // comes with each GET
			method = http.MethodGet
		}
		routes[method+" "+path] = true
		if groups[method+" "+path] == "" {
			t.Errorf("%s %s belongs to no group: say in this test who may call it", method, path)
		}
	}
	for route := range groups {
		if !routes[route] {
			t.Errorf("%s is no route any more", route)
		}
	}
}

// addressOf is an address for a route, of one post that is there or, where it is about people, of its author.
func addressOf(path string, post dbtest.NewPost) string {
	if strings.HasPrefix(path, "/admin/users/") {
		return strings.ReplaceAll(path, ":id", post.AuthorID.String())
	}
	return strings.NewReplacer(
		":username", "ada", ":slug", post.Slug(), ":id", post.ID.String(), ":number", "1", ":tag", "tide", ":year", "2026", ":month", "11", ":token", randomToken(), "/assets/:name", assets.URL("app.css"),
	).Replace(path)
}

func TestNobodyGetsAnAnswerFromAnAuthorsOrAnOwnersRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	s.keeps(t, func() {
		for route, group := range groups {
			if group != authors && group != owners {
				continue
			}
			method, path, _ := strings.Cut(route, " ")
			path = addressOf(path, post)
			for _, method := range []string{method, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
				a := s.visitor(t).do(method, path, url.Values{})
				if a.StatusCode < 300 {
					t.Errorf("nobody gets %d from %s %s", a.StatusCode, method, path)
				}
			}
			a := s.visitor(t).do(method, path, nil).wants(http.StatusSeeOther).wantsHeader("Cache-Control", "no-store")
			if to := a.Header.Get("Location"); to != "/login" && !strings.HasPrefix(to, "/login?next=%2F") {
				t.Errorf("nobody is led from %s to %s", route, to)
			}
			s.visitor(t).htmx().do(method, path, nil).wants(http.StatusUnauthorized).isFragment("login-again")
		}
	})
}

func TestAnAuthorFindsNoOwnersRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Owner(t, s.store, "grace")
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	ada := s.as(t, "ada")
	sent := url.Values{"role": {"owner"}, "signup": {"closed"}, "uses": {"1"}, "days": {"1"}}
	s.keeps(t, func() {
		for route, group := range groups {
			if group != owners {
				continue
			}
			method, path, _ := strings.Cut(route, " ")
			path = addressOf(path, post)
			ada.do(method, path, sent).wants(http.StatusNotFound).isPage().says("h1", "Nothing here")
			ada.htmx().do(method, path, sent).wants(http.StatusNotFound)
		}
	})
	if s.count(t, "events WHERE kind <> 'logged-in'") != 0 {
		t.Error("something was written down")
	}
	ada.get("/").hasNot("nav a[href='/admin']")
}

func TestAGETWritesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Owner(t, s.store, "grace")
	posts := []dbtest.NewPost{
		dbtest.Post(t, s.store, ada), dbtest.Post(t, s.store, ada, titled("Begun"), draft), dbtest.Post(t, s.store, ada, titled("Gone"), deleted),
	}
	browsers := []*browser{s.visitor(t), s.as(t, "ada"), s.as(t, "bob"), s.as(t, "grace")}
	dbtest.Exec(t, s.store, "UPDATE sessions SET seen_at = seen_at - interval '1 hour'")
	query := "?" + url.Values{
		"title": {"T"}, "body": {"B"}, "status": {"published"}, "version": {"1"}, "username": {"eve"}, "password": {dbtest.Password},
		"deleted": {posts[2].ID.String()}, "shape": {"own"}, "_method": {"DELETE"}, "from": {"1"}, "to": {"1"}, "merged": {"yes"},
		"role": {"owner"}, "signup": {"closed"}, "uses": {"1"}, "days": {"1"}, "asked": {"yes"}, "current": {dbtest.Password},
		"slug": {"another"}, "publish_date": {later + "-01-01"}, "publish_time": {"09:00"}, "pinned": {"yes"}, "page": {"yes"}, "shows_changes": {"yes"},
	}.Encode()
	for route := range groups {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet {
			continue
		}
		for _, post := range posts {
			for _, b := range browsers {
				events := s.count(t, "events")
				s.keeps(t, func() {
					b.with("X-HTTP-Method-Override", "POST").get(addressOf(path, post) + query)
					b.htmx().get(addressOf(path, post) + query)
					b.do(http.MethodHead, addressOf(path, post), nil)
				})
				if s.count(t, "events") != events {
					t.Errorf("GET %s is written down", path)
				}
			}
		}
	}
}
