package handlers_test

import (
	"net"
	"net/http"
	"net/http/httputil"
	"regexp"
	"strings"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

// changing is what of an answer is another each time.
var changing = regexp.MustCompile(`(Date|X-Request-Id): [^\r]*`)

// whole is all of an answer but what is another each time.
func (r *reply) whole() string {
	r.t.Helper()
	head, err := httputil.DumpResponse(r.Response, false)
	if err != nil {
		r.t.Fatal(err)
	}
	return changing.ReplaceAllString(string(head), "$1") + r.body
}

// A parameter that nothing knows has fasthttp read the request.
func TestAnAnswerIsTheSameWhoeverReadsTheRequest(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	w := s.wire(t)
	for _, path := range []string{"/", "/@ada/" + post.Slug(), "/feed.atom"} {
		first := s.visitor(t).keepsPage(path)
		for _, lines := range [][]string{
			{"Accept-Encoding: br"}, {"Accept-Encoding: gzip"}, {"Accept-Encoding: identity"}, nil, {"Cookie: other=1"},
			{"If-None-Match: " + first.Header.Get("ETag")}, {"If-Modified-Since: " + first.Header.Get("Last-Modified")},
			{`If-None-Match: W/"other", ` + first.Header.Get("ETag"), "Accept-Encoding: br"}, {`If-None-Match: "other"`},
		} {
			ask := func(path string) *reply {
				all := append([]string{"GET " + path + " HTTP/1.1", "Host: localhost"}, lines...)
				return w.send(append(all, "", "")...).reads("GET")
			}
			slow := ask(path + "?nothing=knows") // which also has that form made
			for range 2 {
				if quick := ask(path); quick.whole() != slow.whole() {
					t.Errorf("%s %v: without fasthttp\n%s\nand with it\n%s", path, lines, quick.whole(), slow.whole())
				}
			}
		}
	}
}

func TestRequestsThatComeInPiecesOrTogetherAreAllAnswered(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	s.visitor(t).keepsPage("/")
	plain := "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	padded := "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + strings.Repeat("x", 6000) + "\r\n\r\n"
	w := s.wire(t)
	answers := func(n int) {
		t.Helper()
		for range n {
			if got := w.reads("GET").wants(http.StatusOK); !strings.Contains(got.body, "</html>") {
				t.Fatalf("half a page: %q", got.body)
			}
		}
	}
	for range 3 {
		w.raw(plain)
		answers(1)
		w.raw(plain + plain + plain)
		answers(3)
		for _, c := range []byte(plain) {
			w.raw(string(c))
		}
		answers(1)
		w.raw(plain[:20])
		time.Sleep(10 * time.Millisecond)
		w.raw(plain[20:] + plain[:30])
		answers(1)
		w.raw(plain[30:])
		answers(1)
		w.raw(padded + plain)
		answers(2)
		// One byte less than what fasthttp reads at once, and what looks like a request behind it.
		long := "GET /nothing HTTP/1.1\r\nHost: localhost\r\nX: "
		w.raw(long + strings.Repeat("x", 16<<10-1-len(long)-len(plain)+len("\r\n\r\n")) + "\r\n\r\n")
		w.reads("GET").wants(http.StatusNotFound)
	}
	w.send("GET /healthz HTTP/1.1", "Host: localhost", "Connection: close", "", "").reads("GET").wants(http.StatusOK)
	w.ends()
}

func TestWhoSaysNothingMoreAfterAPageIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	s.visitor(t).keepsPage("/")
	w := s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "", "")
	if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	w.reads("GET").wants(http.StatusOK)
	w.ends()
}

func TestAPageOfAChangedBlogIsNotTheOldOneOnAnOpenConnection(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	ada := dbtest.User(t, s.store, "ada")
	s.visitor(t).keepsPage("/")
	w := s.wire(t)
	ask := func() string {
		return w.send("GET / HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK).body
	}
	for _, title := range []string{"Ebb", "Flood", "Slack"} {
		if strings.Contains(ask(), title) {
			t.Fatal("it is there too early")
		}
		dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) { p.Title = title })
		eventually(t, func() bool { return strings.Contains(ask(), title) })
	}
}

func TestAReaderWhoStaysConnectedDelaysNoStop(t *testing.T) {
	t.Parallel()
	s := remembers(t, dbtest.Store(t))
	s.visitor(t).keepsPage("/")
	w := s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "", "")
	w.reads("GET").wants(http.StatusOK)
	begun := time.Now()
	if err := s.server.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 4*time.Second { // fasthttp would wait five
		t.Errorf("it took %s to stop", took)
	}
	w.ends()
}
