package e2e

import (
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

// goesByLink opens the one link that the page shows, in another browser.
func (b *tab) goesByLink(e element, in *tab) {
	b.t.Helper()
	id, err := b.find(e)
	b.must(id, err)
	link, err := ask[string](b, id, `function () { return this.value }`)
	b.must(link, err)
	in.opens(strings.TrimPrefix(link, b.site.url))
}

func TestTheOwnerInvitesSomebodyAndShutsThemOut(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.Owner(t, s.store, "ada")
		dbtest.Exec(t, s.store, "UPDATE settings SET signup = 'invite'")
		guest := s.visitor(t, b.js)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Admin"))
		b.sees(heading("People"))
		b.presses(link("Invitations"))
		b.sees(heading("Who may join"))
		b.presses(button("Invite"))
		b.sees(field("The invitation"))
		b.goesByLink(field("The invitation"), guest)
		guest.types(field("Username"), "joe")
		guest.types(field("Password"), dbtest.Password)
		guest.presses(button("Sign up"))
		guest.sees(heading("Welcome, joe"))
		s.wantUsers(t, "ada owner", "joe author")
		b.presses(link("People"))
		b.presses(link("Manage").in(article("joe")))
		b.presses(button("Disable"))
		b.sees(button("Enable"))
		b.reads("Disabled")
		guest.presses(link("Harbour Notes"))
		guest.sees(link("Log in"))
		guest.opens("/dashboard")
		guest.isAt("/login?next=%2Fdashboard")
		s.wantSessions(t, 1)
		b.presses(button("Enable"))
		b.sees(button("Disable"))
		guest.logsIn("joe")
		guest.sees(heading("Welcome, joe"))
	})
}

func TestTheOwnerRemovesSomebodyAndBringsThemBack(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		bob := dbtest.User(t, s.store, "bob")
		dbtest.Post(t, s.store, bob)
		dbtest.Owner(t, s.store, "ada")
		b.hasSession("ada")
		dbtest.Exec(t, s.store, "UPDATE sessions SET proven_at = now() - interval '1 hour'")
		b.expects("422")
		b.opens("/admin")
		b.presses(link("Manage").in(article("bob")))
		b.presses(link("Remove").in(article("bob")))
		b.types(field("Your password"), "seven gray herons")
		b.presses(button("Remove bob"))
		b.isToldAt(field("Your password"), "That is not the password you have now.")
		s.wantPosts(t, "bob, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.types(field("Your password"), dbtest.Password)
		b.presses(button("Remove bob"))
		b.sees(button("Restore"))
		b.reads("Removed, kept until")
		s.wantPosts(t, "bob, the-tide-tables-were-wrong-again, saved 1, deleted: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(button("Restore"))
		b.sees(link("Remove"))
		s.wantPosts(t, "bob, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestTheSearchForPeopleIsStillThereAfterBack(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		search := element{role: "searchbox", name: "Search by name or email"}
		for _, name := range []string{"bob", "eve", "joe"} {
			dbtest.User(t, s.store, name)
		}
		dbtest.Owner(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Admin"))
		b.isAt("/admin")
		b.marks()
		b.types(search, "BO")
		if !b.js {
			b.presses(button("Search"))
		}
		b.misses(article("joe"))
		b.sees(article("bob"))
		if b.js {
			b.focusIsOn(search)
			b.isStillThere()
		}
		b.isAt("/admin?q=BO")
		b.presses(link("bob"))
		b.isAt("/@bob")
		b.goesBack()
		b.isAt("/admin?q=BO")
		b.holds(search, "BO")
		b.sees(article("bob"))
		b.misses(article("joe"))
	})
}

func TestTheDecoyIsMetByNoKeyAndNoScreenReader(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		b.opens("/signup")
		b.focusIsOn(field("Username"))
		b.misses(field("Leave this empty"))
		b.types(field("Password"), dbtest.Password)
		b.types(field("Username"), "joe")
		b.presses(button("Sign up"))
		b.sees(heading("Welcome, joe"))
		s.wantUsers(t, "joe owner")
	})
}
