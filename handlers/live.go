package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// endOneSession ends one of the viewer's sessions. Ending this very one is logging out, for
// which nobody is asked to prove anything.
func (s *Server) endOneSession(c *fiber.Ctx) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	if id == viewingSession(c).ID {
		return s.logOut(c)
	}
	session, err := s.proven(c, sent)
	if err != nil {
		return s.refuseEnding(c, err)
	}
	if err := s.Accounts.EndOne(c.UserContext(), session.User, id, s.client(c)); err != nil {
		return err
	}
	return s.answerEnded(c, views.SaidSessionEnded)
}

// endOtherSessions ends all the viewer's sessions but this one.
func (s *Server) endOtherSessions(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := s.proven(c, sent)
	if err != nil {
		return s.refuseEnding(c, err)
	}
	if _, err := s.Accounts.EndOthers(c.UserContext(), session, s.client(c)); err != nil {
		return err
	}
	return s.answerEnded(c, views.SaidOthersEnded)
}

func (s *Server) refuseEnding(c *fiber.Ctx, cause error) error {
	return s.refuseSetting(c, cause, func(all *views.Settings, r views.Refusal) templ.Component {
		all.Sessions.Refusal = r
		return views.SessionList(all.Sessions)
	})
}

func (s *Server) answerEnded(c *fiber.Ctx, said views.Said) error {
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.SettingsAt(views.SessionsPart), said)
	}
	return s.changedSetting(c, views.SettingsURL, func(all views.Settings) templ.Component {
		all.Sessions.Announce = views.SaidWords(said)
		return views.SessionList(all.Sessions)
	})
}
