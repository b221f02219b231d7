package e2e

import (
	"testing"

	"miniblog/internal/dbtest"
)

// saveButton is the one that the editor has just now: Publish, or Save once it is published.
func (b *tab) saveButton() (found element) {
	b.t.Helper()
	b.until(func() (err error) {
		for _, found = range []element{button("Save"), button("Publish")} {
			if _, err = b.find(found); err == nil {
				return nil
			}
		}
		return err
	})
	return found
}

// afterGoingBack publishes a text from an editor's own page, and goes back to it.
func afterGoingBack(t *testing.T, do journey) {
	t.Helper()
	for name, pause := range map[string]bool{"at once": false, "after a pause": true} {
		t.Run(name, func(t *testing.T) {
			inBothModes(t, func(t *testing.T, s *site, b *tab) {
				dbtest.User(t, s.store, "ada")
				b.hasSession("ada")
				b.opens("/new")
				b.types(field("Title"), "Low water")
				b.types(field("Body"), "One can walk to the island.")
				if pause {
					b.pauses()
				}
				b.presses(button("Publish"))
				b.isAt("/@ada/low-water")
				b.goesBack()
				b.holds(field("Title"), "Low water")
				b.holds(field("Body"), "One can walk to the island.")
				do(t, s, b)
			})
		})
	}
}

func TestPublishingAgainAfterGoingBackMakesNoSecondPost(t *testing.T) {
	afterGoingBack(t, func(t *testing.T, s *site, b *tab) {
		b.presses(b.saveButton())
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}

func TestWritingOnAfterGoingBackRevisesThePost(t *testing.T) {
	afterGoingBack(t, func(t *testing.T, s *site, b *tab) {
		b.types(field("Body"), "One can walk to the island, and back.")
		b.presses(b.saveButton())
		b.isAt("/@ada/low-water")
		b.reads("One can walk to the island, and back.")
		b.hasCopies(0)
		s.wantSaved(t, "saved: Low water / One can walk to the island.", "saved: Low water / One can walk to the island, and back.")
		s.wantPosts(t, "ada, low-water, saved 2: Low water / One can walk to the island, and back.")
	})
}
