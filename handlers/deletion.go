package handlers

import (
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/views"
)

// deleteAccount deletes the viewer's own account, and says until when it can come back. The
// password is asked for however lately it was proven.
func (s *Server) deleteAccount(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := s.provenNow(c, sent)
	if err != nil {
		return s.refuseDeletion(c, err)
	}
	until, err := s.Accounts.Delete(c.UserContext(), session.User, s.client(c))
	if err != nil {
		return s.refuseDeletion(c, err)
	}
	s.forgetSession(c)
	s.tellLeft(c, session.User)
	return goOn(c, views.LoginAfterDeletionURL(until))
}

func (s *Server) refuseDeletion(c *fiber.Ctx, cause error) error {
	return s.refuseSetting(c, cause, func(all *views.Settings, r views.Refusal) templ.Component {
		all.Deletion.Refusal = r
		return views.DeletionForm(all.Deletion)
	})
}

// keptUntil reads from the address of the login page until when an account that was just
// deleted can come back; what can be no such day is the zero time.
func keptUntil(c *fiber.Ctx) time.Time {
	until, err := time.Parse(time.DateOnly, c.Query("deleted"))
	left := time.Until(until)
	if err != nil || left < -24*time.Hour || left > (account.DeletionDays+1)*24*time.Hour {
		return time.Time{}
	}
	return until
}
