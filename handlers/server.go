// Package handlers is HTTP in, HTML out: it reads requests, asks the domain and
// lets views answer. It holds no SQL, no rules and no markup.
package handlers

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/sync/singleflight"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/card"
	"miniblog/internal/fault"
	"miniblog/internal/sitemap"
	"miniblog/views"
)

// Limits of one request. A text of 1 MiB takes up to 3 MiB in a form, where most
// scripts are percent-encoded. More is read, so that a text that is too long comes
// back to be split; what comes with it through the login page has room of its own.
const (
	maxBody       = 8 << 20  // bytes, of what carries a text
	smallBody     = 64 << 10 // bytes, of everything else
	maxHeader     = 16 << 10 // bytes
	writeBuffer   = 32 << 10 // bytes: what most answers go out in at once; an idle connection has none
	readTimeout   = 30 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	queryDeadline = 10 * time.Second
	textDeadline  = 30 * time.Second // where a long text is taken: all of it is set and indexed
)

// Options is what a Server needs to know and to ask.
type Options struct {
	Blog     *blog.Blog
	Accounts *account.Accounts
	Ready    func(context.Context) error // nil when the database can serve
	Title    string                      // of the blog
	Language string                      // that it is written in, as BCP 47 writes it; empty: en
	URL      *url.URL                    // the public address
	Origins  []string                    // further origins that are this blog, such as http://127.0.0.1:8080
	Log      *slog.Logger

	// TrustedProxies are whose X-Forwarded-For counts, masked.
	TrustedProxies []netip.Prefix

	// Connections is how many connections to the database there are, to be shared out; 0 is 20.
	Connections int

	// SitemapSize is how many addresses a sitemap has at most; 0 is what the protocol allows.
	SitemapSize int

	// Gallery shows every component in every state at /gallery, to those who work on them.
	Gallery bool

	// Memory is how many bytes of pages are kept in memory at most; 0 keeps none.
	Memory int64

	// ReadTimeout is how long a request may take to arrive; 0 is 30 s.
	ReadTimeout time.Duration
}

// Server answers the blog's HTTP requests.
type Server struct {
	Options
	app         *fiber.App
	pages       []string                // the routes of pages that are always there
	route       fasthttp.RequestHandler // Fiber's
	origins     map[string]bool
	names       map[string]bool // the hosts of the origins
	pictureURL  string          // of the blog's own preview picture
	connections atomic.Pointer[connections]
	draining    atomic.Bool

	downloads downloads
	cards     *card.Press
	cuts      cuts
	sitemaps  chan struct{} // a place for each that is being made
	seen      sightings
	memory    memory
	rounds    rounds

	bulkheads bulkheads
	networks  networks
	readiness singleflight.Group

	unnamedProxy sync.Once // has been warned of
}

// New makes a server; Serve starts it.
func New(options Options) *Server {
	options.ReadTimeout = cmp.Or(options.ReadTimeout, readTimeout)
	options.SitemapSize = cmp.Or(options.SitemapSize, sitemap.MostAddresses)
	s := &Server{
		bulkheads: newBulkheads(options.Connections), networks: networks{seed: maphash.MakeSeed()}, cards: card.NewPress(), sitemaps: make(chan struct{}, sitemapsAtOnce),
		Options: options, origins: map[string]bool{originOf(options.URL): true}, names: map[string]bool{nameIn(options.URL.Host): true},
	}
	s.pictureURL = s.absolute(views.BlogCardURL(card.Words{Blog: options.Title}.Version()))
	if options.Memory > 0 {
		s.memory = newMemory(options.Memory)
	}
	for _, origin := range options.Origins {
		s.origins[origin] = true
		_, host, _ := strings.Cut(origin, "://")
		s.names[nameIn(host)] = true
	}
	s.app = fiber.New(fiber.Config{
		AppName:               "miniblog",
		BodyLimit:             maxBody + smallBody,
		CaseSensitive:         true,
		DisableStartupMessage: true,
		ErrorHandler:          s.failUnread,
		IdleTimeout:           idleTimeout,
		Immutable:             true, // strings from Fiber otherwise alias a buffer that the next request overwrites
		ReadBufferSize:        maxHeader,
		ReadTimeout:           options.ReadTimeout,
		ReduceMemoryUsage:     true, // an idle connection holds no buffers, and a silent new one counts as idle
		StrictRouting:         true,
		UnescapePath:          true,
		WriteBufferSize:       writeBuffer,
		WriteTimeout:          writeTimeout,

		// Read as it arrives, a form's end is its last part, and what follows it is the next request.
		DisablePreParseMultipartForm: true,
	})
	s.routes()
	s.pages = pagesIn(s.app.GetRoutes(true))
	s.route = s.app.Handler()
	server := s.app.Server()
	server.Handler, server.HeaderReceived, server.ConnState, server.CloseOnShutdown = s.enter, s.receive, follow, true
	return s
}

