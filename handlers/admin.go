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

// wholeRecord shows what happened to everybody's account.
func (s *Server) wholeRecord(c *fiber.Ctx) error {
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
		shown.Older = views.BeforeIDURL(views.WholeRecordURL, found.Next)
	}
	return s.answer(c, fiber.StatusOK,
		views.WholeRecordPage(s.frame(c, "Record"), shown), views.MoreRecord(shown, strconv.FormatInt(before, 10)))
}
