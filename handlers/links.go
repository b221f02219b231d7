package handlers

import (
	"log/slog"
	"path"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/views"
)

// site is where this blog is, for links in texts.
func (s *Server) site() blog.Site {
	site := blog.Site{Has: s.hasPage}
	for origin := range s.origins {
		site.Origins = append(site.Origins, strings.ToLower(origin))
	}
	return site
}

// hasPage tells whether there is a page of our own at a path.
func (s *Server) hasPage(at string) bool {
	return slices.ContainsFunc(s.pages, func(route string) bool { return fiber.RoutePatternMatch(at, route, s.app.Config()) })
}

// pagesIn are the routes of pages. Those of authors, posts and tags are not among them: whether
// anything is there only the database knows.
func pagesIn(routes []fiber.Route) (pages []string) {
	for _, route := range routes {
		written := strings.HasPrefix(route.Path, "/@") || strings.HasPrefix(route.Path, "/tags/")
		if route.Method == fiber.MethodGet && !(written && strings.Contains(path.Base(route.Path), ":")) {
			pages = append(pages, route.Path)
		}
	}
	return pages
}

// deadLinks are the links in the viewer's own post that lead nowhere. The text is kept
// already: where they cannot be looked at, that is a line in the log and nothing else.
func (s *Server) deadLinks(c *fiber.Ctx, post blog.Post) []string {
	dead, err := s.Blog.DeadLinks(c.UserContext(), s.site(), post)
	if err != nil {
		s.Log.Warn("links not looked at", slog.String("id", requestID(c)), slog.Any("cause", err))
	}
	return dead
}

// afterSaving is where a saved post is read or, where other changes were merged
// into it, seen. The dashboard, where drafts are, is told of links that lead nowhere.
func (s *Server) afterSaving(c *fiber.Ctx, saved blog.Revision) string {
	switch {
	case saved.Typed > 0:
		return views.MergedURL(saved.ID, saved.Typed, saved.Version)
	case saved.Draft() && len(s.deadLinks(c, saved.Post)) > 0:
		return views.JustLinkedURL(saved.ID)
	}
	return views.ReadURL(saved.Post)
}

// justLinked is the draft that the address says was saved with links that lead nowhere.
func (s *Server) justLinked(c *fiber.Ctx) (*views.Post, error) {
	post, err := s.ownNamed(c, "links")
	if err != nil || post == nil || !post.DeletedAt.IsZero() {
		return nil, err
	}
	post.Dead = s.deadLinks(c, post.Post)
	return post, nil
}
