package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// gallery shows every component in every state. It is nobody's page, so that no script keeps
// what stands in its editors.
func (s *Server) gallery(c *fiber.Ctx) error {
	page := s.frame(c, "Gallery")
	page.Account = ""
	shown := views.GalleryPage(page)
	return s.answer(c, fiber.StatusOK, shown, shown)
}
