package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// saidCookie names what the next page says was done. It is set with the answer that leads
// there alone, so no address can make a page say it.
const saidCookie = "said"

// goOnSaying leads to another page after a change, which says what was done there.
func (s *Server) goOnSaying(c *fiber.Ctx, url string, said views.Said) error {
	s.setSaid(c, string(said), 60)
	return goOn(c, url)
}

// said is what the page is to say, once.
func (s *Server) said(c *fiber.Ctx) string {
	words := views.SaidWords(views.Said(c.Cookies(s.cookieName(saidCookie))))
	if words != "" {
		s.setSaid(c, "", -1)
	}
	return words
}

func (s *Server) setSaid(c *fiber.Ctx, value string, seconds int) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(saidCookie), Value: value, Path: "/", MaxAge: seconds,
		HTTPOnly: true, Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode,
	})
}