// Serve answers on the listener until Drain. It returns nil after Drain.
func (s *Server) Serve(listener net.Listener) error {
	own := newConnections(listener)
	own.atOnce = s.answerPlain
	s.connections.Store(own)
	if s.draining.Load() { // Drain came before there was a listener to close
		return own.Close()
	}
	return s.app.Listener(own)
}

// Drain takes no new connections and waits for the requests under way until ctx
// ends. Meanwhile open connections are served, and learn from /readyz that this ends.
// A request is under way once its header is here: nobody waits for half a header.
func (s *Server) Drain(ctx context.Context) error {
	s.draining.Store(true)
	if own := s.connections.Load(); own != nil {
		if err := errors.Join(own.Close(), own.quiet(ctx)); err != nil {
			return err
		}
		own.end()
	}
	return s.app.ShutdownWithContext(ctx)
}

// enter takes every request that fasthttp could read, before Fiber does.
func (s *Server) enter(ctx *fasthttp.RequestCtx) {
	defer func() { // of what comes before Fiber, which sees to its own
		if cause := recover(); cause != nil {
			s.Log.Error("a request was not answered", "cause", cause, "stack", string(debug.Stack()))
			s.turnAway(ctx, errPanic)
		}
	}()
	header := &ctx.Request.Header
	if s.draining.Load() || asksToClose(header) {
		ctx.SetConnectionClose()
	}
	switch {
	case !wellFramed(header):
		s.turnAway(ctx, fault.ErrMalformed)
	case !slices.Contains(fiber.DefaultMethods, string(header.Method())):
		ctx.Response.Header.Set(fiber.HeaderAllow, "GET, HEAD, POST")
		s.turnAway(ctx, fiber.ErrMethodNotAllowed)
	case s.answerFromMemory(ctx):
	default:
		s.route(ctx)
	}
}

// failUnread answers a request that fasthttp could not read to its end, or would not.
func (s *Server) failUnread(c *fiber.Ctx, err error) error {
	if errors.Is(err, fiber.ErrRequestEntityTooLarge) && wasCrowdedOut(c.Context().Conn()) {
		err = fiber.ErrServiceUnavailable
	}
	return s.failEarly(c, err)
}

// errPanic is a mistake of the blog's own, before Fiber.
var errPanic = errors.New("panic")

// turnAway answers a request that Fiber must not see, and ends the connection.
func (s *Server) turnAway(ctx *fasthttp.RequestCtx, cause error) {
	c := s.app.AcquireCtx(ctx)
	defer s.app.ReleaseCtx(c)
	_ = s.failEarly(c, cause) // always nil
	ctx.SetConnectionClose()
}

// secure tells whether the blog is reached over HTTPS.
func (s *Server) secure() bool { return s.URL.Scheme == "https" }

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// nameIn is the name or address in a Host, without the port: proxies pass on the
// public one, their own or none.
func nameIn(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
