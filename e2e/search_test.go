package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

// searchField is where one says what to look for.
var searchField = element{role: "searchbox", name: "Search the posts"}

// looksFor types what is looked for; without scripts the button sends it.
func (b *tab) looksFor(words string) {
	b.t.Helper()
	b.types(searchField, words)
	if !b.js {
		b.presses(button("Search"))
	}
}

func TestWhatASearchFoundIsStillThereAfterBack(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.fill(t)
		b.opens("/@ada")
		b.opens("/search")
		b.focusIsOn(searchField)
		b.marks()
		b.looksFor("paperb")
		b.sees(article("What the ferryman reads in winter"))
		if b.js {
			b.focusIsOn(searchField)
			b.isStillThere()
			b.hears("1 result.")
		}
		b.isAt("/search?q=paperb")
		b.looksFor("handwriting")
		b.sees(article("A short defence of bad handwriting"))
		b.misses(article("What the ferryman reads in winter"))
		b.presses(link("A short defence of bad handwriting"))
		b.isAt("/@ada/a-short-defence-of-bad-handwriting")
		b.goesBack()
		b.isAt("/search?q=handwriting")
		b.holds(searchField, "handwriting")
		b.sees(article("A short defence of bad handwriting"))
		if b.js { // what was typed on the way is no page of its own
			b.goesBack()
			b.isAt("/@ada")
		}
	})
}

func TestASlipOfTheFingerFindsWhatWasMeant(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.fill(t)
		b.opens("/search")
		b.looksFor("hnadwriting")
		b.reads("Did you mean one of these?")
		b.presses(link("A short defence of bad handwriting"))
		b.isAt("/@ada/a-short-defence-of-bad-handwriting")
	})
}

func TestADraftIsFoundByItsAuthorAlone(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		s.fill(t)
		dbtest.Exec(t, s.store, "UPDATE posts SET title = 'Who paints it' WHERE published_at IS NULL")
		b.opens("/search")
		b.looksFor("lighthouse")
		b.reads("Nothing has “lighthouse” in it.")
		b.hasSession("ada")
		b.opens("/search?q=lighthouse")
		b.sees(article("Who paints it"))
		b.hasSession("bob")
		b.opens("/search?q=lighthouse")
		b.misses(article("Who paints it"))
	})
}
