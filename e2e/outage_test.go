package e2e

import (
	"fmt"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

// refused is how Chromium reports an address at which nothing listens.
const refused = "net::ERR_CONNECTION_REFUSED"

// finds waits for one of the browser's own pages.
func (b *tab) finds(address string) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, "location.href")
		if err == nil && got != address {
			err = fmt.Errorf("the address is %s, want %s", got, address)
		}
		return err
	})
}

func TestABlogThatIsAwayForTenSecondsCostsNoWord(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		if b.js {
			b.expects(refused, "Failed to fetch")
			s.stops(t) // before an autosave keeps the text
		}
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk")
		if !b.js {
			s.stops(t)
		}
		back := time.After(10 * time.Second)
		if b.js {
			b.isNotKept("since")
			b.hears("You can go on writing: what you typed is still here, and is sent as soon as that can be.")
			b.presses(field("Body"))
			b.goesOnTyping(" to the island.")
			b.hasCopies(1)
			<-back
			s.starts(t)
			b.isKept()
			b.hears("Your text is saved again.")
			b.hasCopies(0)
			s.wantPosts(t, "ada, draft, saved 0: Low water / One can walk to the island.")
		} else {
			b.goesOnTyping(" to the island.")
			b.presses(button("Publish"))
			b.finds("chrome-error://chromewebdata/")
			<-back
			s.starts(t)
			b.goesBack()
			b.holds(field("Body"), "One can walk to the island.")
		}
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}

func TestPublishingWhileTheBlogIsAwayGoesOnAfterAnotherPress(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects(refused, "Failed to fetch")
		b.hasSession("ada")
		b.opens("/new")
		b.marks()
		s.stops(t)
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk to the island.")
		b.presses(button("Publish"))
		b.hears("The blog could not be reached. What you typed is still here: try again in a moment, nothing is kept twice.")
		b.isNotKept("since")
		b.isStillThere()
		s.starts(t)
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		b.hasCopies(0)
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}
