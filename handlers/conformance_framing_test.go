package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// smuggled is what an attacker wants answered that no proxy saw as a request.
const smuggled = "GET /healthz?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"

func TestARequestWhoseEndIsInDoubtIsRefusedAndEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t, hurried)
	const post = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for name, text := range map[string]string{
		"length and chunks":                 post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"chunks and length":                 post + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + smuggled,
		"chunks in a GET with length":       "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"two lengths that differ":           post + "Content-Length: 0\r\nContent-Length: 50\r\n\r\n" + smuggled,
		"two equal lengths":                 post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"a list of lengths":                 post + "Content-Length: 0, 0\r\n\r\n" + smuggled,
		"a signed length":                   post + "Content-Length: +0\r\n\r\n" + smuggled,
		"a negative length":                 post + "Content-Length: -1\r\n\r\n" + smuggled,
		"a hexadecimal length":              post + "Content-Length: 0x0\r\n\r\n" + smuggled,
		"an enormous length":                post + "Content-Length: 99999999999999999999\r\n\r\n" + smuggled,
		"no length after the name":          post + "Content-Length:\r\n\r\n" + smuggled,
		"a space before the colon":          post + "Content-Length : 0\r\n\r\n" + smuggled,
		"two transfer encodings":            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"a list of transfer encodings":      post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"chunked that is not the last":      post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + smuggled,
		"transfer encoding identity":        post + "Transfer-Encoding: identity\r\n\r\n" + smuggled,
		"identity and a length":             post + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"an unknown transfer encoding":      post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled,
		"a tab before chunked":              post + "Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + smuggled,
		"a quoted transfer encoding":        post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + smuggled,
		"no transfer encoding":              post + "Transfer-Encoding:\r\n\r\n" + smuggled,
		"chunked on the next line":          post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"chunked in HTTP 1.0":               strings.Replace(post, "1.1", "1.0", 1) + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"a chunk size that is no number":    post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n0\r\n\r\n" + smuggled,
		"a chunk size with a prefix":        post + "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + smuggled,
		"a chunk size with a sign":          post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + smuggled,
		"a chunk size out of range":         post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n" + smuggled,
		"a chunk without its line end":      post + "Transfer-Encoding: chunked\r\n\r\n3\r\na=bX0\r\n\r\n" + smuggled,
		"a chunk longer than its size":      post + "Transfer-Encoding: chunked\r\n\r\n3\r\na=bcd\r\n0\r\n\r\n" + smuggled,
		"a bare LF after the chunk size":    post + "Transfer-Encoding: chunked\r\n\r\n3\na=b\r\n0\r\n\r\n" + smuggled,
		"a bare LF in a chunk extension":    post + "Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n" + smuggled,
		"a bare CR after the chunk size":    post + "Transfer-Encoding: chunked\r\n\r\n3\ra=b\r\n0\r\n\r\n" + smuggled,
		"a folded header":                   post + "X-Note: a\r\n b\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"a length folded into another":      post + "X-Note: a\r\n\tContent-Length: 50\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"a header that begins with a space": "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n" + smuggled,
		"a header line ended by a bare LF":  post + "X-Note: a\nContent-Length: 0\r\n\r\n" + smuggled,
		"chunked behind a bare LF":          post + "Content-Length: 6\r\nX-Note: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"a header line ended by a bare CR":  post + "X-Note: a\rContent-Length: 0\r\n\r\n" + smuggled,
		"NUL in a header":                   post + "X-Note: a\x00b\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"NUL in a header's name":            post + "X-No\x00te: a\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"a header without a colon":          post + "nonsense\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"a header without a name":           post + ": nonsense\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"only bare LFs":                     "POST /login HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n" + smuggled,
		"two hosts":                         "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n" + smuggled,
		"no host":                           "GET / HTTP/1.1\r\n\r\n" + smuggled,
		"an empty host":                     "GET / HTTP/1.1\r\nHost:\r\n\r\n" + smuggled,
		"a host that is none":               "GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n" + smuggled,
		"an unknown version":                "GET / HTTP/2.1\r\nHost: localhost\r\n\r\n" + smuggled,
		"HTTP 2 without being asked":        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + smuggled,
		"HTTP 0.9":                          "GET /\r\n\r\n" + smuggled,
		"a space too many":                  "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n" + smuggled,
		"a control character in the path":   "GET /\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n" + smuggled,
		"the hello of TLS":                  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" + smuggled,
		"noise":                             "\x00\x01\x02 noise\r\n\r\n" + smuggled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := s.wire(t).raw(text)
			got := w.reads("POST")
			got.refuses(http.StatusBadRequest)
			if !got.Close {
				t.Error("the answer does not say that the connection ends")
			}
			w.ends()
			s.stillServes(t)
		})
	}
}

func TestABodyCutShortIsNeverAnsweredAsIfItWereWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t, hurried)
	const post = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for name, text := range map[string]string{
		"less than its length": post + "Content-Length: 50\r\n\r\nusername=ada",
		"no last chunk":        post + "Transfer-Encoding: chunked\r\n\r\nc\r\nusername=ada\r\n",
		"half a chunk":         post + "Transfer-Encoding: chunked\r\n\r\nff\r\nusername=ada",
		"half a header":        post + "X-Note: ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := s.wire(t).raw(text)
			w.reads("POST").refuses(http.StatusRequestTimeout)
			w.ends()
			s.stillServes(t)
		})
	}
}

func TestWhatFollowsAFormsLastPartIsNoRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nada\r\n--b--\r\n" +
		strings.Repeat("epilogue ", 2000) + "\r\n\r\n" + strings.Repeat(smuggled, 500)
	w := s.wire(t).send("POST /login HTTP/1.1", "Host: localhost", "Content-Type: multipart/form-data; boundary=b",
		"Content-Length: "+length(body), "", body)
	w.reads("POST").wants(http.StatusUnprocessableEntity)
	w.send("GET /nothing-here HTTP/1.1", "Host: localhost", "Connection: close", "", "").reads("GET").refuses(http.StatusNotFound)
	w.ends()
}

func TestChunksWithExtensionsAndTrailersAreReadAsAForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, body := range map[string]string{
		"plain":            "5\r\nusern\r\n7\r\name=ada\r\n0\r\n\r\n",
		"with extensions":  "c;name=value;x=\"y\"\r\nusername=ada\r\n0;last\r\n\r\n",
		"a huge extension": "c;" + strings.Repeat("x", 1<<20) + "\r\nusername=ada\r\n0\r\n\r\n",
		"with a trailer":   "c\r\nusername=ada\r\n0\r\nX-Checked: yes\r\n\r\n",
	} {
		w := s.wire(t).send("POST /login HTTP/1.1", "Host: localhost", "Content-Type: application/x-www-form-urlencoded",
			"Transfer-Encoding: chunked", "", body)
		got := w.reads("POST").wants(http.StatusUnprocessableEntity)
		if !strings.Contains(got.body, `value="ada"`) {
			t.Errorf("%s: the form was not read", name)
		}
		// A trailer or an extension leaves nothing behind.
		w.send("GET /healthz HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK)
	}
}
