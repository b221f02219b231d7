package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
)

// proven makes sure, before a change that matters, that it is still the viewer who asks: by
// the password in the field account.CurrentPassword, unless it was proven in the last ten
// minutes. It returns the session to go on with: a new one, under a new token, for who has
// just proven it (OWASP ASVS 5.0, 7.2.4 and 7.5). Errors are those of account.Prove.
func (s *Server) proven(c *fiber.Ctx, sent form) (account.Session, error) {
	if session := viewingSession(c); session.Fresh {
		return session, nil
	}
	return s.provenNow(c, sent)
}

// provenNow asks for the password however lately it was proven.
func (s *Server) provenNow(c *fiber.Ctx, sent form) (account.Session, error) {
	user := viewingSession(c).User
	if err := s.Accounts.Prove(c.UserContext(), user, sent.value(account.CurrentPassword), s.client(c)); err != nil {
		return account.Session{}, err
	}
	return s.renewSession(c, user)
}

// renewSession puts a new session in the place of the viewer's, who has proven their password:
// their browser is known, also after a new password has made the account forget it.
func (s *Server) renewSession(c *fiber.Ctx, user account.User) (account.Session, error) {
	tokens, err := s.Accounts.RenewSession(c.UserContext(), user, s.client(c))
	if err != nil {
		return account.Session{}, err
	}
	s.remember(c, tokens)
	session, err := s.Accounts.Session(c.UserContext(), tokens.Session, s.client(c))
	if err != nil {
		return account.Session{}, err
	}
	c.Locals(viewerKey, session.User)
	c.Locals(sessionKey, session)
	return session, nil
}
