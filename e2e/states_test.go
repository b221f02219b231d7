package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// state is a page as somebody sees it at some moment.
type state struct {
	name    string
	expects []string // what Chromium reports on the way
	mute    bool     // no mail
	away    bool     // the database cannot be reached
	gallery bool     // the gallery is shown
	arrive  journey  // on a blog that is filled with the anthology, but for the empty states
}

// states are all pages and all states that they can be in.
var states = []state{
	{name: "home-empty", arrive: at("/")},
	{name: "home", arrive: filled(at("/"))},
	{name: "home-own-posts", arrive: filled(as("ada", at("/")))},
	{name: "home-older", arrive: func(t *testing.T, s *site, b *tab) {
		s.shelf(t, 22)
		b.opens("/")
		b.presses(link("Older posts"))
		b.focusIsOn(link("Watch 2"))
	}},
	{name: "home-editor-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.focusIsOn(field("Title"))
	}))},
	{name: "home-deleted", arrive: filled(as("ada", deleting("/")))},
	{name: "post", arrive: filled(at(permalink))},
	{name: "post-own", arrive: filled(as("ada", at(permalink)))},
	{name: "post-deleted", arrive: filled(as("ada", deleting(permalink)))},
	{name: "search-empty", arrive: at("/search")},
	{name: "search-found", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/search")
		b.types(searchField, "morning OR paints")
		b.sees(article(tideTables))
	}))},
	{name: "search-nothing", arrive: filled(at("/search?q=zebra"))},
	{name: "search-vague", arrive: filled(at("/search?q=-morning"))},
	{name: "search-typo", arrive: filled(at("/search?q=hnadwriting"))},
	{name: "search-too-long", expects: []string{"422"}, arrive: at("/search?q=" + strings.Repeat("long", 60))},
	{name: "post-dead-links", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.linksNowhere(t)
		b.opens(permalink)
		b.reads("These links lead nowhere:")
	}))},
	{name: "dashboard-dead-links", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.linksNowhere(t)
		b.opens("/dashboard?links=" + s.tideTables(t))
		b.reads("lead nowhere:")
	}))},
	{name: "author", arrive: filled(at("/@ada"))},
	{name: "author-without-posts", arrive: func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.opens("/@ada")
	}},
	{name: "login", arrive: at("/login")},
	{name: "login-with-next", arrive: at("/new")},
	{name: "login-refused", expects: []string{"422"}, arrive: func(t *testing.T, s *site, b *tab) {
		b.opens("/login")
		b.types(field("Username"), "ada")
		b.types(field("Password"), "seven gray herons")
		b.presses(button("Log in"))
		b.focusIsOn(field("Password"))
		b.sees(element{role: "alert"})
	}},
	{name: "login-after-reset", arrive: at("/login?changed=yes")},
	{name: "forgot", arrive: at("/forgot")},
	{name: "forgot-refused", expects: []string{"422"}, arrive: func(t *testing.T, s *site, b *tab) {
		b.opens("/forgot")
		b.presses(button("Send a link"))
		b.isToldAt(field("Username"), "Enter your username or email address.")
	}},
	{name: "forgot-asked", arrive: at("/forgot?asked=yes")},
	{name: "forgot-without-mail", mute: true, arrive: at("/forgot")},
	{name: "reset", arrive: filled(func(t *testing.T, s *site, b *tab) { b.opens(s.link(t, "ada")) })},
	{name: "reset-refused", expects: []string{"422"}, arrive: filled(func(t *testing.T, s *site, b *tab) {
		b.opens(s.link(t, "ada"))
		b.types(field("New password"), "ada likes tea")
		b.presses(button("Save"))
		b.isToldAt(field("New password"), "Choose a password that does not contain your username.")
	})},
	{name: "reset-dead", expects: []string{"404"}, arrive: at("/reset/used")},
	{name: "forgot-throttled", expects: []string{"429"}, arrive: func(t *testing.T, s *site, b *tab) {
		for range 3 {
			if err := s.accounts.RequestLink(t.Context(), "ada", account.Client{}); err != nil {
				t.Fatal(err)
			}
		}
		b.opens("/forgot")
		b.types(field("Username"), "ada")
		b.presses(button("Send a link"))
		b.reads("Too many links were asked for.")
	}},
	{name: "email-confirm", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.names(t, "ada", "ada@example.org")
		b.opens(s.confirmation(t, "ada"))
	})},
	{name: "email-taken", expects: []string{"409"}, arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.names(t, "ada", "ada@example.org")
		b.opens(s.confirmation(t, "ada"))
		dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now() WHERE username <> 'ada' AND id = (SELECT max(id::text)::uuid FROM users WHERE username <> 'ada')")
		b.presses(button("Confirm"))
		b.sees(element{role: "alert"})
	})},
	{name: "email-confirmed", arrive: filled(as("ada", at("/email")))},
	{name: "email-dead", expects: []string{"404"}, arrive: at("/email/used")},
	{name: "login-throttled", expects: []string{"429"}, arrive: func(t *testing.T, s *site, b *tab) {
		s.throttles(t, "ada")
		b.opens("/login")
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.sees(element{role: "alert"})
		b.reads("Too many log-ins have failed.")
	}},
	{name: "logout", arrive: filled(as("ada", at("/logout")))},
	{name: "signup", arrive: at("/signup")},
	{name: "signup-refused", expects: []string{"422"}, arrive: func(t *testing.T, s *site, b *tab) {
		b.opens("/signup")
		b.types(field("Username"), "a!")
		b.types(field("Email"), "nowhere")
		b.presses(button("Sign up"))
		b.isToldAt(field("Password"), "Use at least 8 characters. A few unrelated words work well.")
	}},
	{name: "signup-closed", expects: []string{"403"}, arrive: func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE settings SET signup = 'closed'")
		b.opens("/signup")
	}},
	{name: "signup-invited", arrive: func(t *testing.T, s *site, b *tab) {
		b.opens("/signup?invitation=" + s.invites(t))
		b.focusIsOn(field("Username"))
	}},
	{name: "signup-invitation-spent", expects: []string{"403"}, arrive: func(t *testing.T, s *site, b *tab) {
		invitation := s.invites(t)
		dbtest.Exec(t, s.store, "UPDATE invitations SET used = uses")
		b.opens("/signup?invitation=" + invitation)
	}},
	{name: "dashboard-empty", arrive: func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/dashboard")
	}},
	{name: "dashboard", arrive: filled(as("ada", at("/dashboard")))},
	{name: "dashboard-writing", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/dashboard")
		b.presses(link("Write new post"))
		b.focusIsOn(field("Title"))
	}))},
	{name: "dashboard-deleted", arrive: filled(as("ada", deleting("/dashboard")))},
	{name: "dashboard-deleted-without-scripts", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		id := s.tideTables(t)
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id = $1", id)
		b.opens("/dashboard?deleted=" + id)
		b.sees(button("Undo"))
	}))},
	{name: "dashboard-lost-connection", expects: []string{"net::ERR_INTERNET_DISCONNECTED", "Failed to fetch"},
		arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
			b.opens("/dashboard")
			b.goesOffline(true)
			b.presses(link("Edit").in(article(tideTables)))
			b.hearsPart("could not be reached")
		}))},
	{name: "deleted-empty", arrive: filled(as("ada", at("/dashboard/deleted")))},
	{name: "deleted", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.bins(t)
		b.opens("/dashboard/deleted")
		b.sees(article(tideTables))
	}))},
	{name: "deleted-restored-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.bins(t)
		b.opens("/dashboard/deleted")
		b.presses(button("Restore").in(article(tideTables)))
		b.focusIsOn(link(tideTables))
	}))},
	{name: "deleted-older", arrive: func(t *testing.T, s *site, b *tab) {
		s.shelf(t, 22)
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now()")
		b.hasSession("ada")
		b.opens("/dashboard/deleted")
		b.presses(link("Older posts"))
		b.focusIsOn(link("History").in(article("Watch 2")))
	}},
	{name: "new", arrive: filled(as("ada", at("/new")))},
	{name: "new-refused", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/new")
		b.presses(button("Publish"))
		b.isToldAt(field("Body"), "Write something before publishing.")
	}))},
	{name: "edit", arrive: filled(as("ada", editing))},
	{name: "edit-draft", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/posts/" + dbtest.One[string](t, s.store, "SELECT id::text FROM posts WHERE title = ''") + "/edit")
	}))},
	{name: "edit-clash", expects: []string{"409"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.clashes()
	}))},
	{name: "home-clash-in-place", expects: []string{"409"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.clashes()
	}))},
	{name: "edit-merged", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.merges()
		b.sees(heading("History"))
	}))},
	{name: "post-merged-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens(permalink)
		b.presses(link("Edit").in(article(tideTables)))
		b.merges()
		b.focusIsOn(link("Edit"))
	}))},
	{name: "home-merged-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.merges()
		b.focusIsOn(link("Edit").in(article(tideTables)))
	}))},
	{name: "edit-merged-too-long", expects: []string{"409"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Title"), tideTables+strings.Repeat(", and again", 12))
		s.revise(t, blog.Draft{Title: strings.Repeat("Once more: ", 12) + tideTables, Body: anthology[0].body})
		b.presses(button("Save"))
		b.isToldAt(field("Title"), "A title has at most 200 characters. Shorten it a little.")
	}))},
	{name: "history-of-one", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens(permalink)
		b.presses(link("History"))
		b.sees(heading("History"))
	}))},
	{name: "history", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.hasHistory(t)
		b.opens("/posts/" + s.tideTables(t) + "/history")
	}))},
	{name: "history-compared", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.hasHistory(t)
		b.opens("/posts/" + s.tideTables(t) + "/history")
		b.presses(radio("From version 1"))
		b.presses(button("Compare"))
		b.sees(heading("From version 1 to version 4"))
	}))},
	{name: "history-older", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		for n := range 60 {
			s.revise(t, blog.Draft{Title: tideTables, Body: fmt.Sprintf("Every harbour keeps %d clocks.", n)})
		}
		b.opens("/posts/" + s.tideTables(t) + "/history")
		b.presses(button("Older versions"))
		b.sees(radio("From version 1"))
	}))},
	{name: "history-of-a-deleted-post", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.hasHistory(t)
		id := s.tideTables(t)
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id::text = $1", id)
		b.opens("/posts/" + id + "/history")
	}))},
	{name: "history-restored-after-deletion", expects: []string{"409"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.revise(t, blog.Draft{Title: tideTables, Body: "Once more."})
		b.opens("/posts/" + s.tideTables(t) + "/history")
		s.bins(t)
		b.presses(button("Restore"))
		b.sees(element{role: "alert"})
	}))},
	{name: "edit-of-a-deleted-post", expects: []string{"409"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), "Every harbour keeps three clocks.")
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id::text = $1", s.tideTables(t))
		b.presses(button("Save"))
		b.reads("This post was deleted while you were writing.")
	}))},
	{name: "edit-login-again-throttled", expects: []string{"401", "429"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.endSessions(t)
		s.throttles(t, "ada")
		b.presses(button("Save"))
		b.sees(heading("Please log in again"))
		b.focusIsOn(field("Username")) // which the answer to an autosave does not do
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.reads("Too many log-ins have failed.")
		b.sees(heading("Please log in again"))
	}))},
	{name: "edit-login-again", expects: []string{"401"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.endSessions(t)
		b.presses(button("Save"))
		b.sees(heading("Please log in again"))
	}))},
	{name: "edit-login-again-by-autosave", expects: []string{"401"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		s.endSessions(t)
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.sees(heading("Please log in again"))
		b.isNotKept("since")
	}))},
	{name: "edit-kept", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.isKept()
	}))},
	{name: "edit-unsaved", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.autosaves(t, "Every harbour keeps three clocks.")
		editing(t, s, b)
		b.reads("This is what you wrote last.")
	}))},
	{name: "home-edit-unsaved-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.autosaves(t, "Every harbour keeps three clocks.")
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.reads("This is what you wrote last.")
	}))},
	{name: "edit-away", expects: []string{refused, "Failed to fetch"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		s.writesWhileAway(t, b)
	}))},
	{name: "home-edit-away-in-place", expects: []string{refused, "Failed to fetch"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.focusIsOn(field("Title"))
		s.writesWhileAway(t, b)
	}))},
	{name: "edit-too-long", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.must(evaluate[string](b, `document.querySelector("textarea").dataset.limit = "20"`)) // a full text is no picture
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.reading("Not saved: the text is 13 bytes longer")
	}))},
	{name: "home-offered", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.keepsCopy()
		b.opens("/")
		b.reads("Go on from it")
	}))},
	{name: "edit-offered", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.keepsCopy()
		editing(t, s, b)
		b.reads("Go on from it")
	}))},
	{name: "edit-unkept", expects: []string{"500", leavesUnsaved}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		s.breaks(t) // before an autosave keeps it
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.must(evaluate[chromedp.Void](b, `document.querySelector("form[data-editor]").submit()`)) // as without scripts
		b.sees(heading("That went wrong"))
	}))},
	{name: "editor-preview", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), allOfMarkdown)
		b.types(field("Tags"), "sea, tide tables")
		b.presses(button("Preview"))
		b.reads("The ebb ends.")
		b.isKept()
	}))},
	{name: "home-editor-preview-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/")
		b.presses(link("Edit").in(article(tideTables)))
		b.isPressed(false)
		b.presses(button("Preview"))
		b.sees(heading(tideTables).in(preview))
	}))},
	{name: "editor-preview-plain", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.types(field("Body"), allOfMarkdown)
		b.isKept()
		b.must(evaluate[chromedp.Void](b, `(() => { // as without scripts
			const form = document.querySelector("form[data-editor]");
			form.action = "/preview";
			form.submit();
		})()`))
		b.reads("The ebb ends.")
		b.focusIsOn(preview)
		b.isKept()
	}))},
	{name: "editor-preview-refused", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		editing(t, s, b)
		b.presses(button("Preview"))
		b.sees(heading(tideTables).in(preview))
		b.types(field("Tags"), "1,2,3,4,5,6,7,8,9,10,11")
		b.noted("A post has at most 10 tags.")
		b.reading("Not saved: A post has")
	}))},
	{name: "editor-help-open", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/new")
		b.presses(element{role: "DisclosureTriangle", name: "How to write headings, links and lists"})
		b.reads("What they do")
	}))},
	{name: "settings", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.livesElsewhere(t)
		b.opens("/settings")
	}))},
	{name: "settings-not-fresh", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.livesElsewhere(t)
		s.stales(t)
		b.opens("/settings")
	}))},
	{name: "settings-refused", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/settings")
		b.types(field("Display name"), "Bob")
		b.presses(button("Save"))
		b.isToldAt(field("Display name"), "That is the name of somebody else here. Choose another.")
		b.types(field("Current password").in(part("Password")), "seven gray herons")
		b.types(field("New password"), newPassword)
		b.presses(button("Change password"))
		b.isToldAt(field("Current password").in(part("Password")), "That is not the password you have now.")
		b.presses(element{role: "DisclosureTriangle", name: "Delete my account"})
		b.presses(button("Delete my account"))
		b.isToldAt(field("Current password").in(part("Delete account")), "Enter the password you have now.")
	}))},
	{name: "settings-saved-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/settings")
		b.types(field("Display name"), "Ada Lovelace")
		b.presses(button("Save"))
		b.hears("Your profile is saved.")
		b.focusIsOn(button("Save"))
	}))},
	{name: "settings-renamed", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/settings")
		b.types(field("Username"), "countess")
		b.presses(button("Change username"))
		b.hears("Your username is changed.")
		b.focusIsOn(button("Change username"))
		b.reads("@countess")
	}))},
	{name: "settings-username-refused", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/settings")
		b.types(field("Username"), "bob")
		b.presses(button("Change username"))
		b.isToldAt(field("Username"), "That username is taken. Choose another.")
	}))},
	{name: "settings-saved-without-scripts", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "INSERT INTO events (kind, user_id, username) SELECT 'password-changed', id, username FROM users WHERE username = 'ada'")
		b.opens("/settings?done=password")
		b.reads("Your password is changed.")
	}))},
	{name: "settings-last-owner", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE users SET role = 'owner' WHERE username = 'ada'")
		b.opens("/settings")
		b.presses(element{role: "DisclosureTriangle", name: "Delete my account"})
		b.types(field("Current password").in(part("Delete account")), dbtest.Password)
		b.presses(button("Delete my account"))
		b.reads("You are the only owner of this blog: make somebody else an owner first.")
	}))},
	{name: "settings-record", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.livesElsewhere(t)
		b.opens("/settings/record")
		b.presses(link("Older"))
		b.misses(link("Older"))
	}))},
	{name: "settings-record-end", arrive: filled(as("ada", at("/settings/record?before=1")))},
	{name: "settings-deleted-login", arrive: at("/login?deleted=" + time.Now().UTC().AddDate(0, 0, account.DeletionDays).Format(time.DateOnly))},
	{name: "settings-account-back", arrive: filled(as("ada", at("/dashboard?back=yes")))},
	{name: "settings-author-named", arrive: filled(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, `UPDATE users SET display_name = 'Ada Lovelace',
			about = E'Counts tides for a living, and steps for fun.\n\nMostly found where the harbour ends.' WHERE username = 'ada'`)
		b.opens("/@ada")
	})},
	{name: "post-with-contents", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.dresses(t)
		b.opens(permalink)
		b.sees(element{role: "navigation", name: "Contents"})
	})},
	{name: "post-changes", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.dresses(t)
		s.hasHistory(t)
		b.opens(permalink + "/changes")
		b.sees(heading("Changes"))
	})},
	{name: "post-never-changed", arrive: filled(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true")
		b.opens(permalink + "/changes")
	})},
	{name: "home-pinned", arrive: filled(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE users SET role = 'owner' WHERE username = 'grace'")
		dbtest.Exec(t, s.store, "UPDATE posts SET pinned_at = now() WHERE author_id = (SELECT id FROM users WHERE username = 'grace')")
		b.opens("/")
	})},
	{name: "page-in-the-navigation", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.navigates(t, "A short defence of bad handwriting")
		b.opens("/@ada/a-short-defence-of-bad-handwriting")
	})},
	{name: "tags-empty", arrive: at("/tags")},
	{name: "tags", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.dresses(t)
		b.opens("/tags")
	})},
	{name: "tag", arrive: filled(func(t *testing.T, s *site, b *tab) {
		s.dresses(t)
		b.opens("/tags/harbours")
	})},
	{name: "tag-older", arrive: func(t *testing.T, s *site, b *tab) {
		s.shelf(t, 22)
		dbtest.Exec(t, s.store, "UPDATE posts SET tags = '{Watches}', tag_slugs = '{watches}'")
		b.opens("/tags/watches")
		b.presses(link("Older posts"))
		b.focusIsOn(link("Watch 2"))
	}},
	{name: "archive-empty", arrive: at("/archive")},
	{name: "archive", arrive: filled(at("/archive"))},
	{name: "archive-year", arrive: filled(at("/archive/2026"))},
	{name: "archive-month", arrive: filled(at("/archive/2026/11"))},
	{name: "archive-older", arrive: func(t *testing.T, s *site, b *tab) {
		s.shelf(t, 22)
		b.opens("/archive/2026/05")
		b.presses(link("Older posts"))
		b.misses(link("Older posts"))
	}},
	{name: "details", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens(permalink)
		b.presses(link("Details"))
		b.sees(heading("Details"))
	}))},
	{name: "details-of-an-owners-draft", arrive: owned(func(t *testing.T, s *site, b *tab) {
		s.schedules(t)
		b.opens("/posts/" + s.begun(t) + "/details")
		b.sees(element{role: "group", name: "Publish by itself"})
	})},
	{name: "details-refused", expects: []string{"422"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens(permalink)
		b.presses(link("Details"))
		b.types(field("Address"), "a short defence of bad handwriting")
		b.presses(button("Save"))
		b.isToldAt(field("Address"), "Another post of yours has that address, or had it. Choose another: links that lead there go on doing so.")
	}))},
	{name: "details-saved-in-place", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		b.opens("/posts/" + s.tideTables(t) + "/details")
		b.types(field("Address"), "Tide tables")
		b.presses(button("Save"))
		b.hears("The details are saved.")
		b.focusIsOn(button("Save"))
	}))},
	{name: "dashboard-scheduled", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.schedules(t)
		b.opens("/dashboard")
		b.reads("Scheduled")
	}))},
	{name: "edit-scheduled", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.schedules(t)
		b.opens("/posts/" + s.begun(t) + "/edit")
		b.reads("This is published on 1 January 2050, 09:00 (Europe/Berlin)")
	}))},
	{name: "deleted-restored-too-late", arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		s.schedules(t)
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now(), publish_at = now() - interval '1 hour' WHERE published_at IS NULL")
		b.opens("/dashboard/deleted")
		b.presses(button("Restore"))
		b.hearsPart("its time to be published went by")
	}))},
	{name: "admin-people", arrive: owned(at("/admin"))},
	{name: "admin-people-searched", arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin")
		b.types(element{role: "searchbox", name: "Search by name or email"}, "gr")
		b.misses(article("bob"))
		b.sees(article("grace"))
	})},
	{name: "admin-people-none-found", arrive: owned(at("/admin?q=zoe"))},
	{name: "admin-person", arrive: owned(func(t *testing.T, s *site, b *tab) { b.opens("/admin/users/" + s.idOf(t, "bob")) })},
	{name: "admin-person-managed-in-place", arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin")
		b.presses(link("Manage").in(article("bob")))
		b.presses(button("Disable"))
		b.focusIsOn(link("Close"))
		b.hears("bob is disabled.")
	})},
	{name: "admin-removal-asked", arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin")
		b.presses(link("Manage").in(article("bob")))
		b.presses(link("Remove").in(article("bob")))
		b.focusIsOn(link("Cancel"))
	})},
	{name: "admin-removal-asked-for-a-password", expects: []string{"422"}, arrive: owned(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE sessions SET proven_at = now() - interval '1 hour'")
		b.opens("/admin")
		b.presses(link("Manage").in(article("bob")))
		b.presses(link("Remove").in(article("bob")))
		b.focusIsOn(field("Your password"))
		b.types(field("Your password"), "seven gray herons")
		b.presses(button("Remove bob"))
		b.isToldAt(field("Your password"), "That is not the password you have now.")
	})},
	{name: "admin-link-made", arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin")
		b.presses(link("Manage").in(article("bob")))
		b.presses(button("Make a link"))
		b.focusIsOn(field("Link for bob to set a password"))
	})},
	{name: "admin-own-account", arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin")
		b.presses(link("Manage").in(article("ada")))
		b.reads("This is your own account")
	})},
	{name: "admin-invitations-empty", arrive: owned(at("/admin/invitations"))},
	{name: "admin-invitation-made", arrive: owned(func(t *testing.T, s *site, b *tab) {
		s.hasInvitations(t)
		b.opens("/admin/invitations")
		b.presses(button("Invite"))
		b.focusIsOn(field("The invitation"))
	})},
	{name: "admin-invitation-refused", expects: []string{"422"}, arrive: owned(func(t *testing.T, s *site, b *tab) {
		b.opens("/admin/invitations")
		b.types(element{role: "spinbutton", name: "How many may join"}, "5000")
		b.presses(button("Invite"))
		b.isToldAt(element{role: "spinbutton", name: "How many may join"}, "An invitation is for 1 to 1,000 people.")
	})},
	{name: "admin-mail-empty", arrive: owned(at("/admin/mail"))},
	{name: "admin-mail", arrive: owned(func(t *testing.T, s *site, b *tab) {
		s.hasMail(t)
		b.opens("/admin/mail")
	})},
	{name: "admin-mail-without-an-address", expects: []string{"422"}, arrive: owned(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE users SET email = NULL, email_confirmed_at = NULL")
		b.opens("/admin/mail")
		b.presses(button("Send a test mail"))
		b.sees(element{role: "alert"})
	})},
	{name: "admin-mail-without-server", mute: true, arrive: owned(func(t *testing.T, s *site, b *tab) {
		s.hasMail(t)
		b.opens("/admin/mail")
	})},
	{name: "admin-record", arrive: owned(func(t *testing.T, s *site, b *tab) {
		s.session(t, "bob")
		s.throttles(t, "grace")
		_, _ = s.accounts.Invite(t.Context(), 3, 7, account.By{})
		b.opens("/admin/record")
	})},
	{name: "admin-hidden", expects: []string{"404"}, arrive: filled(as("ada", at("/admin")))},
	{name: "not-found", expects: []string{"404"}, arrive: filled(at("/@ada/never-written"))},
	{name: "gone", expects: []string{"410"}, arrive: filled(func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id = $1", s.tideTables(t))
		b.opens(permalink)
	})},
	{name: "gone-own", expects: []string{"410"}, arrive: filled(as("ada", func(t *testing.T, s *site, b *tab) {
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id = $1", s.tideTables(t))
		b.opens(permalink)
	}))},
	{name: "malformed", expects: []string{"400"}, arrive: at("/?before=yesterday")},
	{name: "foreign", expects: []string{"403"}, arrive: fromAnotherSite},
	{name: "broken", expects: []string{"500"}, arrive: func(t *testing.T, s *site, b *tab) {
		s.breaks(t)
		b.opens("/")
	}},
	{name: "gallery", gallery: true, arrive: at("/gallery")},
	{name: "gallery-own", gallery: true, arrive: filled(as("ada", at("/gallery")))},
	{name: "database-away", expects: []string{"503"}, away: true, arrive: at("/")},
}

