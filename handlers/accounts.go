package handlers

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/fault"
	"miniblog/views"
)

// withInvitation keeps an address that holds an invitation out of caches. It reaches no other
// site, for referrers stay here; without any the form's own sender could not be told.
func withInvitation(c *fiber.Ctx) error {
	err := c.Next()
	if c.Query("invitation") != "" {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	return err
}

// showSignup shows the form for a new account, or why there is none.
func (s *Server) showSignup(c *fiber.Ctx) error {
	next := localPath(c.Query("next"))
	if _, ok := viewer(c); ok {
		return goOn(c, orDashboard(next))
	}
	invitation := c.Query("invitation")
	may, err := s.Accounts.MayJoin(c.UserContext(), account.Token(invitation))
	switch {
	case err != nil && !s.Accounts.CanJoin(): // else the form is there, though the database is away
		return err
	case err == nil && !may:
		return s.refuseSignup(c, invitation)
	}
	return s.answerSignup(c, fiber.StatusOK, views.Signup{Next: next, Invitation: invitation})
}

// signUp makes an account and logs in.
func (s *Server) signUp(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		if may, failed := s.Accounts.MayJoin(c.UserContext(), ""); failed == nil && !may {
			return s.refuseSignup(c, "")
		}
		return err
	}
	shown := views.Signup{
		Username: sent.value("username"), Email: sent.value("email"), Next: localPath(sent.value("next")),
		Invitation: sent.value("invitation"),
	}
	user, err := s.Accounts.SignUp(c.UserContext(), account.Application{
		Username: shown.Username, Email: shown.Email, Password: sent.value("password"), Invitation: account.Token(shown.Invitation),
		Decoy: sent.value("subject"),
	}, s.client(c))
	if errors.Is(err, fault.ErrForbidden) {
		return s.refuseSignup(c, shown.Invitation)
	}
	var invalid, throttled bool
	if shown.Problems, invalid = asInvalid(err); invalid {
		return s.answerSignup(c, fiber.StatusUnprocessableEntity, shown)
	}
	if shown.Throttled, throttled = asThrottled(c, err); throttled {
		return s.answerSignup(c, shown.Throttled.Status, shown)
	}
	if err != nil {
		return err
	}
	if err := s.beginSession(c, user); err != nil {
		return err
	}
	return goOn(c, orDashboard(shown.Next))
}

func (s *Server) answerSignup(c *fiber.Ctx, status int, shown views.Signup) error {
	shown.PasswordMin, shown.Mail = strconv.Itoa(s.Accounts.Rules().PasswordMin), s.Accounts.Rules().Mail
	return s.answer(c, status, views.SignupPage(s.frame(c, "Sign up"), shown), views.SignupForm(shown))
}

// refuseSignup says why nobody can join here by themselves.
func (s *Server) refuseSignup(c *fiber.Ctx, invitation string) error {
	if isHTMX(c) {
		return fault.ErrForbidden
	}
	mode, err := s.Accounts.Mode(c.UserContext())
	if err != nil {
		return err
	}
	words := "This blog takes no new accounts. Ask its owner."
	switch {
	case mode == account.SignupInvite && invitation != "":
		words = "This invitation was used, is too old, or was taken back. Ask the blog’s owner for a new one."
	case mode == account.SignupInvite:
		words = "Joining this blog needs an invitation. Ask its owner for one."
	}
	page := views.SignupClosedPage(s.frame(c, "Sign up"), words)
	return s.answer(c, fiber.StatusForbidden, page, page)
}

// checkUsername tells, as the field is left, whether a username can be had. The
// question was answered, so the status is 200 whatever the answer.
func (s *Server) checkUsername(c *fiber.Ctx) error {
	invitation := c.Query("invitation")
	may, err := s.Accounts.MayJoin(c.UserContext(), account.Token(invitation))
	if err != nil {
		return err
	}
	if !may {
		return fault.ErrNotFound
	}
	username := c.Query("username")
	words, err := s.Accounts.UsernameProblem(c.UserContext(), username)
	if err != nil {
		return err
	}
	var problems fault.Invalid
	if words != "" {
		problems = fault.Invalid{{Field: "username", Message: words}}
	}
	page := views.SignupPage(s.frame(c, "Sign up"), views.Signup{
		Username: username, Invitation: invitation, Problems: problems, PasswordMin: strconv.Itoa(s.Accounts.Rules().PasswordMin),
	})
	return s.answer(c, fiber.StatusOK, page, views.UsernameLine(username, invitation, problems))
}
