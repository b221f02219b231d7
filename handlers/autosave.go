package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// autosave keeps what stands in an editor just now, unseen by readers.
func (s *Server) autosave(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	sent, err := readText(c)
	if err != nil {
		return err
	}
	kept, err := s.Blog.Autosave(c.UserContext(), viewingAuthor(c), id, sent.origin(), sent.text())
	if problems, invalid := asInvalid(err); invalid && wantsFragment(c) {
		return s.answer(c, fiber.StatusUnprocessableEntity, nil, views.NotKept(id, problems))
	} else if invalid {
		return s.refuseAutosave(c, id, sent, err)
	}
	if err != nil {
		return err
	}
	if !wantsFragment(c) {
		return goOn(c, views.EditURL(id))
	}
	return s.answer(c, fiber.StatusOK, nil, views.Kept(id, kept, zoneOf(c)))
}