const permalink = "/@ada/the-tide-tables-were-wrong-again"

func at(path string) journey {
	return func(_ *testing.T, _ *site, b *tab) { b.opens(path) }
}

func filled(arrive journey) journey {
	return func(t *testing.T, s *site, b *tab) {
		s.fill(t)
		arrive(t, s, b)
	}
}

func as(username string, arrive journey) journey {
	return func(t *testing.T, s *site, b *tab) {
		b.hasSession(username)
		arrive(t, s, b)
	}
}

// owned has ada own the filled blog, and be logged in; of the others one is named, one is disabled and one was removed.
func owned(arrive journey) journey {
	return filled(func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "a-name-of-thirty-two-characters-")
		dbtest.User(t, s.store, "mallory")
		dbtest.Exec(t, s.store, `UPDATE users
			SET email = username || '@example.org', email_confirmed_at = CASE WHEN username <> 'bob' THEN now() END,
				role = CASE WHEN username = 'ada' THEN 'owner' ELSE role END,
				display_name = CASE WHEN username = 'grace' THEN 'Grace of the Nets' ELSE '' END,
				disabled_at = CASE WHEN username LIKE 'a-%' THEN now() END,
				deleted_at = CASE WHEN username = 'mallory' THEN now() END,
				deleted_by = CASE WHEN username = 'mallory' THEN gen_random_uuid() END`)
		b.hasSession("ada")
		arrive(t, s, b)
	})
}

// idOf is the id of the account of that name.
func (s *site) idOf(t *testing.T, username string) string {
	t.Helper()
	return dbtest.One[string](t, s.store, "SELECT id::text FROM users WHERE username = $1", username)
}

// dresses gives the tide tables tags, headings to jump to, and readers who may see what was changed.
func (s *site) dresses(t *testing.T) {
	t.Helper()
	body := "## Two clocks\n\n### The window\n\n" + anthology[0].body + "\n\n### The water, and what my grandmother wrote about it\n\nIt was late.\n\n## The book\n\nNobody reads it."
	s.revise(t, blog.Draft{Title: tideTables, Body: body, Tags: "Harbours, Clocks and watches"})
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true, updated_at = published_at + interval '2 days' WHERE title = $1", tideTables)
}

// navigates has a post stand by itself.
func (s *site) navigates(t *testing.T, title string) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true WHERE title = $1", title)
	if err := s.options.Blog.ReadNavigation(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// schedules has ada's draft be published in many years, as she sees it in Berlin.
func (s *site) schedules(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE users SET time_zone = 'Europe/Berlin' WHERE username = 'ada'")
	dbtest.Exec(t, s.store, `UPDATE posts SET title = 'The lighthouse', slug = 'the-lighthouse', publish_at = '2050-01-01 08:00Z'
		WHERE published_at IS NULL`)
}

// begun is the id of ada's draft.
func (s *site) begun(t *testing.T) string {
	t.Helper()
	return dbtest.One[string](t, s.store, "SELECT id::text FROM posts WHERE published_at IS NULL")
}

// hasInvitations makes one in each state.
func (s *site) hasInvitations(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, `INSERT INTO invitations (token_hash, uses, used, created_by, created_at, expires_at, revoked_at)
		SELECT sha256(n::text::bytea), 5, CASE n WHEN 1 THEN 5 ELSE n - 1 END, CASE WHEN n > 1 THEN $1::uuid END,
			now() - n * interval '2 days', now() + (7 - 4 * n) * interval '1 day', CASE n WHEN 2 THEN now() END
		FROM generate_series(1, 3) AS n`, s.idOf(t, "ada"))
	dbtest.Exec(t, s.store, "INSERT INTO invitations (token_hash, uses, expires_at) VALUES (sha256('4'), 10, now() + interval '7 days')")
}

