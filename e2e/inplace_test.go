package e2e

import (
	"testing"

	requests "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp/kb"

	"miniblog/internal/dbtest"
)

// The dashboard is one page from log-in to log-out: whatever is done on it happens
// in place, leaves the cursor where one goes on, and is said in the status region.
func TestTheDashboardIsOnePage(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()

		b.presses(link("Begin your first post"))
		b.focusIsOn(field("Title"))
		b.presses(link("Cancel"))
		b.misses(field("Title"))
		b.focusIsOn(link("Begin your first post"))

		b.presses(link("Write new post"))
		b.focusIsOn(field("Title"))
		b.types(field("Title"), "Slack water")
		b.types(field("Body"), "Nothing moves.")
		b.presses(button("Publish"))
		b.hears("Saved. Everybody can read it.")
		b.misses(field("Title"))
		b.focusIsOn(link("Edit").in(article("Slack water")))

		b.presses(link("Edit").in(article("Slack water")))
		b.focusIsOn(field("Title"))
		b.hears("")
		release := s.holdsAutosaves(t)
		b.types(field("Body"), "Nothing moves for a while.")
		b.reads("Not saved yet")
		release()
		b.presses(button("Save"))
		b.hears("Saved. Everybody can read it.")
		b.focusIsOn(link("Edit").in(article("Slack water")))

		b.presses(link("Edit").in(article("Slack water")))
		b.focusIsOn(field("Title"))
		b.presses(link("Cancel"))
		b.focusIsOn(link("Edit").in(article("Slack water")))
		b.hears("")

		b.presses(button("Delete").in(article("Slack water")))
		b.focusIsOn(button("Undo"))
		b.hears("Deleted “Slack water”.")
		b.presses(button("Undo"))
		b.focusIsOn(link("Edit").in(article("Slack water")))
		b.hears("The post is back.")

		b.isStillThere()
		b.isAt("/dashboard")
		s.wantPosts(t, "ada, slack-water, saved 2: Slack water / Nothing moves for a while.")
	})
}

func TestEnterInTheTitleGoesOnToTheText(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.marks()
		b.delays(requests.RequestStageRequest)
		b.types(field("Title"), "Slack water")
		b.types(field("Body"), "Nothing moves.")
		b.presses(field("Title"))
		b.key(kb.Enter)
		b.focusIsOn(field("Body"))
		b.isStillThere()
		s.wantPosts(t)
	})
}
