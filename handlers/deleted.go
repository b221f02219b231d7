package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// deleted lists what the viewer deleted and can still bring back.
func (s *Server) deleted(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	page, err := s.Blog.AllDeleted(c.UserContext(), viewingAuthor(c), place)
	if err != nil {
		return err
	}
	list := listOf(c, views.DeletedURL, page, views.Binned)
	list.Older = !place.IsZero()
	return s.answer(c, fiber.StatusOK, views.DeletedPage(s.frame(c, "Deleted"), list), views.MorePosts(place, list))
}
