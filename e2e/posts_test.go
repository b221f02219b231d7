package e2e

import (
	"testing"

	requests "github.com/chromedp/cdproto/fetch"

	"miniblog/internal/dbtest"
)

// places are the pages on which authors find their posts, with what they do there.
var places = map[string]string{
	"home": "/", "dashboard": "/dashboard", "author’s page": "/@ada", "permalink": "/@ada/the-tide-tables-were-wrong-again",
}

// atEachPlace makes a journey that begins where ada sees her one post, in both modes.
func atEachPlace(t *testing.T, do journey) {
	t.Helper()
	for name, path := range places {
		t.Run(name, func(t *testing.T) {
			inBothModes(t, func(t *testing.T, s *site, b *tab) {
				s.post(t)
				b.hasSession("ada")
				b.opens(path)
				b.marks()
				do(t, s, b)
			})
		})
	}
}

// tideTables is the title of the post that dbtest.Post makes.
const tideTables = "The tide tables were wrong again"

func TestAPostIsEditedWhereverItIsSeen(t *testing.T) {
	atEachPlace(t, func(t *testing.T, s *site, b *tab) {
		b.presses(link("Edit").in(article(tideTables)))
		b.focusIsOn(field("Title"))
		b.holds(field("Body"), "Every harbour keeps two clocks.")
		b.types(field("Title"), "The tide tables were right")
		b.types(field("Body"), "For once.")
		b.presses(button("Save"))
		b.sees(article("The tide tables were right"))
		if b.js {
			b.hears("Saved. Everybody can read it.")
			b.focusIsOn(link("Edit"))
		}
		b.loadedNothing()
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were right / For once.")
	})
}

func TestCancelLeavesAPostAsItWas(t *testing.T) {
	atEachPlace(t, func(t *testing.T, s *site, b *tab) {
		b.presses(link("Edit").in(article(tideTables)))
		b.types(field("Body"), "For once.")
		b.presses(link("Cancel"))
		b.sees(article(tideTables))
		b.misses(field("Body"))
		if b.js {
			b.focusIsOn(link("Edit"))
		}
		b.loadedNothing()
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestDeletingIsUndone(t *testing.T) {
	atEachPlace(t, func(t *testing.T, s *site, b *tab) {
		b.presses(button("Delete").in(article(tideTables)))
		b.reads("Deleted “The tide tables were wrong again”.")
		b.misses(article(tideTables))
		if b.js {
			b.hears("Deleted “The tide tables were wrong again”.")
			b.focusIsOn(button("Undo"))
		}
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1, deleted: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(button("Undo"))
		b.sees(article(tideTables))
		b.misses(button("Undo"))
		if b.js {
			b.hears("The post is back.")
			b.focusIsOn(link("Edit"))
		}
		b.loadedNothing()
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestADraftIsNobodysUntilItIsPublished(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Write new post"))
		b.types(field("Title"), "Low water")
		b.presses(button("Save draft"))
		b.sees(article("Low water"))
		b.reads("Draft")
		b.loadedNothing()
		s.wantPosts(t, "ada, draft, saved 1: Low water / ")
		b.opens("/")
		b.sees(heading("Nothing here yet"))
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Edit").in(article("Low water")))
		b.types(field("Body"), "One can walk to the island.")
		b.presses(button("Publish"))
		b.sees(article("Low water"))
		b.misses(field("Body"))
		b.loadedNothing()
		b.presses(link("Harbour Notes"))
		b.sees(link("Low water").in(article("Low water")))
		b.reads("One can walk to the island.")
		s.wantPosts(t, "ada, low-water, saved 2: Low water / One can walk to the island.")
	})
}

func TestPublishingWithoutATextIsToldAtItsField(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("422")
		b.hasSession("ada")
		b.opens("/new")
		b.delays(requests.RequestStageRequest)
		b.types(field("Title"), "Low water")
		b.presses(button("Publish"))
		b.isToldAt(field("Body"), "Write something before publishing.")
		b.focusIsOn(field("Body"))
		b.holds(field("Title"), "Low water")
		s.wantPosts(t)
		b.types(field("Body"), "One can walk to the island.")
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}

func TestTwoClicksOnPublishMakeOnePost(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk to the island.")
		b.pressesTwice(button("Publish"))
		b.isAt("/@ada/low-water")
		b.sees(article("Low water"))
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}
