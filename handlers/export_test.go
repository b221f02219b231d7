package handlers

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/internal/blog"
)

// Routes lists every route as its method and path, without the middleware.
func (s *Server) Routes() (routes [][2]string) {
	for _, route := range s.app.GetRoutes(true) {
		routes = append(routes, [2]string{route.Method, route.Path})
	}
	return routes
}

// ClientAddress is whom a request comes from, by its peer and its lines of X-Forwarded-For.
func (s *Server) ClientAddress(peer net.Addr, lines ...string) netip.Addr {
	var request fasthttp.Request
	for _, line := range lines {
		request.Header.Add(fiber.HeaderXForwardedFor, line)
	}
	var ctx fasthttp.RequestCtx
	ctx.Init(&request, peer, nil)
	c := s.app.AcquireCtx(&ctx)
	defer s.app.ReleaseCtx(c)
	return s.clientAddress(c)
}

// Enter answers one request without a connection.
func (s *Server) Enter(ctx *fasthttp.RequestCtx) { s.enter(ctx) }

// NewDownload is an archive on its way to a client.
func NewDownload(made io.Reader, conn net.Conn) io.Reader {
	return &download{made: bufio.NewReader(made), conn: conn}
}

// Sightings are for tests of what is first seen.
type Sightings struct{ own sightings }

func (s *Sightings) First(address, etag string, now time.Time) time.Time {
	return s.own.first(address, etag, now)
}

// Len is how many are remembered.
func (s *Sightings) Len() int { return len(s.own.last) }

// Cuts are for tests of how they are looked up.
type Cuts = cuts

func (k *cuts) Now(ctx context.Context, find func(context.Context) ([]blog.Mark, error)) ([]blog.Mark, error) {
	return k.now(ctx, find)
}

// OrPanic turns a panic into an error.
func OrPanic(do func() error) error { return orPanic(do) }
