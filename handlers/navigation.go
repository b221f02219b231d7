package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// pages is the part of the navigation that owners fill. It comes from memory.
func (s *Server) pages(c *fiber.Ctx) (pages []views.NavPage) {
	here := unescaped(c.Path())
	for _, post := range s.Blog.Navigation() {
		pages = append(pages, views.NavPage{Post: post, Here: unescaped(views.PermalinkURL(post)) == here})
	}
	return pages
}

// unescaped is a path as it is meant; one that cannot be is as good as it came.
func unescaped(path string) string {
	if meant, err := url.PathUnescape(path); err == nil {
		return meant
	}
	return path
}
