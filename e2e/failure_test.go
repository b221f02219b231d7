package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"

	"miniblog/internal/dbtest"
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
		s.wantPosts(t, "ada, "+post.Slug()+", saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
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
		s.wantPosts(t, "ada, "+post.Slug()+", saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestAnEditorWithAnUnsavedTextIsNotReplaced(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Write new post"))
		b.types(field("Body"), "Something about the lighthouse.")
		b.until(b.rests)
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
		b.until(b.rests) // htmx drops a press until it is done with the one before
		b.presses(button("Save"))
		b.hears("Saved. Everybody can read it.")
		b.isStillThere()
		s.wantPosts(t, "ada, "+post.Slug()+", saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestWithoutScriptsAMistakeOfOursLosesNoText(t *testing.T) {
	alone(t, false, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.expects("500")
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.types(field("Body"), "Every harbour keeps three clocks.")
		s.breaks(t)
		b.presses(button("Save"))
		b.sees(heading("That went wrong"))
		b.holds(field("Body"), "Every harbour keeps three clocks.")
		s.mends(t)
		s.wantPosts(t, "ada, "+post.Slug()+", saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
		b.presses(button("Save"))
		b.isAt(permalink)
		s.wantPosts(t, "ada, "+post.Slug()+", saved 2: The tide tables were wrong again / Every harbour keeps three clocks.")
	})
}

func TestATextPublishedWithoutADatabaseIsPublishedOnceWhenItIsBack(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("503")
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "\n  One can walk\n\nto the \"island\".\t<b>")
		s.closes(t)
		b.presses(button("Publish"))
		b.reads("The blog cannot reach its database just now.")
		b.holds(field("Title"), "Low water")
		b.holds(field("Body"), "\n  One can walk\n\nto the \"island\".\t<b>")
		s.reopens(t)
		b.until(b.rests)
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / \n  One can walk\n\nto the \"island\".\t<b>")
	})
}

func TestWithoutScriptsATextThatWasNotReadIsInItsFormStill(t *testing.T) {
	alone(t, false, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.expects("503")
		b.hasSession("ada")
		b.opens("/new")
		long := strings.Repeat("Every harbour keeps two clocks. ", 2200)
		b.types(field("Title"), "Low water")
		b.types(field("Body"), long)
		empty := s.crowds(t)
		b.presses(button("Publish"))
		b.reads("Many long texts are arriving at this moment.")
		empty()
		b.goesBack()
		b.holds(field("Body"), long)
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / "+long)
	})
}

// goesBack presses the browser's own button.
func (b *tab) goesBack() {
	b.t.Helper()
	_, err := evaluate[chromedp.Void](b, "history.back()")
	// It may be gone before it has answered, and then perhaps never says so.
	if err != nil && !strings.Contains(err.Error(), "Inspected target navigated or closed") && !errors.Is(err, context.DeadlineExceeded) {
		b.t.Fatal(err)
	}
}

// crowds announces as many long texts as may arrive at once; empty ends them.
func (s *site) crowds(t *testing.T) (empty func()) {
	t.Helper()
	var crowd []net.Conn
	for range 8 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		crowd = append(crowd, conn)
		fmt.Fprintf(conn, "POST /posts HTTP/1.1\r\nHost: localhost\r\nCookie: session=x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", 8<<20)
		if _, err := conn.Read(make([]byte, 100)); err != nil { // it may send: there is room for it
			t.Fatal(err)
		}
	}
	return func() {
		for _, conn := range crowd {
			conn.Close()
		}
	}
}

// closes makes the blog's database end its connections and take no new ones.
func (s *site) closes(t *testing.T) {
	t.Helper()
	s.doorkeeper(t, "ALTER DATABASE %[1]s ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%[2]s'")
}

// reopens takes closes back.
func (s *site) reopens(t *testing.T) {
	t.Helper()
	s.doorkeeper(t, "ALTER DATABASE %[1]s ALLOW_CONNECTIONS true")
}

// doorkeeper runs statements about the blog's database from another one.
func (s *site) doorkeeper(t *testing.T, statements ...string) {
	t.Helper()
	config := s.store.Pool.Config().ConnConfig.Copy()
	name := config.Database
	config.Database = "postgres"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), fmt.Sprintf(statement, pgx.Identifier{name}.Sanitize(), name)); err != nil {
			t.Fatal(err)
		}
	}
}
