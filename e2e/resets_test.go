package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

func TestALinkToSetAPasswordEndsTheOldSessions(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		s.session(t, "ada") // in another browser
		b.hasSession("ada")
		b.expects("422", "404")
		link := s.link(t, "ada")
		b.opens(link)
		b.focusIsOn(field("New password"))
		b.types(field("New password"), "password1")
		b.presses(button("Save"))
		b.isToldAt(field("New password"), "This password is easy to guess. Use a few unrelated words instead.")
		b.holds(field("New password"), "")
		s.wantSessions(t, 2)
		b.types(field("New password"), "eight brown owls")
		b.presses(button("Save"))
		b.sees(heading("Log in"))
		b.isAt("/login?changed=yes")
		s.wantSessions(t, 0)
		b.types(field("Username"), "ada")
		b.types(field("Password"), "eight brown owls")
		b.presses(button("Log in"))
		b.sees(heading("Welcome, ada"))
		s.wantSessions(t, 1)
		b.opens(link)
		b.sees(heading("This link does not work"))
	})
}

func TestAForgottenPasswordIsAskedAboutOnTheLoginPage(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.opens("/login")
		b.presses(link("Forgot password?"))
		b.focusIsOn(field("Username"))
		b.types(field("Username"), "Ada")
		b.presses(button("Send a link"))
		b.sees(heading("Look at your mail"))
		b.isAt("/forgot?asked=yes")
		if asked := dbtest.One[string](t, s.store, "SELECT string_agg(kind || ' ' || asked, ', ') FROM outbox"); asked != "link ada" {
			t.Errorf("the outbox is %q", asked)
		}
	})
}
