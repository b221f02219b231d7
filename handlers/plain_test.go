package handlers

import (
	"bufio"
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"miniblog/views"
)

// asked is a request of those lines.
func asked(lines ...string) []byte { return []byte(strings.Join(append(lines, "", ""), "\r\n")) }

// browsers are requests for a page as browsers, feed readers and tools of load send them.
var browsers = [][]byte{
	asked("GET / HTTP/1.1", "Host: 127.0.0.1:8080", "Accept-Encoding: gzip, deflate, br"),
	asked("GET /@ada/the-tide HTTP/1.1", "Host: blog.example.org", "Connection: keep-alive", `sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"`, "sec-ch-ua-mobile: ?0",
		`sec-ch-ua-platform: "Linux"`, "Upgrade-Insecure-Requests: 1", "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
		"Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1", "Sec-Fetch-Dest: document",
		"Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en-GB,en;q=0.9", `If-None-Match: W/"5216aa340424db5786d3f832"`, "Cookie: _ga=GA1.2.3"),
	asked("GET /feed.atom HTTP/1.1", "host:localhost", "accept-encoding: gzip", "if-modified-since: Mon, 30 Nov 2026 19:59:50 GMT", "X-Forwarded-For: 192.0.2.1"),
}

// doubtful are requests that fasthttp is to judge, or that are for one reader alone.
var doubtful = [][]byte{
	nil, []byte("G"), []byte("GET / HTTP/1.1\r\nHost: a"), []byte("GET / HTTP/1.1\r\nHost: a\r\n"), []byte("GET / HTTP/1.1\nHost: a\n\n"),
	asked("GET / HTTP/1.1"), asked("GET / HTTP/1.0", "Host: a"), asked("HEAD / HTTP/1.1", "Host: a"), asked("POST / HTTP/1.1", "Host: a"), asked("get / HTTP/1.1", "Host: a"),
	asked("GET /?before=x HTTP/1.1", "Host: a"), asked("GET /%40ada HTTP/1.1", "Host: a"), asked("GET //ada HTTP/1.1", "Host: a"), asked("GET /a/../b HTTP/1.1", "Host: a"),
	asked("GET /./ HTTP/1.1", "Host: a"), asked("GET http://a/ HTTP/1.1", "Host: a"), asked("GET  / HTTP/1.1", "Host: a"), asked("GET /a b HTTP/1.1", "Host: a"), asked("GET /# HTTP/1.1", "Host: a"),
	asked("GET / HTTP/1.1", "Host: a", "Host: b"), asked("GET / HTTP/1.1", "Host: a b"), asked("GET / HTTP/1.1", "Host:"), asked("GET / HTTP/1.1", "Host : a"), asked("GET / HTTP/1.1", "Host: a", " folded: b"),
	asked("GET / HTTP/1.1", "Host: a", "Content-Length: 0"), asked("GET / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"), asked("GET / HTTP/1.1", "Host: a", "content-encoding: br"),
	asked("GET / HTTP/1.1", "Host: a", "Connection: close"), asked("GET / HTTP/1.1", "Host: a", "Connection: keep-alive, close"), asked("GET / HTTP/1.1", "Host: a", "Connection: Upgrade"),
	asked("GET / HTTP/1.1", "Host: a", "Expect: 100-continue"), asked("GET / HTTP/1.1", "Host: a", "HX-Request: true"), asked("GET / HTTP/1.1", "Host: a", "Upgrade: h2c"),
	asked("GET / HTTP/1.1", "Host: a", "Cookie: session=x"), asked("GET / HTTP/1.1", "Host: a", "Cookie: a=b", "Cookie: __Host-session=x"), asked("GET / HTTP/1.1", "Host: a", "Cookie: theme=dark"),
	asked("GET / HTTP/1.1", "Host: a", "Accept-Encoding:"), asked("GET / HTTP/1.1", "Host: a", "Accept-Encoding: br", "Accept-Encoding: gzip"), asked("GET / HTTP/1.1", "Host: a", "X: \x00"), asked("GET / HTTP/1.1", "Host: a", "X: \xff"), asked("GET / HTTP/1.1", "Host: a", ": x"),
	append(asked("GET / HTTP/1.1", "Host: a"), asked("GET / HTTP/1.1", "Host: a")...), append(asked("GET / HTTP/1.1", "Host: a"), 'G'),
}

func TestOnlyWhatIsPlainIsAnsweredWithoutFasthttp(t *testing.T) {
	t.Parallel()
	for _, request := range browsers {
		if _, ok := parsePlain(request); !ok {
			t.Errorf("this is left to fasthttp: %q", request)
		}
	}
	for _, request := range doubtful {
		if r, ok := parsePlain(request); ok {
			t.Errorf("this is taken for a plain request for %s: %q", r.path, request)
		}
	}
}

// FuzzPlain: what is taken for a plain request is one to fasthttp, too, for the same page and
// with the same of all by which answers differ.
func FuzzPlain(f *testing.F) {
	for _, request := range append(browsers, doubtful...) {
		f.Add(request)
	}
	s := &Server{Options: Options{URL: &url.URL{Scheme: "http"}}}
	f.Fuzz(func(t *testing.T, request []byte) {
		plain, ok := parsePlain(request)
		if !ok {
			return
		}
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, nil, nil)
		rest := bufio.NewReader(bytes.NewReader(request))
		header := &ctx.Request.Header
		if err := header.Read(rest); err != nil || rest.Buffered() > 0 {
			t.Fatalf("fasthttp reads it as %v, with %d bytes left", err, rest.Buffered())
		}
		if !wellFramed(header) || asksToClose(header) || header.ConnectionClose() || !header.IsHTTP11() || ctx.Request.MayContinue() || header.ContentLength() > 0 {
			t.Error("fasthttp sees more in it than a page that is asked for")
		}
		key, ok := s.keyOf(&ctx)
		if want := (pageKey{path: plain.path, theme: views.Auto}); !ok || key != want {
			t.Errorf("it asks for %v, %v, and was taken to ask for %v", key, ok, want)
		}
		for name, value := range map[string][]byte{"Accept-Encoding": plain.encoding, "If-None-Match": plain.none, "If-Modified-Since": plain.since} {
			if got := header.Peek(name); !bytes.Equal(got, value) {
				t.Errorf("its %s is %q, and was taken for %q", name, got, value)
			}
		}
	})
}
