package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

func TestLoggingOutAndInAgainByEmail(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
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
		b.isAt("/@ada/" + post.Slug()) // the save went on by itself
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestALogInForAnAutosaveLeavesTheCursorAndGoesOn(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("401")
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.marks()
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.isKept()
		s.endSessions(t)
		b.types(field("Body"), "Every harbour keeps four")
		b.sees(heading("Please log in again"))
		b.isNotKept("since")
		b.focusIsOn(field("Body"))
		b.goesOnTyping(" clocks.")
		b.holds(field("Body"), "Every harbour keeps four clocks.")
		b.logsIn("ada")
		b.isKept()
		b.misses(heading("Please log in again"))
		b.holds(field("Body"), "Every harbour keeps four clocks.")
		b.hasCopies(0)
		b.isStillThere()
		s.wantKept(t, "Every harbour keeps four clocks.")
		b.presses(button("Save"))
		b.isAt("/@ada/" + post.Slug())
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Every harbour keeps four clocks.")
	})
}

func TestATextPublishedAfterItsSessionEndedIsPublishedOnce(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("401")
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk to the island.")
		s.endSessions(t)
		b.presses(button("Publish"))
		b.focusIsOn(field("Username")) // an autosave's form for logging in, which another replaces, leaves the cursor where it was
		b.logsIn("ada")
		if !b.js {
			b.reads("You are logged in again, and your text is kept. Nobody else sees it until you press Publish.")
			b.holds(field("Body"), "One can walk to the island.")
			s.wantPosts(t, "ada, draft, saved 0: Low water / One can walk to the island.")
			b.presses(button("Publish"))
		}
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
		s.wantSessions(t, 1)
	})
}

// logsIn fills in the form for logging in, wherever it is.
func (b *tab) logsIn(username string) {
	b.t.Helper()
	b.types(field("Username"), username)
	b.types(field("Password"), dbtest.Password)
	b.presses(button("Log in"))
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
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(button("Save"))
		b.isAt("/@ada/" + post.Slug())
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}
