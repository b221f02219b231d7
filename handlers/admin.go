package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/views"
)

// by is the owner who asks.
func (s *Server) by(c *fiber.Ctx) account.By {
	user, _ := viewer(c)
	return account.By{Owner: user, From: s.client(c)}
}

// provenOwner asks for the owner's password again, unless they have proven it in the last
// ten minutes. Who proves it goes on in a new session, which is fresh.
func (s *Server) provenOwner(c *fiber.Ctx, sent form) error {
	session := viewingSession(c)
	if session.Fresh {
		return nil
	}
	if err := s.Accounts.Prove(c.UserContext(), session.User, sent.value(account.CurrentPassword), s.client(c)); err != nil {
		return err
	}
	return s.beginSession(c, session.User)
}

// record shows what happened to everybody's account.
func (s *Server) record(c *fiber.Ctx) error {
	before, err := beforeID(c)
	if err != nil {
		return err
	}
	found, err := s.Accounts.Record(c.UserContext(), before)
	if err != nil {
		return err
	}
	shown := views.Record{Events: found.Events, ByUser: true, InPlace: true, Focus: wantsFragment(c)}
	if found.Next != 0 {
		shown.Older = views.BeforeIDURL(views.RecordURL, found.Next)
	}
	return s.answer(c, fiber.StatusOK,
		views.RecordPage(s.frame(c, "Record"), shown), views.MoreRecord(shown, strconv.FormatInt(before, 10)))
}
