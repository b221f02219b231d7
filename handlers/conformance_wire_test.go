package handlers_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"miniblog/handlers"
)

// patience bounds every wait for the server on a wire, which may take half of that for a long text.
const patience = 60 * time.Second

// hurried makes a site that waits for a slow client just long enough for a test.
func hurried(o *handlers.Options) { o.ReadTimeout = time.Second }

// wire is a bare TCP connection to a site: it sends exactly the bytes it is given.
type wire struct {
	net.Conn
	t      *testing.T
	reader *bufio.Reader
}

func (s *site) wire(t *testing.T) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return (&wire{Conn: conn, t: t, reader: bufio.NewReader(conn)}).anew()
}

// anew has patience begin anew: each step of a long talk has its own.
func (w *wire) anew() *wire {
	w.t.Helper()
	if err := w.SetDeadline(time.Now().Add(patience)); err != nil {
		w.t.Fatal(err)
	}
	return w
}

// send writes the lines with CRLF between them; end them with "" and "" for an empty line.
func (w *wire) send(lines ...string) *wire {
	w.t.Helper()
	return w.raw(strings.Join(lines, "\r\n"))
}

// raw writes as it is. A server that has already closed is no failure here: what
// it answered before counts.
func (w *wire) raw(text string) *wire {
	w.t.Helper()
	if _, err := io.WriteString(w.anew().Conn, text); err != nil && !isClosed(err) {
		w.t.Fatal(err)
	}
	return w
}

// reply is one answer, wholly read.
type reply struct {
	*http.Response
	t    *testing.T
	body string
}

// reads takes the next answer from the wire, to a request by that method.
func (w *wire) reads(method string) *reply {
	w.t.Helper()
	response, err := http.ReadResponse(w.anew().reader, &http.Request{Method: method})
	if err != nil {
		w.t.Fatalf("no answer: %v", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("half an answer: %v", err)
	}
	return &reply{Response: response, t: w.t, body: string(body)}
}

// ends asserts that the server closes the connection and says nothing more on it.
func (w *wire) ends() {
	w.t.Helper()
	rest, err := io.ReadAll(w.anew().reader)
	if len(rest) > 0 {
		w.t.Errorf("a second answer: %.200s", rest)
	}
	if err != nil && !isClosed(err) {
		w.t.Errorf("the connection was not closed: %v", err)
	}
}

func isClosed(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// wants fails the test when the status is another.
func (r *reply) wants(status int) *reply {
	r.t.Helper()
	if r.StatusCode != status {
		r.t.Errorf("answered %d, want %d: %.300s", r.StatusCode, status, r.body)
	}
	return r
}

// refuses asserts an error in the blog's own style, with all that every answer carries.
func (r *reply) refuses(status int) *reply {
	r.t.Helper()
	r.wants(status)
	id := r.Header.Get("X-Request-Id")
	if id == "" {
		r.t.Error("no X-Request-Id")
	}
	if r.body != "" && (!strings.HasPrefix(r.body, "<!doctype html>") || !strings.Contains(r.body, id)) {
		r.t.Errorf("not a page with its request number: %.300s", r.body)
	}
	for name, want := range map[string]string{
		"Content-Security-Policy":      "default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=()",
		"Cache-Control":                "no-store",
		"Content-Type":                 "text/html; charset=utf-8",
	} {
		if got := r.Header.Get(name); !strings.HasPrefix(got, want) {
			r.t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	return r
}

// stillServes asserts that what just happened on one connection hurts nobody else.
func (s *site) stillServes(t *testing.T) {
	t.Helper()
	s.wire(t).send("GET / HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK)
}
