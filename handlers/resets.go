package handlers

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/views"
)

// showForgot says how to get a link to set a password.
func (s *Server) showForgot(c *fiber.Ctx) error {
	frame := s.frame(c, "Forgot password?")
	var page templ.Component
	switch {
	case !s.Accounts.Rules().Mail:
		page = views.AskOwnerPage(frame)
	case c.Query("asked") == "yes":
		page = views.AskedPage(frame)
	default:
		return s.answerForgot(c, fiber.StatusOK, views.Forgot{})
	}
	return s.answer(c, fiber.StatusOK, page, page)
}

// askForLink has a link mailed. It answers the same in the same time whosever name was
// typed: what it writes down is looked at later, by who sends the mail.
func (s *Server) askForLink(c *fiber.Ctx) error {
	if !s.Accounts.Rules().Mail {
		return goOn(c, views.ForgotURL)
	}
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	shown := views.Forgot{Username: sent.value("username")}
	err = s.Accounts.RequestLink(c.UserContext(), shown.Username, s.client(c))
	var invalid, throttled bool
	if shown.Problems, invalid = asInvalid(err); invalid {
		return s.answerForgot(c, fiber.StatusUnprocessableEntity, shown)
	}
	if shown.Throttled, throttled = asThrottled(c, err); throttled {
		return s.answerForgot(c, shown.Throttled.Status, shown)
	}
	if err != nil {
		return err
	}
	return goOn(c, views.AskedForLinkURL)
}

func (s *Server) answerForgot(c *fiber.Ctx, status int, shown views.Forgot) error {
	return s.answer(c, status, views.ForgotPage(s.frame(c, "Forgot password?"), shown), views.ForgotForm(shown))
}

// showReset shows the form that a link leads to. It uses nothing up: programs that look
// at mail before people do open links too.
func (s *Server) showReset(c *fiber.Ctx) error {
	owner, err := s.Accounts.OwnerOfLink(c.UserContext(), linkToken(c))
	if err != nil {
		return err
	}
	return s.answerReset(c, fiber.StatusOK, views.Reset{Username: owner.Username})
}

// resetPassword uses the link up, and leads to the login page. It logs nobody in, so
// that a link from somebody else puts no one into an account that is not theirs; and
// whoever was logged in here, who may be somebody else, is asked for as well.
func (s *Server) resetPassword(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	token := linkToken(c)
	err = s.Accounts.ResetPassword(c.UserContext(), token, sent.value("password"), s.client(c))
	if problems, invalid := asInvalid(err); invalid {
		owner, err := s.Accounts.OwnerOfLink(c.UserContext(), token)
		if err != nil {
			return err
		}
		return s.answerReset(c, fiber.StatusUnprocessableEntity, views.Reset{Username: owner.Username, Problems: problems})
	}
	if err != nil {
		return err
	}
	if err := s.Accounts.EndSession(c.UserContext(), s.sessionToken(c), s.client(c)); err != nil {
		return err
	}
	s.forgetSession(c)
	return goOn(c, views.LoginAfterResetURL)
}

func (s *Server) answerReset(c *fiber.Ctx, status int, shown views.Reset) error {
	shown.Token = string(linkToken(c))
	shown.PasswordMin = strconv.Itoa(s.Accounts.Rules().PasswordMin)
	return s.answer(c, status, views.ResetPage(s.frame(c, "New password"), shown), views.ResetForm(shown))
}

// ResetLink is the link with that token to the blog at its public address.
func ResetLink(public *url.URL, token account.Token) string {
	return public.String() + views.ResetURL(string(token))
}

// ForgotLink is where one asks for a link to set a password, on the blog at its public address.
func ForgotLink(public *url.URL) string { return public.String() + views.ForgotURL }

// LoginLink is where one logs in, on the blog at its public address.
func LoginLink(public *url.URL) string { return public.String() + views.LoginURL }

func linkToken(c *fiber.Ctx) account.Token { return account.Token(c.Params("token")) }
