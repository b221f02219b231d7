package handlers_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"miniblog/assets"
	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

func TestHeadAnswersAsGetDoesWithoutTheBody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	for _, path := range []string{"/", assets.URL("app.css"), "/nothing-here", "/dashboard", "/login", "/healthz", "/@ada", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt", "/card.png"} {
		w := s.wire(t)
		got := w.send("GET "+path+" HTTP/1.1", "Host: localhost", "", "").reads("GET")
		head := w.send("HEAD "+path+" HTTP/1.1", "Host: localhost", "", "").reads("HEAD").wants(got.StatusCode)
		if head.body != "" {
			t.Errorf("HEAD %s has a body", path)
		}
		if head.ContentLength != got.ContentLength && got.ContentLength != 0 { // RFC 9110, 9.3.2: HEAD may leave it out
			t.Errorf("HEAD %s names %d bytes, GET %d", path, head.ContentLength, got.ContentLength)
		}
		for _, each := range []*reply{got, head} {
			each.Header.Del("X-Request-Id")
			each.Header.Del("Date")
			each.Header.Del("Content-Length") // compared above
		}
		if a, b := fmt.Sprint(got.Header), fmt.Sprint(head.Header); a != b {
			t.Errorf("%s: GET has %s, HEAD has %s", path, a, b)
		}
		// The next request is understood: the client and the server agree where the answer ended.
		w.send("GET /healthz HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK)
	}
}

func TestAMethodThatAnAddressDoesNotTakeIsNamedWithThoseItTakes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, each := range []struct{ method, path, allow string }{
		{"POST", "/", "GET, HEAD"},
		{"PUT", "/login", "GET, HEAD, POST"},
		{"DELETE", "/posts", "POST"},
		{"GET", "/posts", "POST"},
		{"PATCH", "/healthz", "GET, HEAD"},
		{"OPTIONS", "/", "GET, HEAD"},
		{"TRACE", "/", "GET, HEAD"},
		{"BREW", "/", "GET, HEAD, POST"},
		{"get", "/", "GET, HEAD, POST"},
		{"PROPFIND", "/nothing-here", "GET, HEAD, POST"},
	} {
		got := s.wire(t).send(each.method+" "+each.path+" HTTP/1.1", "Host: localhost", "Content-Length: 0", "", "").reads(each.method)
		got.refuses(http.StatusMethodNotAllowed)
		if allow := got.Header.Get("Allow"); allow != each.allow {
			t.Errorf("%s %s allows %q, want %q", each.method, each.path, allow, each.allow)
		}
		s.stillServes(t)
	}
}

func TestHTTP10IsAnsweredAndClosedUnlessItAsksToStay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.wire(t).send("GET / HTTP/1.0", "", "")
	w.reads("GET").wants(http.StatusOK)
	w.ends()
	w = s.wire(t)
	w.send("GET / HTTP/1.0", "Connection: keep-alive", "", "").reads("GET").wants(http.StatusOK)
	w.send("GET / HTTP/1.0", "", "").reads("GET").wants(http.StatusOK)
	w.ends()
}

func TestConnectionCloseIsHonoured(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, value := range []string{"close", "Close", "close, TE", "keep-alive, close"} {
		w := s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "Connection: "+value, "", "")
		got := w.reads("GET").wants(http.StatusOK)
		if !got.Close {
			t.Errorf("%q: the answer does not say that it closes", value)
		}
		w.ends()
	}
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.wire(t).send(
		"GET /healthz HTTP/1.1", "Host: localhost", "",
		"HEAD / HTTP/1.1", "Host: localhost", "",
		"POST /login HTTP/1.1", "Host: localhost", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 10", "",
		"username=aGET /nothing-here HTTP/1.1", "Host: localhost", "Connection: close", "", "",
	)
	w.reads("GET").wants(http.StatusOK)
	w.reads("HEAD").wants(http.StatusOK)
	w.reads("POST").wants(http.StatusUnprocessableEntity)
	w.reads("GET").refuses(http.StatusNotFound)
	w.ends()
}

func TestTheWholeAddressInARequestLineNamesThePathAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for target, status := range map[string]int{
		"http://localhost/healthz":                http.StatusOK,
		"http://evil.example/healthz":             http.StatusOK,
		"http://localhost/nothing-here":           http.StatusNotFound,
		"http://evil.example/nothing-here":        http.StatusNotFound,
		"/login?next=http://evil.example/healthz": http.StatusOK,
		"//evil.example/healthz":                  http.StatusNotFound,
	} {
		s.wire(t).send("GET "+target+" HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(status)
	}
	to := s.wire(t).send("GET http://localhost/dashboard HTTP/1.1", "Host: evil.example", "", "").reads("GET").wants(http.StatusSeeOther)
	if place := to.Header.Get("Location"); !strings.HasPrefix(place, "/login") || strings.Contains(place, "evil") {
		t.Errorf("it leads to %q", place)
	}
}

func TestTricksWithPathsLeadNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada)
	for _, path := range []string{
		"/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fgo.mod",
		"/assets/", "/assets/%00", "//", "//healthz", "/;/", "/healthz;x=1", "/healthz/", "/%2e/healthz", "/./healthz",
		"/HEALTHZ", "/healthz%00", "/@ada%00", "/@%00", "/@%ff", "/@ada/%00", "/@ada/%ff%fe", "/@ada/", "/@", "/@/",
		"/posts/%00", "/" + strings.Repeat("a", 8000), "/@" + strings.Repeat("a", 8000), "/@ada/" + strings.Repeat("%41", 2000),
		"/%", "/%zz", "/@ada/%", "/\\..\\..\\", "/@ada/..%2f..%2fhealthz", "/@ada/../healthz",
	} {
		got := s.wire(t).send("GET "+path+" HTTP/1.1", "Host: localhost", "", "").reads("GET")
		if !slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusSeeOther}, got.StatusCode) {
			t.Errorf("%.60s answered %d", path, got.StatusCode)
		}
		if got.StatusCode != http.StatusSeeOther {
			got.refuses(got.StatusCode)
		}
	}
	s.stillServes(t)
}

func TestTricksWithQueriesAndCookiesBreakNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, query := range []string{
		"/?before=%00", "/?before=%ff", "/?before=" + strings.Repeat("a", 5000), "/login?next=%00", "/login?next=%ff",
		"/login?next=" + strings.Repeat("/", 3000), "/signup/username?username=%00", "/signup/username?username=%ff",
		"/?%00=%00", "/?" + strings.Repeat("a&", 4000), "/?a=%",
	} {
		got := s.wire(t).send("GET "+query+" HTTP/1.1", "Host: localhost", "", "").reads("GET")
		if got.StatusCode >= 500 {
			t.Errorf("%.60s answered %d", query, got.StatusCode)
		}
	}
	for _, cookie := range []string{"session=", "session=%00", "session=\xff", "session", "=", ";;;", "session=a; session=b"} {
		s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "Cookie: "+cookie, "", "").reads("GET").wants(http.StatusOK)
	}
	s.stillServes(t)
}

func TestForwardingHeadersFromAnybodyCountForNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.wire(t).send("GET /new HTTP/1.1", "Host: localhost", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https",
		"X-Forwarded-For: 10.0.0.1", "Forwarded: host=evil.example;proto=https", "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz",
		"X-HTTP-Method-Override: POST", "X-Forwarded-Prefix: /evil", "", "").reads("GET").wants(http.StatusSeeOther)
	if place := got.Header.Get("Location"); place != "/login?next=%2Fnew" {
		t.Errorf("it leads to %q", place)
	}
	if got.Header.Get("Strict-Transport-Security") != "" {
		t.Error("a stranger's header made the blog believe in HTTPS")
	}
	page := s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "", "").
		reads("GET").wants(http.StatusOK)
	if strings.Contains(page.body, "evil") {
		t.Error("the page names a host that a stranger chose")
	}
}

func TestTheLogNamesNoPathThatMayBeASecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newSite(t, func(o *handlers.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, lines := range [][]string{
		{"GET /reset/hush HTTP/1.1", "Host: localhost"},
		{"POST /reset/hush HTTP/1.1", "Host: localhost", "Content-Length: 5000000"},
		{"BREW /reset/hush HTTP/1.1", "Host: localhost"},
		{"GET /reset/hush HTTP/1.1", "Host: localhost", "Transfer-Encoding: identity"},
		{"GET /reset/hush HTTP/1.1", "Host: localhost", "Host: localhost"},
		{"GET /reset/hush HTTP/1.1", "Host: localhost", "X-Note: " + strings.Repeat("a", 20<<10)},
	} {
		if got := s.wire(t).send(append(lines, "", "")...).reads("GET"); got.StatusCode < 400 {
			t.Errorf("%s answered %d", lines[0], got.StatusCode)
		}
	}
	if err := s.server.Drain(t.Context()); err != nil { // after which nothing is logged any more
		t.Error(err)
	}
	if text := log.String(); strings.Contains(text, "hush") || strings.Count(text, "msg=request") != 6 {
		t.Errorf("the log: %s", text)
	}
}
