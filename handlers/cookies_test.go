package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

func TestOverHTTPSEveryCookieIsBoundToTheHostAndOutOfReachOfScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t, overHTTPS)
	dbtest.User(t, s.store, "ada")
	joined := s.visitor(t).post("/signup", joining("bob", "", dbtest.Password)).wants(http.StatusSeeOther)
	in := s.visitor(t).post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
	out := s.withCookie(t, in.Cookies()[0].Name+"="+in.Cookies()[0].Value).post("/logout", url.Values{}).wants(http.StatusSeeOther)
	left := out.Cookies()[len(out.Cookies())-1]
	told := s.withCookie(t, left.Name+"="+left.Value).get("/login").wants(http.StatusOK)
	told.has("body[data-left='" + left.Value + "']")
	seen := map[string]bool{}
	for _, cookie := range slices.Concat(joined.Cookies(), in.Cookies(), out.Cookies(), told.Cookies()) {
		seen[cookie.Name] = true
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" ||
			cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("a cookie is %q", cookie.Raw)
		}
	}
	if len(seen) != 3 {
		t.Errorf("the cookies seen are %v, not of a session, a device and who has left", seen)
	}
}

func TestATokenIsInItsCookieAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	answers := []*answer{b.post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)}
	tokens := []string{answers[0].Cookies()[0].Value, answers[0].Cookies()[1].Value}
	for route := range groups {
		if path, isGet := strings.CutPrefix(route, "GET "); isGet {
			answers = append(answers, b.get(addressOf(path, post)), b.htmx().get(addressOf(path, post)))
		}
	}
	for _, a := range answers {
		a.Header.Del("Set-Cookie")
		for _, token := range tokens {
			if text := whole(a); strings.Contains(text, token) {
				t.Errorf("%s shows a token: %s", a.Request.URL.Path, text)
			}
		}
	}
}
