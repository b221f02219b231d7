package handlers

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"

	"miniblog/views"
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

// carriesText tells whether the request sends a text, by the address and by what a
// writer's browser sends along: only then may its body be large. A login takes along
// the text that was sent after the session's end.
func (s *Server) carriesText(h *fasthttp.RequestHeader) bool {
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	takes := string(path) == views.LoginURL || string(path) == views.PreviewURL || isTextAddress(string(path))
	return h.IsPost() && takes && s.maySendText(h)
}

// maySendText tells a writer's browser from most else that sends. A session's cookie
// is enough, ended or not; it is gone after a logout in another tab, so a page of this
// blog is, too. Either can be made up: what bounds them all is receive.
func (s *Server) maySendText(h *fasthttp.RequestHeader) bool {
	return len(h.Cookie(s.cookieName(sessionCookie))) > 0 ||
		string(h.Peek("Sec-Fetch-Site")) == "same-origin" || s.origins[strings.ToLower(string(h.Peek(fasthttp.HeaderOrigin)))]
}

// mostOf is how long the body of a text may be: with a login more comes along.
func mostOf(h *fasthttp.RequestHeader) int {
	if path, _, _ := bytes.Cut(h.RequestURI(), []byte("?")); string(path) == views.LoginURL {
		return maxBody + smallBody
	}
	return maxBody
}

// receive learns of every request once its header is here, and bounds its body before
// any of it is kept. What a large body takes is bounded for all of them together.
func (s *Server) receive(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	limit, admitted, most := smallBody, admission(0), mostOf(h)
	length := h.ContentLength()
	if length == -1 { // in chunks: it does not say how long it is
		length = most
	}
	if length > smallBody && length <= most && s.carriesText(h) {
		if admitted = s.connections.Load().admit(int64(length+1023) / 1024); admitted != crowdedOut {
			limit = most
		}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: limit, ReadTimeout: admitted.asTimeout()}
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
