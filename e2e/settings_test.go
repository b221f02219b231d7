package e2e

import (
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

const newPassword = "eight brown owls"

// part is a part of the page of settings.
func part(name string) element { return element{role: "region", name: name} }

// elsewhere is another browser, of that name, in which the user is logged in.
func (s *site) elsewhere(t *testing.T, username, browser string) {
	t.Helper()
	if _, _, err := s.accounts.LogIn(t.Context(), username, dbtest.Password, account.Client{Browser: browser}); err != nil {
		t.Fatal(err)
	}
}

// stales has the last proof of everybody's password be long ago.
func (s *site) stales(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE sessions SET proven_at = now() - interval '11 minutes'")
}

func TestAPasswordChangedInOneBrowserShutsOutTheOther(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		other := s.visitor(t, b.js)
		b.hasSession("ada")
		other.hasSession("ada")
		other.opens("/dashboard")
		other.sees(heading("Welcome, ada"))
		b.expects("422")
		b.opens("/dashboard")
		b.presses(link("Settings"))
		b.isAt("/settings")
		b.marks()
		current, fresh := field("Current password").in(part("Password")), field("New password")
		b.types(current, "seven gray herons")
		b.types(fresh, newPassword)
		b.presses(button("Change password"))
		b.isToldAt(current, "That is not the password you have now.")
		b.focusIsOn(current)
		b.holds(fresh, "")
		s.wantSessions(t, 2)
		b.types(current, dbtest.Password)
		b.types(fresh, newPassword)
		b.presses(button("Change password"))
		b.reads("Your password is changed. Every other session has ended.")
		b.holds(current, "")
		b.loadedNothing()
		s.wantSessions(t, 1)
		other.opens("/dashboard")
		other.sees(heading("Log in"))
		b.opens("/dashboard")
		b.sees(heading("Welcome, ada"))
		other.types(field("Username"), "ada")
		other.types(field("Password"), newPassword)
		other.presses(button("Log in"))
		other.sees(heading("Welcome, ada"))
		s.wantSessions(t, 2)
	})
}

func TestASessionIsEndedFromAnother(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		s.elsewhere(t, "ada", "Firefox on Linux")
		b.hasSession("ada")
		s.stales(t)
		b.expects("422")
		b.opens("/settings")
		b.marks()
		current := field("Current password").in(part("Sessions"))
		b.reads("Firefox on Linux")
		b.presses(button("End"))
		b.isToldAt(current, "Enter the password you have now.")
		s.wantSessions(t, 2)
		b.types(current, dbtest.Password)
		b.presses(button("End"))
		b.misses(button("End"))
		b.misses(current)
		b.sees(part("Sessions"))
		b.loadedNothing()
		s.wantSessions(t, 1)
	})
}

func TestAProfileIsWhatReadersSee(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/settings")
		b.types(field("Display name"), "Ada Lovelace")
		b.types(field("About"), "Counts tides.")
		b.presses(button("Save"))
		b.reads("Your profile is saved.")
		b.holds(field("Display name"), "Ada Lovelace")
		b.opens("/")
		b.presses(link("Ada Lovelace"))
		b.sees(heading("Ada Lovelace"))
		b.isAt("/@ada")
		b.reads("@ada Counts tides.")
	})
}

func TestARenamedAuthorIsReadUnderEveryOldAddress(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		for _, username := range []string{"countess", "lovelace"} {
			b.opens("/settings")
			b.types(field("Username"), username)
			b.presses(button("Change username"))
			b.reads("Your username is changed.")
			b.holds(field("Username"), username)
			b.reads("@" + username)
		}
		for _, old := range []string{"/@ada", "/@countess"} {
			b.opens(old + strings.TrimPrefix(permalink, "/@ada"))
			b.sees(heading(tideTables))
			b.isAt("/@lovelace" + strings.TrimPrefix(permalink, "/@ada"))
		}
		s.wantPosts(t, "lovelace, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestADeletedAccountComesBackByLoggingIn(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		binned := dbtest.Post(t, s.store, post.AuthorID, func(p *dbtest.NewPost) { p.Title = "Torn up" })
		if _, err := blog.New(s.store).Delete(t.Context(), blog.Author{ID: post.AuthorID}, binned.ID); err != nil {
			t.Fatal(err)
		}
		before := "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks."
		torn := "ada, torn-up, saved 1, deleted: Torn up / Every harbour keeps two clocks."
		s.wantPosts(t, before, torn)
		b.hasSession("ada")
		b.expects("422", "410")
		b.opens("/settings")
		b.presses(element{role: "DisclosureTriangle", name: "Delete my account"})
		b.presses(button("Delete my account"))
		b.isToldAt(field("Current password").in(part("Delete account")), "Enter the password you have now.")
		b.types(field("Current password").in(part("Delete account")), dbtest.Password)
		b.presses(button("Delete my account"))
		b.sees(heading("Log in"))
		b.reads("Your account is deleted, with everything you wrote.")
		s.wantSessions(t, 0)
		b.opens("/@ada")
		b.sees(heading("Gone"))
		b.opens("/login")
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.sees(heading("Welcome, ada"))
		b.reads("Your account is back, with everything you wrote.")
		s.wantPosts(t, before, torn)
		b.opens("/@ada")
		b.sees(link(tideTables))
	})
}
