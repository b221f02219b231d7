package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/fault"
	"miniblog/views"
)

// themeCookie names the colours that were chosen in this browser.
const themeCookie = "theme"

const themeLasts = 365 * 24 * 60 * 60 // seconds

// setTheme keeps the colours that somebody chose, in their browser alone, and returns to
// the page on which they did.
func (s *Server) setTheme(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	theme, ok := views.ParseTheme(sent.value("theme"))
	if !ok {
		return fault.ErrMalformed
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(themeCookie), Value: string(theme), Path: "/", MaxAge: themeLasts,
		HTTPOnly: true, Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode,
	})
	return goOn(c, orHome(localPath(sent.value("next"))))
}

// theme is the colours that were chosen in this browser.
func (s *Server) theme(c *fiber.Ctx) views.Theme {
	theme, _ := views.ParseTheme(c.Cookies(s.cookieName(themeCookie)))
	return theme
}

// here is the page that a switch of colours returns to; "" where it would be a secret,
// which no form is to carry.
func here(c *fiber.Ctx) string {
	if isSecret(c.Path()) || strings.Contains(c.OriginalURL(), "invitation=") {
		return ""
	}
	return orHome(comeBackTo(c))
}

func orHome(next string) string {
	if next == "" {
		return views.HomeURL
	}
	return next
}
