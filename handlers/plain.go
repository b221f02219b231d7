package handlers

import (
	"bytes"
	"io"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// plainRequest is a GET of a page by a reader who is not logged in, with no line about which
// two readers could differ: it can be answered from memory without fasthttp and Fiber.
type plainRequest struct {
	path     string
	hosted   bool
	encoding []byte // Accept-Encoding
	none     []byte // If-None-Match
	since    []byte // If-Modified-Since
}

// parsePlain reads bytes that must be one whole request. It takes what browsers send to read
// a page and nothing else: ok is false at the least doubt, and fasthttp reads it then.
func parsePlain(request []byte) (r plainRequest, ok bool) {
	line, rest, ok := bytes.Cut(request, []byte("\r\n"))
	if !ok || !bytes.HasPrefix(line, []byte("GET /")) || !bytes.HasSuffix(line, []byte(" HTTP/1.1")) {
		return r, false
	}
	path := line[len("GET ") : len(line)-len(" HTTP/1.1")]
	if !isPlainPath(path) {
		return r, false
	}
	for len(rest) > len("\r\n") {
		line, rest, ok = bytes.Cut(rest, []byte("\r\n"))
		name, value, named := bytes.Cut(line, []byte(":"))
		if !ok || !named || !r.take(name, bytes.Trim(value, " ")) {
			return r, false
		}
	}
	r.path = string(path)
	return r, r.hosted && string(rest) == "\r\n"
}

// isPlainPath tells whether a path means what it says: nothing in it is escaped or asked for.
func isPlainPath(path []byte) bool {
	for i, c := range path {
		plain := 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || c == '-' || c == '_' || c == '.' || c == '@' || c == '/'
		if !plain || c == '/' && i > 0 && path[i-1] == '/' {
			return false
		}
	}
	return !bytes.Contains(path, []byte("/.")) // which fasthttp takes for the way up
}

// longestName is that of the fields that matter.
const longestName = len("if-modified-since")

// take reads a line of the header, and refuses every field that changes what the answer is or
// where the request ends, or that comes twice.
func (r *plainRequest) take(name, value []byte) (ok bool) {
	var lower [longestName]byte
	if !isToken(name) || !isVisible(value) {
		return false
	}
	if len(name) > longestName {
		return true
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	switch string(lower[:len(name)]) {
	case "host":
		defer func() { r.hosted = true }()
		return !r.hosted && isHost(value)
	case "accept-encoding":
		return once(&r.encoding, value)
	case "if-none-match":
		return once(&r.none, value)
	case "if-modified-since":
		return once(&r.since, value)
	case "cookie":
		return !bytes.Contains(value, []byte(sessionCookie)) && !bytes.Contains(value, []byte(themeCookie))
	case "connection":
		return bytes.EqualFold(value, []byte("keep-alive"))
	case "content-length", "transfer-encoding", "content-encoding", "expect", "upgrade", "te", "trailer", "hx-request", "hx-request-type":
		return false
	}
	return true
}

func once(field *[]byte, value []byte) bool {
	first := len(*field) == 0 && len(value) > 0
	*field = value
	return first
}

// isToken tells whether that can be a field's name, see RFC 9110, section 5.6.2; browsers
// need no more than this.
func isToken(name []byte) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(name) > 0
}

func isVisible(value []byte) bool {
	for _, c := range value {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func isHost(value []byte) bool {
	for _, c := range value {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != ':' {
			return false
		}
	}
	return len(value) > 0
}

// answerPlain answers a request on its connection, if it is plain and the answer in memory.
// If not, nothing was sent, and fasthttp is to read it.
func (s *Server) answerPlain(request []byte, c *connection) (answered bool, err error) {
	if s.memory.pages == nil || s.draining.Load() {
		return false, nil
	}
	begun := time.Now()
	defer func() { // one request's mistake ends its connection and no other's
		if cause := recover(); cause != nil {
			s.Log.Error("a request was not answered from memory", "cause", cause, "stack", string(debug.Stack()))
			answered, err = true, io.EOF
		}
	}()
	asked, ok := parsePlain(request)
	if !ok {
		return false, nil
	}
	found, ok := s.memory.pages.GetNow(pageKey{path: asked.path, theme: views.Auto})
	if !ok {
		return false, nil
	}
	whole, status := found.unchanged, fiber.StatusNotModified
	if !found.isKnown(asked.none, asked.since) {
		whole, status = found.forms[found.codingFor(asked.encoding)], fiber.StatusOK
	}
	if whole == nil || len(whole.head) > headLimit { // in a form that nobody had asked for yet
		return false, nil
	}
	id := newRequestID()
	err = c.send(whole, begun, id)
	s.logAnswer(id, fiber.MethodGet, found.route, status, begun)
	return true, err
}