// hasMail fills the outbox with mails in each state.
func (s *site) hasMail(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, `INSERT INTO outbox (kind, asked, user_id, recipient, state, attempts, answer, due_at) VALUES
		('link', NULL, $1, 'ada@example.org', 'sent', 1, '250 2.0.0 Ok: queued as 4Xy7Qk2b', now()),
		('link', NULL, $2, 'bob@example.org', 'failed', 1, '550 5.1.1 <bob@example.org>: Recipient address rejected: no such user', now()),
		('notice', NULL, $2, 'bob@example.org', 'waiting', 3, 'dial tcp 192.0.2.25:587: connect: connection refused', now() + interval '4 minutes'),
		('test', NULL, $1, NULL, 'waiting', 0, '', now()),
		('link', 'somebody', NULL, NULL, 'waiting', 0, '', now())`, s.idOf(t, "ada"), s.idOf(t, "bob"))
}

func deleting(path string) journey {
	return func(_ *testing.T, _ *site, b *tab) {
		b.opens(path)
		b.presses(button("Delete").in(article(tideTables)))
		b.focusIsOn(button("Undo"))
	}
}

// allOfMarkdown has everything that the card in the editor tells of.
const allOfMarkdown = `## Springs

The moon pulls *twice* a **day**, and ~~never~~ [once a month](/@ada/moons) more[^1].

> She said so.

- [x] mend nets
- [ ] tar the boat

1. One
    - inner

| Day | Tide |
| --- | ---: |
| Mon | 6:20 |

` + "```go\ntide := moon.Pull() // twice a day, and a line that is longer than a phone is wide by far\n```" + `

## Neaps

---

The ` + "`ebb`" + ` ends.

[^1]: Nearly.
`

