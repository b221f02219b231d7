package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// invitations says who may join, and lists the invitations.
func (s *Server) invitations(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	return s.answerInvitations(c, fiber.StatusOK, place, views.Invitations{Uses: "1", Days: "7"})
}

func (s *Server) answerInvitations(c *fiber.Ctx, status int, place blog.Place, shown views.Invitations) error {
	list, more, err := s.Accounts.Invitations(c.UserContext(), place.Time, place.ID)
	if err != nil {
		return err
	}
	mode, err := s.signupMode(c)
	if err != nil {
		return err
	}
	shown.Closed = mode.Closed()
	shown.List, shown.First = list, place.IsZero()
	if more {
		last := list[len(list)-1]
		shown.Older = views.BeforeURL(views.InvitationsURL, blog.Place{Time: last.MadeAt, ID: last.ID})
	}
	return s.answer(c, status, views.InvitationsPage(s.frame(c, "Who may join"), mode, shown), views.InvitationList(shown))
}

// invite makes an invitation, and shows its link this once.
func (s *Server) invite(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	shown := views.Invitations{Uses: sent.value("uses"), Days: sent.value("days")}
	token, err := s.Accounts.Invite(c.UserContext(), sent.number("uses"), sent.number("days"), s.by(c))
	var invalid bool
	if shown.Problems, invalid = asInvalid(err); invalid {
		return s.answerInvitations(c, fiber.StatusUnprocessableEntity, blog.Place{}, shown)
	}
	if err != nil {
		return err
	}
	shown.Link, shown.Announce = InvitationLink(s.URL, token), "The invitation is made. Copy it now."
	return s.answerInvitations(c, fiber.StatusOK, blog.Place{}, shown)
}

// revokeInvitation takes an invitation back.
func (s *Server) revokeInvitation(c *fiber.Ctx) error {
	id, err := parseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Accounts.RevokeInvitation(c.UserContext(), id, s.by(c)); err != nil {
		return err
	}
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.InvitationsURL, views.SaidRevoked)
	}
	return s.answerInvitations(c, fiber.StatusOK, blog.Place{}, views.Invitations{
		Uses: "1", Days: "7", Announce: views.RevokedWords,
	})
}

// setSignup sets who may join.
func (s *Server) setSignup(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	mode := account.Signup(sent.value("signup"))
	switch mode {
	case "":
		return fault.ErrMalformed
	case views.SignupUnset:
		mode = ""
	}
	if err := s.Accounts.SetSignup(c.UserContext(), mode, s.by(c)); err != nil {
		return err
	}
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.InvitationsURL, views.SaidSignupChanged)
	}
	shown, err := s.signupMode(c)
	if err != nil {
		return err
	}
	shown.Saved = true
	return s.answer(c, fiber.StatusOK, nil, views.SignupModeForm(shown))
}

func (s *Server) signupMode(c *fiber.Ctx) (views.SignupMode, error) {
	set, err := s.Accounts.SignupSet(c.UserContext())
	return views.SignupMode{Set: set, Default: s.Accounts.Rules().Signup}, err
}

// InvitationLink is the invitation with that token to the blog at its public address.
func InvitationLink(public *url.URL, token account.Token) string {
	return public.String() + views.InvitedURL(string(token))
}
