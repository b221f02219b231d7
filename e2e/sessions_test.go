package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

func TestLoggingOutAndInAgainByEmail(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org'")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(button("Log out"))
		b.sees(heading("Log in"))
		b.isAt("/login")
		s.wantSessions(t, 0)
		b.types(field("Username"), "Ada@Example.org")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.sees(heading("Welcome, ada"))
		b.isAt("/dashboard")
		s.wantSessions(t, 1)
	})
}

func TestAWrongPasswordIsToldAtItsField(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("422")
		b.opens("/login")
		b.marks()
		b.focusIsOn(field("Username"))
		b.types(field("Username"), "ada")
		b.types(field("Password"), "seven gray herons")
		b.presses(button("Log in"))
		b.isToldAt(field("Password"), "Wrong username or password. Passwords are case-sensitive.")
		b.focusIsOn(field("Password"))
		b.holds(field("Username"), "ada")
		b.holds(field("Password"), "")
		b.loadedNothing()
		s.wantSessions(t, 0)
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.sees(heading("Welcome, ada"))
		s.wantSessions(t, 1)
	})
}

func TestLoggingInReturnsToThePageThatWasAskedFor(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.opens("/new")
		b.isAt("/login?next=%2Fnew")
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.focusIsOn(field("Title"))
		b.isAt("/new")
		s.wantSessions(t, 1)
	})
}

func TestASessionThatEndsMidEditTakesNoText(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("401", "422")
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.marks()
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.endSessions(t)
		b.presses(button("Save"))
		b.sees(heading("Please log in again"))
		b.focusIsOn(field("Username"))
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		b.types(field("Username"), "ada")
		b.types(field("Password"), "seven gray herons")
		b.presses(button("Log in"))
		b.isToldAt(field("Password"), "Wrong username or password. Passwords are case-sensitive.")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.hears("You are logged in again. What you typed is still here.")
		b.misses(heading("Please log in again"))
		b.focusIsOn(button("Save"))
		b.isStillThere()
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		b.presses(button("Save"))
		b.isAt("/@ada/" + post.Slug())
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, version 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestWithoutScriptsATextOutlivesItsSession(t *testing.T) {
	alone(t, false, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.endSessions(t)
		b.expects("401")
		b.presses(button("Save"))
		b.sees(heading("Log in"))
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, version 1: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(button("Save"))
		b.isAt("/@ada/" + post.Slug())
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, version 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}