// linksNowhere gives the tide tables links that lead nowhere, one of them long.
func (s *site) linksNowhere(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE posts SET body = '[never](/@ada/never-written) and [long](/nowhere/' || repeat('so-far-away-', 30) || ')', renderer = '' WHERE id = $1", s.tideTables(t))
}

func editing(t *testing.T, s *site, b *tab) {
	b.opens("/posts/" + s.tideTables(t) + "/edit")
}

// autosaves keeps a text of the tide tables that was not saved.
func (s *site) autosaves(t *testing.T, body string) {
	t.Helper()
	ada := blog.Author{ID: dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'"), Username: "ada"}
	_, err := blog.New(s.store).Autosave(t.Context(), ada, uuid.MustParse(s.tideTables(t)),
		blog.Origin{Base: 1}, blog.Draft{Title: tideTables, Body: body})
	if err != nil {
		t.Fatal(err)
	}
}

// writesWhileAway types in an editor without a blog, until the editor says so.
func (s *site) writesWhileAway(t *testing.T, b *tab) {
	t.Helper()
	s.stops(t)
	b.types(field("Body"), "Every harbour keeps three clocks.")
	b.isNotKept("since")
	b.hearsPart("You can go on writing")
}

// keepsCopy leaves a text of the tide tables in the browser that no page could send.
func (b *tab) keepsCopy() {
	b.t.Helper()
	ada := dbtest.One[string](b.t, b.site.store, "SELECT id::text FROM users WHERE username = 'ada'")
	key := "miniblog:" + ada + ":/posts/" + b.site.tideTables(b.t) + "/versions:" + uuid.NewString()
	copied := fmt.Sprintf(`{at: Date.now(), title: %q, body: "Every harbour keeps three clocks.", version: "1", author: %q, sitting: %q, turn: "4"}`,
		tideTables, ada, key[len(key)-36:])
	b.must(evaluate[chromedp.Void](b, fmt.Sprintf("localStorage.setItem(%q, JSON.stringify(%s))", key, copied)))
}

// livesElsewhere has ada be logged in in other browsers, and have a record of two pages.
func (s *site) livesElsewhere(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, `INSERT INTO events (kind, user_id, username, actor, browser, address, created_at)
		SELECT kind, u.id, u.username, actor, browser, '2001:db8:85a3::8a2e:370:7334', now() - (80 - n) * interval '9 hours'
		FROM users AS u, generate_series(1, 80) AS n, (VALUES
			(0, 'logged-in', '', 'Firefox on Linux'), (1, 'login-refused', '', ''), (2, 'password-reset', '', 'Safari on iPhone'),
			(3, 'link-made', 'command line', '')) AS happened (at, kind, actor, browser)
		WHERE u.username = 'ada' AND n % 4 = at`)
	s.elsewhere(t, "ada", "Firefox on Linux")
	s.elsewhere(t, "ada", "Safari on iPhone")
	s.elsewhere(t, "ada", "")
	dbtest.Exec(t, s.store, "UPDATE sessions SET seen_at = now() - interval '1 day', address = '2001:db8:85a3::8a2e:370:7334' WHERE browser LIKE '%o%'")
}

