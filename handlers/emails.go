package handlers

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/views"
)

// showConfirmation asks before an address is confirmed, and uses nothing up.
func (s *Server) showConfirmation(c *fiber.Ctx) error {
	confirms, err := s.Accounts.ConfirmationBy(c.UserContext(), linkToken(c))
	if err != nil {
		return err
	}
	return s.answerConfirmation(c, fiber.StatusOK, confirms, false)
}

// confirmEmail makes an address the account's whose link was followed, whoever is logged
// in: the link shows that who follows it reads what is sent there.
func (s *Server) confirmEmail(c *fiber.Ctx) error {
	confirms, err := s.Accounts.ConfirmationBy(c.UserContext(), linkToken(c))
	if err != nil {
		return err
	}
	err = s.Accounts.ConfirmEmail(c.UserContext(), linkToken(c), s.client(c))
	if errors.Is(err, account.ErrTaken) {
		return s.answerConfirmation(c, fiber.StatusConflict, confirms, true)
	}
	if err != nil {
		return err
	}
	return goOn(c, views.EmailConfirmedURL)
}

func (s *Server) answerConfirmation(c *fiber.Ctx, status int, confirms account.Confirmation, taken bool) error {
	shown := views.ConfirmEmail{
		Token: string(linkToken(c)), Username: confirms.User.Username, Email: confirms.Email, Taken: taken,
	}
	return s.answer(c, status, views.ConfirmEmailPage(s.frame(c, "Confirm your address"), shown), views.ConfirmEmailForm(shown))
}

// showConfirmed says that an address was confirmed.
func (s *Server) showConfirmed(c *fiber.Ctx) error {
	page := views.EmailConfirmedPage(s.frame(c, "Your address is confirmed"))
	return s.answer(c, fiber.StatusOK, page, page)
}

// ConfirmLink is the link with that token to the blog at its public address.
func ConfirmLink(public *url.URL, token account.Token) string {
	return public.String() + views.EmailURL(string(token))
}
