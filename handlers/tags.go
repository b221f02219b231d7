package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// tags lists all tags.
func (s *Server) tags(c *fiber.Ctx) error {
	tags, err := s.Blog.AllTags(c.UserContext())
	if err != nil {
		return err
	}
	page := views.TagsPage(s.publicFrame(c, "Tags", views.TagsURL), tags)
	return s.answer(c, fiber.StatusOK, page, page)
}

// tagged shows what has a tag. Each tag has one address, however it is written.
func (s *Server) tagged(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	written := c.Params("tag")
	tag, page, err := s.Blog.NewestTagged(c.UserContext(), written, place)
	if err != nil {
		return err
	}
	if written != tag.Slug {
		return moved(c, views.TagURL(tag.Slug))
	}
	list := listOf(c, views.TagURL(tag.Slug), page, views.Listed)
	return s.answer(c, fiber.StatusOK, views.TagPage(s.tagFrame(c, tag, place), tag, list), views.MorePosts(place, list))
}
