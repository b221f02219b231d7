package handlers

import "github.com/gofiber/fiber/v2"

// alive answers while the process lives.
func (s *Server) alive(c *fiber.Ctx) error { return plain(c, fiber.StatusOK, "alive\n") }

// ready answers 200 when pages can be served: not while draining, nor while the
// database is away or its schema is not this program's. However many ask, the database is
// asked once at a time.
func (s *Server) ready(c *fiber.Ctx) error {
	if s.draining.Load() {
		return plain(c, fiber.StatusServiceUnavailable, "draining\n")
	}
	_, err, _ := s.readiness.Do("", func() (any, error) { return nil, s.Ready(c.UserContext()) })
	if err != nil {
		s.Log.Warn("not ready", "id", requestID(c), "cause", err)
		return plain(c, fiber.StatusServiceUnavailable, "the database is not ready\n")
	}
	return plain(c, fiber.StatusOK, "ready\n")
}

func plain(c *fiber.Ctx, status int, words string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if status == fiber.StatusServiceUnavailable {
		setRetryAfter(c, away)
	}
	return c.Status(status).SendString(words)
}
