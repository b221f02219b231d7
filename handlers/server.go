// Package handlers is HTTP in, HTML out: it reads requests, asks the domain and
// lets views answer. It holds no SQL, no rules and no markup.
package handlers

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/blog"
)

// Limits of one request. A text of 1 MiB takes up to 3 MiB in a form, where most
// scripts are percent-encoded.
const (
	maxBody       = 4 << 20  // bytes
	maxHeader     = 16 << 10 // bytes
	readTimeout   = 30 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	queryDeadline = 10 * time.Second
)

// Options is what a Server needs to know and to ask.
type Options struct {
	Blog     *blog.Blog
	Accounts *account.Accounts
	Ready    func(context.Context) error // nil when the database can serve
	Title    string                      // of the blog
	URL      *url.URL                    // the public address
	Origins  []string                    // further origins that are this blog, such as http://127.0.0.1:8080
	Log      *slog.Logger
}

// Server answers the blog's HTTP requests.
type Server struct {
	Options
	app      *fiber.App
	origins  map[string]bool
	draining atomic.Bool
}

// New makes a server; Serve starts it.
func New(options Options) *Server {
	s := &Server{Options: options, origins: map[string]bool{originOf(options.URL): true}}
	for _, origin := range options.Origins {
		s.origins[origin] = true
	}
	s.app = fiber.New(fiber.Config{
		AppName:               "miniblog",
		BodyLimit:             maxBody,
		CaseSensitive:         true,
		DisableStartupMessage: true,
		ErrorHandler:          s.failEarly,
		IdleTimeout:           idleTimeout,
		Immutable:             true, // strings from Fiber otherwise alias a buffer that the next request overwrites
		ReadBufferSize:        maxHeader,
		ReadTimeout:           readTimeout,
		StrictRouting:         true,
		UnescapePath:          true,
		WriteTimeout:          writeTimeout,
	})
	s.app.Server().CloseOnShutdown = true
	s.routes()
	return s
}

// Serve answers on the listener until Drain. It returns nil after Drain.
func (s *Server) Serve(listener net.Listener) error { return s.app.Listener(listener) }

// Drain makes /readyz answer 503, takes no new connections and waits for the
// requests under way until ctx ends.
func (s *Server) Drain(ctx context.Context) error {
	s.draining.Store(true)
	return s.app.ShutdownWithContext(ctx)
}

// secure tells whether the blog is reached over HTTPS.
func (s *Server) secure() bool { return s.URL.Scheme == "https" }

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }
