package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

func TestNoOtherSiteMayReadAnAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.as(t, "ada").with("Origin", "https://elsewhere.example").with("Sec-Fetch-Site", "cross-site").
		with("Access-Control-Request-Method", "POST").with("Access-Control-Request-Headers", "HX-Request")
	for route := range groups {
		_, path, _ := strings.Cut(route, " ")
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			a := b.do(method, addressOf(path, post), nil)
			policy := "same-origin"
			if strings.HasSuffix(path, "/card.png") && a.StatusCode == http.StatusOK { // which other sites are to show
				policy = "cross-origin"
			}
			a.wantsHeader("Cross-Origin-Resource-Policy", policy)
			for name := range a.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s answers with %s", method, path, name)
				}
			}
		}
	}
}

// kinds are what machines are sent, by how the address ends.
var kinds = map[string]string{
	".atom": "application/atom+xml; charset=utf-8", ".json": "application/feed+json", ".xml": "application/xml; charset=utf-8",
	".ico": "image/x-icon", ".png": "image/png", ".webmanifest": "application/manifest+json",
}

func TestEveryAnswerSaysWhatItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	tags(t, s, post, "{tide}", "{tide}")
	ada := s.as(t, "ada")
	for route, group := range groups {
		method, path, _ := strings.Cut(route, " ")
		kind := "text/html; charset=utf-8"
		switch {
		case path == "/assets/:name":
			kind = "text/css; charset=utf-8"
		case kinds[filepath.Ext(path)] != "":
			kind = kinds[filepath.Ext(path)]
		case group == machines:
			kind = "text/plain; charset=utf-8"
		}
		for _, b := range []*browser{s.visitor(t), ada, ada.htmx()} {
			a := b.do(method, addressOf(path, post), nil)
			switch {
			case a.body == "" || a.StatusCode/100 == 3:
			case kinds[filepath.Ext(path)] != "" && a.StatusCode >= http.StatusBadRequest: // the post may be deleted by now
				a.wantsHeader("Content-Type", "text/html; charset=utf-8")
			case path == "/settings/export" && a.StatusCode == http.StatusOK:
				a.wantsHeader("Content-Type", "application/zip")
			default:
				a.wantsHeader("Content-Type", kind)
			}
		}
	}
	s.visitor(t).get("/").has("head link[href^='/assets/'], head script[src]").Each(func(_ int, tag *goquery.Selection) {
		path := tag.AttrOr("href", tag.AttrOr("src", ""))
		_, ending, _ := strings.Cut(strings.TrimPrefix(path, "/assets/"), ".")
		_, ending, _ = strings.Cut(ending, ".")
		want := map[string]string{
			"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "woff2": "font/woff2",
		}[ending]
		s.visitor(t).get(path).wants(http.StatusOK).wantsHeader("Content-Type", want)
	})
}

func TestNoRequestWritesALineOfItsOwnIntoTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newSite(t, func(o *handlers.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	const forged = "\ntime=2001-01-01T00:00:00Z level=INFO msg=request id=forged status=200"
	asked := 0
	for _, lines := range [][]string{
		{"GET /%0Atime=forged%20msg=request HTTP/1.1", "Host: localhost"},
		{"GET /?x=%0Atime=forged HTTP/1.1", "Host: localhost", "User-Agent: \x1b[31mforged", "X-Request-Id: forged"},
		{`FORGED"msg=request / HTTP/1.1`, "Host: localhost"},
		{"POST /login HTTP/1.1", "Host: localhost", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 5000000"},
		{"POST /login HTTP/1.1", "Host: localhost", "Content-Type: forged; msg=request", "Content-Length: 1", "", "x"},
		{"GET /@forged%0d%0a HTTP/1.1", "Host: localhost", "X-Forwarded-For: forged"},
	} {
		if len(lines) < 5 {
			lines = append(lines, "", "")
		}
		s.wire(t).send(lines...).reads("GET")
		asked++
	}
	s.visitor(t).post("/login", login("forged"+forged, "x"+forged))
	s.visitor(t).post("/signup", joining("forged"+forged, forged, forged))
	asked += 2
	if err := s.server.Drain(t.Context()); err != nil { // after which nothing is logged any more
		t.Error(err)
	}
	requests := 0
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "msg=request") {
			requests++
		}
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "\x1b") || strings.Contains(line, "id=forged") {
			t.Errorf("a line of the log is %q", line)
		}
	}
	if requests != asked {
		t.Errorf("%d requests are logged as %d: %s", asked, requests, log.String())
	}
}
