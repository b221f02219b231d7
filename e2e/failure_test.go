package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// goesOffline cuts the tab off from the network, or connects it again.
func (b *tab) goesOffline(offline bool) {
	b.t.Helper()
	b.must(call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}},
	}))
}

func TestALostConnectionLosesNoText(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("net::ERR_INTERNET_DISCONNECTED", "Failed to fetch")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Edit").in(article(tideTables)))
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.goesOffline(true)
		b.presses(button("Save"))
		b.hears("The blog could not be reached. What you typed is still here: try again in a moment, nothing is kept twice.")
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		b.goesOffline(false)
		b.presses(button("Save"))
		b.hears("Saved. Everybody can read it.")
		b.isStillThere()
		s.wantPosts(t, "ada, "+post.Slug()+", version 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestATextThatIsBeingSavedWaits(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Edit").in(article(tideTables)))
		b.types(field("Body"), "Every harbour keeps three clocks.")
		held, err := s.store.Pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := held.Exec(t.Context(), "SELECT FROM posts FOR UPDATE"); err != nil {
			t.Fatal(err)
		}
		b.presses(button("Save"))
		b.until(func() error {
			if waits, err := evaluate[bool](b, "document.querySelector('textarea').readOnly"); err != nil || !waits {
				return fmt.Errorf("the text can be changed while it is saved (%v)", err)
			}
			return nil
		})
		if err := held.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.hears("Saved. Everybody can read it.")
		s.wantPosts(t, "ada, "+post.Slug()+", version 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestAnEditorWithAnUnsavedTextIsNotReplaced(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Write new post"))
		b.types(field("Body"), "Something about the lighthouse.")
		b.presses(link("Write new post"))
		b.focusIsOn(field("Body"))
		b.holds(field("Body"), "Something about the lighthouse.")
	})
}

func TestAMistakeOfOursLosesNoText(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("500")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Edit").in(article(tideTables)))
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.breaks(t)
		b.presses(button("Save"))
		b.hearsPart("It is our mistake, and it was written down.")
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		s.mends(t)
		b.presses(button("Save"))
		b.hears("Saved. Everybody can read it.")
		b.isStillThere()
		s.wantPosts(t, "ada, "+post.Slug()+", version 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestWithoutScriptsAMistakeOfOursIsAPage(t *testing.T) {
	alone(t, false, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("500")
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.breaks(t)
		b.presses(button("Save"))
		b.sees(heading("That went wrong"))
		s.mends(t)
		s.wantPosts(t, "ada, "+post.Slug()+", version 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}
