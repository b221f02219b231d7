package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"

	"miniblog/internal/dbtest"
)

func TestANewcomerSignsUpWritesAndPublishes(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.sees(heading("Nothing here yet"))
		b.presses(link("Sign up"))
		b.focusIsOn(field("Username"))
		b.types(field("Username"), "Ada")
		b.types(field("Email"), "Ada@example.org")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Sign up"))
		b.sees(heading("Welcome, ada"))
		b.isAt("/dashboard")
		b.presses(link("Write new post"))
		b.focusIsOn(field("Title"))
		b.types(field("Title"), "First light")
		b.types(field("Body"), "The harbour woke at five.\n\nNobody else did.")
		b.presses(button("Publish"))
		b.sees(heading("First light"))
		b.presses(link("Dashboard"))
		b.sees(link("First light"))
		b.presses(link("Harbour Notes"))
		b.isAt("/") // the dashboard has such a link, too
		b.presses(link("First light").in(article("First light")))
		b.isAt("/@ada/first-light")
		b.reads("The harbour woke at five. Nobody else did.")
		s.wantUsers(t, "ada ada@example.org owner")
		s.wantSessions(t, 1)
		s.wantPosts(t, "ada, first-light, saved 1: First light / The harbour woke at five.\n\nNobody else did.")
	})
}

func TestATakenUsernameIsToldAtItsField(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("422")
		b.opens("/signup")
		b.types(field("Email"), "bob@example.org")
		b.types(field("Password"), dbtest.Password)
		b.types(field("Username"), "ada")
		b.presses(button("Sign up"))
		b.isToldAt(field("Username"), "That username is taken. Choose another.")
		b.focusIsOn(field("Username"))
		b.holds(field("Username"), "ada")
		b.holds(field("Email"), "bob@example.org")
		b.holds(field("Password"), "")
		s.wantUsers(t, "ada author")
		b.types(field("Password"), dbtest.Password)
		b.types(field("Username"), "bob")
		b.presses(button("Sign up"))
		b.sees(heading("Welcome, bob"))
		s.wantUsers(t, "ada author", "bob bob@example.org owner")
	})
}

func TestAWeakPasswordIsToldAtItsField(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		b.expects("422")
		b.opens("/signup")
		b.types(field("Username"), "ada")
		b.types(field("Password"), "password1")
		b.presses(button("Sign up"))
		b.isToldAt(field("Password"), "This password is easy to guess. Use a few unrelated words instead.")
		b.focusIsOn(field("Password"))
		b.holds(field("Username"), "ada")
		b.holds(field("Password"), "")
		s.wantUsers(t)
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Sign up"))
		b.sees(heading("Welcome, ada"))
		s.wantUsers(t, "ada owner")
	})
}

func TestAUsernameIsCheckedWhenItsFieldIsLeft(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.opens("/signup")
		b.marks()
		b.types(field("Username"), "ada")
		b.key(kb.Tab)
		b.isToldAt(field("Username"), "That username is taken. Choose another.")
		b.focusIsOn(field("Email"))
		b.holds(field("Username"), "ada")
		b.types(field("Username"), "bob")
		b.key(kb.Tab)
		b.misses(element{role: "alert"})
		b.focusIsOn(field("Email"))
		b.isStillThere()
	})
}

func TestTheAnswerToACheckSwallowsNoClick(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("422")
		b.opens("/signup")
		b.types(field("Password"), dbtest.Password)
		b.types(field("Username"), "ada")
		x, y := b.place(button("Sign up"))
		b.mouse(input.DispatchMouseEventTypeMousePressed, x, y, 1)
		b.isToldAt(field("Username"), "That username is taken. Choose another.")
		b.mouse(input.DispatchMouseEventTypeMouseReleased, x, y, 1)
		b.focusIsOn(field("Username"))
		b.holds(field("Password"), "")
	})
}
