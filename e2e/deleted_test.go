package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

func TestWhatWasDeletedIsFoundReadAndRestored(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(button("Delete").in(article(tideTables)))
		b.sees(button("Undo"))
		b.presses(link("Deleted"))
		b.isAt("/dashboard/deleted")
		b.presses(link("History").in(article(tideTables)))
		b.sees(heading("History"))
		b.reads("This post is deleted.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1, deleted: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(link("Deleted"))
		b.isAt("/dashboard/deleted")
		b.marks()
		b.pressesTwice(button("Restore").in(article(tideTables)))
		if b.js {
			b.hears("The post is back.")
			b.focusIsOn(link(tideTables))
			b.misses(button("Restore"))
			b.isStillThere()
		} else {
			b.isAt("/@ada/the-tide-tables-were-wrong-again")
		}
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestADeletedPostIsRestoredFromItsHistory(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t, func(p *dbtest.NewPost) { p.Deleted = true })
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/history")
		b.presses(button("Restore"))
		b.isAt("/@ada/the-tide-tables-were-wrong-again")
		b.reads("Every harbour keeps two clocks.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}