// bins deletes all that ada wrote.
func (s *site) bins(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, `UPDATE posts
		SET deleted_at = created_at + interval '1 hour'
		WHERE author_id = (SELECT id FROM users WHERE username = 'ada')`)
}

// tideTables is the id of the post of that title.
func (s *site) tideTables(t *testing.T) string {
	t.Helper()
	return dbtest.One[string](t, s.store, "SELECT id::text FROM posts WHERE title = $1", tideTables)
}

// clashes saves a text that changes the same place as the newest one does.
func (b *tab) clashes() {
	b.t.Helper()
	body := anthology[0].body
	b.types(field("Body"), strings.Replace(body, "keeps two clocks", "keeps three clocks", 1))
	b.site.revise(b.t, blog.Draft{Title: tideTables, Body: strings.Replace(body, "keeps two clocks", "keeps four clocks, and loses one", 1)})
	b.presses(button("Save"))
	b.sees(element{role: "region", name: "The two texts"})
}

// merges saves a text that changes another place than the newest one does.
func (b *tab) merges() {
	b.t.Helper()
	body := anthology[0].body
	b.types(field("Body"), strings.Replace(body, "keeps two clocks", "keeps three clocks", 1))
	b.site.revise(b.t, blog.Draft{Title: tideTables, Body: strings.Replace(body, "She never said", "She died, and never said", 1)})
	b.presses(button("Save"))
	b.sees(element{role: "region", name: "What was merged"})
}

