package handlers

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"
)

// wellFramed tells whether everybody on the way from the client reads the request's
// end at the same place. fasthttp is lenient where RFC 9112 lets it, and a proxy that
// is lenient otherwise would let one client speak in another's name.
func wellFramed(h *fasthttp.RequestHeader) bool {
	if !bytes.HasPrefix(h.Protocol(), []byte("HTTP/1.")) {
		return false
	}
	var chunked, sized bool
	for line := range bytes.Lines(h.RawHeaders()) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case !bytes.HasSuffix(line, []byte("\r\n")): // section 2.2: a bare LF
			return false
		case line[0] == ' ' || line[0] == '\t': // section 5.2: a folded line
			return false
		case bytes.EqualFold(name, []byte(fasthttp.HeaderTransferEncoding)):
			chunked = true
			if !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return false
			}
		case bytes.EqualFold(name, []byte(fasthttp.HeaderContentLength)):
			sized = true
		}
	}
	return !chunked || !sized // section 6.1: one or the other
}

// asksToClose reads the list in Connection: fasthttp knows the one word "close" alone.
func asksToClose(h *fasthttp.RequestHeader) bool {
	for _, value := range h.PeekAll(fasthttp.HeaderConnection) {
		for option := range strings.SplitSeq(string(value), ",") {
			if strings.EqualFold(strings.TrimSpace(option), "close") {
				return true
			}
		}
	}
	return false
}
