package handlers

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/fault"
	"miniblog/views"
)

// showLogin shows the form for logging in.
func (s *Server) showLogin(c *fiber.Ctx) error {
	next := localPath(c.Query("next"))
	if _, ok := viewer(c); ok {
		return goOn(c, orDashboard(next))
	}
	return s.answerLogin(c, fiber.StatusOK, views.Login{
		Next: next, Changed: c.Query("changed") == "yes", Deleted: keptUntil(c), Left: s.hasLeft(c),
	})
}

// logIn begins a session.
func (s *Server) logIn(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	shown := views.Login{
		Username: sent.value("username"), Next: localPath(sent.value("next")), Again: sent.value("again") == "yes" && isHTMX(c),
	}
	if sent.value("carried") == "yes" {
		shown.Carried = sent.carried(sent.value("id"))
	}
	user, tokens, err := s.Accounts.LogIn(c.UserContext(), shown.Username, sent.value("password"), s.client(c))
	if errors.As(err, &shown.Problems) {
		return s.answerLogin(c, fiber.StatusUnprocessableEntity, shown)
	}
	var throttled bool
	if shown.Throttled, throttled = asThrottled(c, err); throttled {
		return s.answerLogin(c, shown.Throttled.Status, shown)
	}
	if err != nil {
		return err
	}
	s.remember(c, tokens)
	switch {
	case shown.Carried != nil:
		c.Locals(viewerKey, user)
		return s.answerCarried(c, sent)
	case shown.Again:
		return s.answer(c, fiber.StatusOK, nil, views.LoggedInAgain())
	}
	if user.Back {
		return goOn(c, views.BackURL)
	}
	return goOn(c, orDashboard(shown.Next))
}

func (s *Server) answerLogin(c *fiber.Ctx, status int, shown views.Login) error {
	page := s.frame(c, "Log in")
	shown.CanJoin = page.CanJoin
	page.Left = shown.Left
	return s.answer(c, status, views.LoginPage(page, shown), views.LoginForm(shown))
}

// showLogout shows the button that ends the session: a link must not do it.
func (s *Server) showLogout(c *fiber.Ctx) error {
	page := views.LogoutPage(s.frame(c, "Log out"))
	return s.answer(c, fiber.StatusOK, page, page)
}

// logOut ends the session.
func (s *Server) logOut(c *fiber.Ctx) error {
	if err := s.Accounts.EndSession(c.UserContext(), s.sessionToken(c), s.client(c)); err != nil {
		return err
	}
	s.forgetSession(c)
	if user, ok := viewer(c); ok {
		s.tellLeft(c, user)
	}
	return goOn(c, views.LoginURL)
}

// tellLeft has the login page's script forget what it kept for this account: only once
// the session is over, not when that was asked for.
func (s *Server) tellLeft(c *fiber.Ctx, user account.User) { s.setLeft(c, user.ID.String(), 60) }

// hasLeft is the account that tellLeft named, once; else "".
func (s *Server) hasLeft(c *fiber.Ctx) string {
	left, err := uuid.Parse(c.Cookies(s.cookieName(leftCookie)))
	if err != nil {
		return ""
	}
	s.setLeft(c, "", -1)
	return left.String()
}

const leftCookie = "left"

func (s *Server) setLeft(c *fiber.Ctx, value string, seconds int) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(leftCookie), Value: value, Path: "/", MaxAge: seconds,
		HTTPOnly: true, Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func orDashboard(next string) string {
	if next == "" {
		return views.DashboardURL
	}
	return next
}

// The cookies. A device's stays when its session ends: it opens nothing.
const (
	sessionCookie = "session"
	deviceCookie  = "device"
)

// beginSession starts a session under a new token, so that one planted before
// login is worth nothing after it, and has the throttle know this browser again.
func (s *Server) beginSession(c *fiber.Ctx, user account.User) error {
	tokens, err := s.Accounts.StartSession(c.UserContext(), user, s.client(c))
	if err != nil {
		return err
	}
	s.remember(c, tokens)
	return nil
}

// remember has the browser keep its session, and by what to be known after that.
func (s *Server) remember(c *fiber.Ctx, tokens account.Tokens) {
	s.setCookie(c, sessionCookie, tokens.Session, account.SessionMax)
	s.setCookie(c, deviceCookie, tokens.Device, account.DeviceMax)
}

func (s *Server) forgetSession(c *fiber.Ctx) { s.setCookie(c, sessionCookie, "", -time.Second) }

func (s *Server) sessionToken(c *fiber.Ctx) account.Token {
	return account.Token(c.Cookies(s.cookieName(sessionCookie)))
}

func (s *Server) deviceToken(c *fiber.Ctx) account.Token {
	return account.Token(c.Cookies(s.cookieName(deviceCookie)))
}

// cookieName: browsers take a __Host- cookie only over HTTPS, for this host alone.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) setCookie(c *fiber.Ctx, name string, value account.Token, lasts time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(name), Value: string(value), Path: "/", MaxAge: int(lasts.Seconds()),
		HTTPOnly: true, Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// asInvalid is errors.As for a form's problems.
func asInvalid(err error) (problems fault.Invalid, ok bool) {
	ok = errors.As(err, &problems)
	return problems, ok
}
