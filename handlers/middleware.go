package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/fault"
	"miniblog/views"
)

// Keys of what the middleware leaves for handlers.
type localKey int

const (
	requestIDKey localKey = iota
	viewerKey
	sessionKey
	beginKey   // what tells those who wait with the request that its work begins
	ownFormKey // there for a change that was read whole and was sent from here
)

// errForeign refuses a changing request that another site may have sent.
var errForeign = errors.New("request from another site")

// errOtherAuthor asks who has just logged in to let the writer of a text do so.
var errOtherAuthor = fmt.Errorf("a text of another account: %w", fault.ErrUnauthenticated)

// watch names the request, answers its failure or panic, and logs it once.
func (s *Server) watch(c *fiber.Ctx) error {
	begun := time.Now()
	s.nameRequest(c)
	err := s.nextOrPanic(c)
	route := c.Route().Path
	if err != nil {
		s.fail(c, err)
	}
	if errors.As(err, new(*fiber.Error)) { // no route took it, and Fiber names the last it passed
		route = ""
	}
	s.logRequest(c, route, begun)
	return nil
}

func (s *Server) nameRequest(c *fiber.Ctx) {
	id := newRequestID()
	c.Locals(requestIDKey, id)
	c.Set(fiber.HeaderXRequestID, id)
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}

// nextOrPanic turns a panic into an error, so that one request's mistake ends no other's.
func (s *Server) nextOrPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return c.Next()
}

// logRequest names the route and not the path, whose parts can be secrets.
func (s *Server) logRequest(c *fiber.Ctx, route string, begun time.Time) {
	s.logAnswer(requestID(c), c.Method(), route, c.Response().StatusCode(), begun)
}

// logAnswer leaves out where it was called from, which no format shows.
func (s *Server) logAnswer(id, method, route string, status int, begun time.Time) {
	ctx, to, now := context.Background(), s.Log.Handler(), time.Now()
	if !to.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	line.AddAttrs(
		slog.String("id", id),
		slog.String("method", method),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Duration("took", now.Sub(begun)),
	)
	_ = to.Handle(ctx, line) // there is nobody to tell
}

// bound gives the request a deadline that every query obeys. The context is not
// Fiber's own, which ends when shutdown starts and not when the request is done.
func (s *Server) bound(c *fiber.Ctx) error {
	deadline := queryDeadline
	if c.Request().Header.ContentLength() > smallBody {
		deadline = textDeadline
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// contentPolicy: everything comes from this blog's own files; nothing inline runs.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; manifest-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets the headers that keep a browser from being used against its owner. It
// takes changes under this blog's own names alone, refuses bodies in an encoding, which
// could unfold past the limit, and finds nothing at a path that is no text, which
// PostgreSQL would not take.
func (s *Server) guard(c *fiber.Ctx) error {
	s.setGuardHeaders(c)
	path := c.Path()
	switch {
	case !isRead(c) && !s.isNamed(string(c.Request().URI().Host())):
		return fiber.ErrMisdirectedRequest
	case c.Get(fiber.HeaderContentEncoding) != "":
		return fault.ErrUnsupported
	case !utf8.ValidString(path), strings.ContainsRune(path, 0):
		return fault.ErrNotFound
	}
	return c.Next()
}

// isNamed tells whether a Host is this blog. Whoever owns another name can point it here
// once a browser trusts it, and be of the same origin as this blog in that browser's
// eyes. An address cannot be pointed elsewhere, nor can a name without a dot, such as
// localhost or a container's; HTTP/1.0 may name none. Only a blog without a public
// address is asked for by nobody but this machine's own browsers; before another stands
// a proxy, which may name it as it likes.
func (s *Server) isNamed(host string) bool {
	name := nameIn(host)
	if len(s.Origins) == 0 || !strings.Contains(name, ".") || s.names[name] {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

// guardHeaders are on every answer; their names are as they are sent.
var guardHeaders = [][2][]byte{
	{[]byte("Content-Security-Policy"), []byte(contentPolicy)},
	{[]byte("X-Content-Type-Options"), []byte("nosniff")},
	{[]byte("Referrer-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
	{[]byte("Permissions-Policy"), []byte("camera=(), geolocation=(), microphone=()")},
}

func (s *Server) setGuardHeaders(c *fiber.Ctx) {
	for _, header := range guardHeaders {
		c.Response().Header.SetCanonical(header[0], header[1])
	}
	if s.secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=63072000; includeSubDomains")
	}
}

// refuseForeign lets changing requests through only from this blog's own pages.
// Sec-Fetch-Site is the browser's own word and cannot be set by a page; older
// browsers send Origin or Referer. A client that sends none of them is no
// browser in use: it may, unless it carries a session that could be abused.
func (s *Server) refuseForeign(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if !s.fromHere(c) {
		return errForeign
	}
	c.Locals(ownFormKey, true)
	return c.Next()
}

func (s *Server) fromHere(c *fiber.Ctx) bool {
	site, origin, referer := c.Get("Sec-Fetch-Site"), c.Get(fiber.HeaderOrigin), c.Get(fiber.HeaderReferer)
	switch {
	case site != "":
		return site == "same-origin" || site == "none"
	case origin == "null" && isSecret(c.Path()):
		// A page that names no referrer names no origin in its form either. Whoever has the
		// link could use it without this browser.
		return true
	case origin != "":
		return s.origins[strings.ToLower(origin)]
	case referer != "":
		from, err := url.Parse(referer)
		return err == nil && s.origins[strings.ToLower(originOf(from))]
	}
	return s.sessionToken(c) == ""
}

func isSecret(path string) bool {
	return strings.HasPrefix(path, views.ResetsURL+"/") || strings.HasPrefix(path, views.EmailsURL+"/")
}

// inSecret keeps an address that holds a secret out of caches and other requests' headers.
func (s *Server) inSecret(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	err := c.Next()
	c.Set(fiber.HeaderCacheControl, "no-store")
	return err
}

// recognize finds out who is asking. Nobody is an answer; a database that is away is not.
func (s *Server) recognize(c *fiber.Ctx) error {
	token := s.sessionToken(c)
	if token == "" {
		return c.Next()
	}
	session, err := s.Accounts.Session(c.UserContext(), token, account.Client{Address: s.clientAddress(c)})
	switch {
	case errors.Is(err, fault.ErrUnauthenticated):
		// The cookie stays: it opens nothing, and a late answer that cleared it would
		// end the session that somebody has begun meanwhile in another tab.
	case err != nil:
		return err
	default:
		c.Locals(viewerKey, session.User)
		c.Locals(sessionKey, session)
	}
	return c.Next()
}

// viewingSession is the session of who is logged in.
func viewingSession(c *fiber.Ctx) account.Session {
	session, _ := c.Locals(sessionKey).(account.Session)
	return session
}

// viewer is who is logged in; ok is false for nobody.
func viewer(c *fiber.Ctx) (user account.User, ok bool) {
	user, ok = c.Locals(viewerKey).(account.User)
	return user, ok
}

// authorsOnly asks for an account.
func (s *Server) authorsOnly(c *fiber.Ctx) error {
	if _, ok := viewer(c); !ok {
		return fault.ErrUnauthenticated
	}
	return c.Next()
}

// ownersOnly hides the owner's pages from everybody else.
func (s *Server) ownersOnly(c *fiber.Ctx) error {
	switch user, ok := viewer(c); {
	case !ok:
		return fault.ErrUnauthenticated
	case !user.IsOwner():
		return fault.ErrNotFound
	}
	return c.Next()
}