// hasHistory revises the tide tables, in one place twice at once.
func (s *site) hasHistory(t *testing.T) {
	t.Helper()
	body := anthology[0].body
	s.revise(t, blog.Draft{Title: "The tide tables were wrong", Body: body + "\n\nI believe neither."})
	s.revise(t, blog.Draft{Title: tideTables, Body: strings.Replace(body, "forty minutes late", "fifty  minutes late", 1)})
	s.revise(t, blog.Draft{Title: tideTables, Body: strings.Replace(body, "forty minutes late", "on time", 1)})
}

// revise keeps ada's next text of the tide tables.
func (s *site) revise(t *testing.T, draft blog.Draft) {
	t.Helper()
	ada := blog.Author{ID: dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'"), Username: "ada"}
	post := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM posts WHERE slug = 'the-tide-tables-were-wrong-again'")
	posts := blog.New(s.store)
	shown, err := posts.Own(t.Context(), ada, post)
	if err == nil {
		_, err = posts.Revise(t.Context(), ada, post, blog.Origin{Base: shown.Version}, draft, blog.Save)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fromAnotherSite presses a button on a page that is not the blog's but posts to it.
func fromAnotherSite(t *testing.T, s *site, b *tab) {
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page := `<!doctype html><html lang="en"><title>Prizes</title><link rel="icon" href="data:,">
			<form method="post" action="BLOG/login"><button>Win</button></form>`
		_, _ = w.Write([]byte(strings.Replace(page, "BLOG", s.url, 1)))
	}))
	t.Cleanup(foreign.Close)
	b.opensElsewhere(foreign.URL)
	b.presses(button("Win"))
	b.sees(heading("Not sent from here"))
}

// options are those of the blog that the state is seen on.
func (st state) options(o *handlers.Options) {
	if st.away {
		o.Blog = blog.New(nowhere())
	}
	if st.mute {
		o.Accounts = nil
	}
	o.Gallery = st.gallery
}

// nowhere is a database at an address where nothing listens.
var nowhere = sync.OnceValue(func() *db.Store {
	store, err := db.Open("postgres://nobody@127.0.0.1:1/nothing?sslmode=disable")
	if err != nil {
		panic(err)
	}
	return store
})
