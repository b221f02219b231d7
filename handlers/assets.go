package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/assets"
	"miniblog/internal/fault"
)

// keptForEver is for an address whose content never changes.
const keptForEver = "public, max-age=31536000, immutable"

// asset serves a file whose name holds a hash of its content, so it never changes.
func (s *Server) asset(c *fiber.Ctx) error {
	file, ok := assets.Find(c.Params("name"))
	if !ok {
		return fault.ErrNotFound
	}
	body, encoding := file.Encoded(c.Get(fiber.HeaderAcceptEncoding))
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderContentType, file.ContentType)
	c.Set(fiber.HeaderCacheControl, keptForEver)
	// SetBodyRaw keeps a reference and copies nothing: the bytes never change.
	c.Response().SetBodyRaw(body)
	return nil
}
