package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// mail shows what became of each mail.
func (s *Server) mail(c *fiber.Ctx) error {
	return s.answerMail(c, fiber.StatusOK, views.Mail{})
}

func (s *Server) answerMail(c *fiber.Ctx, status int, shown views.Mail) error {
	before, err := beforeID(c)
	if err != nil {
		return err
	}
	mails, next, err := s.Accounts.Mails(c.UserContext(), before)
	if err != nil {
		return err
	}
	shown.Mails, shown.First, shown.Server = mails, before == 0, s.Accounts.Rules().Mail
	if next != 0 {
		shown.Older = views.BeforeIDURL(views.MailURL, next)
	}
	return s.answer(c, status, views.MailPage(s.frame(c, "Mail"), shown), views.MailList(shown))
}

// testMail sends the owner a mail that shows whether mail arrives.
func (s *Server) testMail(c *fiber.Ctx) error {
	user, _ := viewer(c)
	err := s.Accounts.TestMail(c.UserContext(), user)
	if problems, invalid := asInvalid(err); invalid {
		return s.answerMail(c, fiber.StatusUnprocessableEntity, views.Mail{Problems: problems})
	}
	if err != nil {
		return err
	}
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.MailURL, views.SaidMailQueued)
	}
	return s.answerMail(c, fiber.StatusOK, views.Mail{Announce: views.MailQueuedWords})
}
