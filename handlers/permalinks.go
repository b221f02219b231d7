package handlers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// errInBin is for who opens the address of a post that they have deleted and can bring back.
var errInBin = fmt.Errorf("in the viewer's bin: %w", fault.ErrGone)

// leadOn leads from an address that nothing is read at to where what was there is read now,
// in one hop, or tells that it is gone or never was. About is what belongs to it below its address.
func (s *Server) leadOn(c *fiber.Ctx, username, slug string, about ...string) error {
	address, err := s.Blog.Resolve(c.UserContext(), username, slug)
	var gone *blog.Gone
	if errors.As(err, &gone) && gone.Post != uuid.Nil && gone.Author.ID == viewingAuthor(c).ID {
		return errInBin
	}
	if err != nil {
		return err
	}
	return moved(c, views.AddressURL(address)+strings.Join(about, ""))
}

// moved leads to where a page is read now, with what was asked of it. Caches ask again each
// time: who takes an old name back turns the way round.
func moved(c *fiber.Ctx, to string) error {
	setCaching(c)
	if query := c.Request().URI().QueryString(); len(query) > 0 {
		to += "?" + string(query)
	}
	return c.Redirect(to, fiber.StatusMovedPermanently)
}
