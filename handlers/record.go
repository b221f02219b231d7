package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/fault"
	"miniblog/views"
)

// record shows what happened to the viewer's account.
func (s *Server) record(c *fiber.Ctx) error {
	before, err := beforeEvent(c)
	if err != nil {
		return err
	}
	user, _ := viewer(c)
	page, err := s.Accounts.RecordOf(c.UserContext(), user, before)
	if err != nil {
		return err
	}
	shown := recordOf(page)
	shown.InPlace, shown.Focus = true, wantsFragment(c)
	return s.answer(c, fiber.StatusOK,
		views.RecordPage(s.frame(c, "Record"), shown), views.MoreEvents(before, shown))
}

// recordOf is a page of a user's own record, to be shown.
func recordOf(page account.RecordPage) views.Record {
	shown := views.Record{Events: page.Events}
	if page.Next > 0 {
		shown.Older = views.RecordBeforeURL(page.Next)
	}
	return shown
}

// beforeEvent reads where a page of a record begins; 0 is the newest.
func beforeEvent(c *fiber.Ctx) (int64, error) {
	text := c.Query("before")
	if text == "" {
		return 0, nil
	}
	before, err := strconv.ParseInt(text, 10, 64)
	if err != nil || before <= 0 {
		return 0, fault.ErrMalformed
	}
	return before, nil
}
