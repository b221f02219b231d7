package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// wire stands between a tool and the blog, on loopback. It says that each request comes from the blog's own pages, as
// nothing that changes something gets through otherwise, and counts what is answered.
type wire struct {
	addr   string
	server *http.Server

	mu       sync.Mutex
	statuses map[int]int
	failures []string // requests that were answered with a failure of the blog
	session  string   // is sent along where it is not empty
}

// newWire leads to the blog. Where it is for somebody it sends their session along, and logs them in again where a
// request has ended it.
func newWire(s *site, as *person) (*wire, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{addr: listener.Addr().String(), statuses: map[int]int{}}
	if as != nil {
		w.session = as.session
	}
	to := &url.URL{Scheme: "http", Host: s.addr}
	proxy := &httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0), // of tools that hang up
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Set("Sec-Fetch-Site", "same-origin")
			if session := w.present(); session != "" {
				r.Out.Header.Set("Cookie", "session="+session)
			}
		},
		ModifyResponse: func(answer *http.Response) error {
			w.count(answer)
			if as == nil || !endsSession(answer) {
				return nil
			}
			return w.renew(answer.Request.Context(), s, as)
		},
		ErrorHandler: func(rw http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				w.note(fmt.Sprintf("%s %.300s: %v", r.Method, r.URL, err))
			}
			rw.WriteHeader(http.StatusBadGateway)
		},
	}
	w.server = &http.Server{Handler: proxy}
	go w.server.Serve(listener) // until it is closed
	return w, nil
}

func (w *wire) close() { _ = w.server.Close() }

func (w *wire) present() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.session
}

func (w *wire) renew(ctx context.Context, s *site, as *person) error {
	again, err := s.logIn(ctx, as.name)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.session = again.session
	return nil
}

// endsSession tells whether an answer takes the session away, or says that there is none.
func endsSession(answer *http.Response) bool {
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "session" {
			return true
		}
	}
	return strings.HasPrefix(answer.Header.Get("Location"), "/login")
}

func (w *wire) count(answer *http.Response) {
	w.mu.Lock()
	w.statuses[answer.StatusCode]++
	w.mu.Unlock()
	if answer.StatusCode >= 500 {
		w.note(fmt.Sprintf("%d to %s %.300s, request %s", answer.StatusCode, answer.Request.Method, answer.Request.URL, answer.Header.Get("X-Request-Id")))
	}
}

// mostFailures is how many are told of one probe.
const mostFailures = 20

func (w *wire) note(failure string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.failures) < mostFailures { // they are mostly of one kind
		w.failures = append(w.failures, failure)
	}
}

// total is how many requests were answered, and with what.
func (w *wire) total() (requests int, by string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(w.statuses)) {
		requests += w.statuses[status]
		parts = append(parts, fmt.Sprintf("%d×%d", w.statuses[status], status))
	}
	return requests, strings.Join(parts, " ")
}
