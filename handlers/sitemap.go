package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/internal/sitemap"
	"miniblog/views"
)

const (
	sitemapType = "application/xml; charset=utf-8"
	// sitemapBatch is how many addresses are read at once.
	sitemapBatch = 1000
	// sitemapDeadline bounds the making of one sitemap.
	sitemapDeadline = 2 * time.Minute
	// sitemapsAtOnce is how many sitemaps are made at the same time.
	sitemapsAtOnce = 4
)

// sitemap answers with all public addresses or, where they are too many for one, an index of
// the sitemaps that have them.
func (s *Server) sitemap(c *fiber.Ctx) error {
	marks, err := s.cuts.now(c.UserContext(), s.findCuts)
	if err != nil {
		return err
	}
	if len(marks) == 0 {
		return s.sendSitemap(c, blog.Mark{})
	}
	setSitemap(c)
	index := sitemap.NewIndex(c.Response().BodyWriter())
	for number := range len(marks) + 1 {
		if err := index.Add(s.absolute(views.SitemapPartURL(number+1)), time.Time{}); err != nil {
			return err
		}
	}
	return index.Close()
}

// sitemapPart answers with one of the sitemaps of the index.
func (s *Server) sitemapPart(c *fiber.Ctx) error {
	text := c.Params("number")
	number, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(number) != text || number < 1 {
		return fault.ErrNotFound
	}
	marks, err := s.cuts.now(c.UserContext(), s.findCuts)
	switch {
	case err != nil:
		return err
	case number > len(marks)+1:
		return fault.ErrNotFound
	case number == 1:
		return s.sendSitemap(c, blog.Mark{})
	}
	return s.sendSitemap(c, marks[number-2])
}

// sendSitemap sends the addresses after a mark, or errSitemaps while as many as may be are under way. Few are sent
// as any page is, and can be kept in memory.
func (s *Server) sendSitemap(c *fiber.Ctx, after blog.Mark) error {
	select {
	case s.sitemaps <- struct{}{}:
	default:
		return fmt.Errorf("%w: %d are under way", errSitemaps, sitemapsAtOnce)
	}
	streams := false
	defer func() {
		if !streams {
			<-s.sitemaps
		}
	}()
	first, next, err := s.addresses(c.UserContext(), after, s.SitemapSize)
	if err != nil {
		return err
	}
	setSitemap(c)
	home := after == blog.Mark{}
	if len(first) < min(sitemapBatch, s.SitemapSize) {
		return s.writeSitemap(c.UserContext(), c.Response().BodyWriter(), home, first, next)
	}
	if c.Method() == fiber.MethodHead { // after whose header fasthttp would end a stream that is not there
		c.Response().Header.SetContentLength(-1)
		return nil
	}
	streams = true
	s.streamSitemap(c, after, first, next)
	return nil
}

// streamSitemap sends the addresses as they are read, and gives back the place. The first were read before the answer
// begins, so that a failure is a page that says so; a later one ends the connection, so that nobody takes half a list for
// the whole. So does the deadline, also for a client that takes nothing.
func (s *Server) streamSitemap(c *fiber.Ctx, after blog.Mark, first []blog.Public, next blog.Mark) {
	// Not the request's, which ends before the list is sent.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), sitemapDeadline)
	made, making := io.Pipe()
	context.AfterFunc(ctx, func() { _ = making.CloseWithError(ctx.Err()) }) // always nil
	go func() {
		defer cancel()
		err := orPanic(func() error { return s.writeSitemap(ctx, making, after == blog.Mark{}, first, next) })
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			s.Log.Error("a sitemap was not finished", "cause", err)
		}
		<-s.sitemaps
		_ = making.CloseWithError(err) // always nil
	}()
	c.Context().SetBodyStream(made, -1)
}

// addresses are the next of a sitemap, as many as are left at most. They are read by turns with what
// others read, so a client that takes them slowly holds nothing meanwhile.
func (s *Server) addresses(ctx context.Context, after blog.Mark, left int) (some []blog.Public, next blog.Mark, err error) {
	err = s.bulkheads.reading.Do(ctx, func() (err error) {
		some, next, err = s.Blog.Addresses(ctx, after, min(sitemapBatch, left))
		return err
	})
	return some, next, err
}

func setSitemap(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentType, sitemapType)
	c.Set(fiber.HeaderCacheControl, "no-cache")
}

// writeSitemap writes the first addresses and all that follow, up to a sitemap's size. The home
// page comes before all others.
func (s *Server) writeSitemap(ctx context.Context, to io.Writer, home bool, first []blog.Public, next blog.Mark) (err error) {
	list := sitemap.New(to)
	if home {
		if err := list.Add(s.absolute(views.HomeURL), time.Time{}); err != nil {
			return err
		}
	}
	for left, batch := s.SitemapSize, first; ; {
		for _, each := range batch {
			if err := list.Add(s.absolute(views.PublicURL(each)), each.Changed); err != nil {
				return err
			}
		}
		whole := min(sitemapBatch, left)
		if left -= len(batch); len(batch) < whole || left == 0 {
			break
		}
		if batch, next, err = s.addresses(ctx, next, left); err != nil {
			return err
		}
	}
	return list.Close()
}

// robots tells crawlers what is not for them: forms and what needs an account. All that readers
// see is.
func (s *Server) robots(c *fiber.Ctx) error {
	var lines strings.Builder
	lines.WriteString("User-agent: *\n")
	for _, path := range views.NotForRobots {
		lines.WriteString("Disallow: " + path + "\n")
	}
	lines.WriteString("Allow: /\n\nSitemap: " + s.absolute(views.SitemapURL) + "\n")
	return sendUnlessKnown(c, fiber.MIMETextPlainCharsetUTF8, []byte(lines.String()), noTime)
}
