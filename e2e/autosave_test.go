package e2e

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	requests "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"

	"miniblog/internal/dbtest"
)

// reading waits until the editor's state line begins with those words.
func (b *tab) reading(words string) {
	b.t.Helper()
	b.until(func() error {
		line, err := evaluate[string](b, `document.querySelector("[data-state]")?.innerText ?? "none"`)
		if err == nil && !strings.HasPrefix(line, words) {
			err = fmt.Errorf("the state line reads %q, want %q", line, words)
		}
		return err
	})
}

// isKept waits until the editor says that its newest text is kept.
func (b *tab) isKept() {
	b.t.Helper()
	b.reading("Saved ")
}

// pauses leaves the editor the time to keep its text, as it does where scripts run.
func (b *tab) pauses() {
	b.t.Helper()
	if b.js {
		b.isKept()
	}
}

// isNotKept waits until the editor says that its newest text is not kept, and how.
func (b *tab) isNotKept(how string) {
	b.t.Helper()
	b.reading("Not saved " + how)
}

// hasCopies waits until the browser itself keeps so many texts.
func (b *tab) hasCopies(want int) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[[]string](b, `Object.entries(localStorage).map((entry) => entry.join(" "))`)
		if err == nil && len(got) != want {
			err = fmt.Errorf("the browser keeps %q, want %d", got, want)
		}
		return err
	})
}

// holdsAutosaves makes every write to versions wait until release.
func (s *site) holdsAutosaves(t *testing.T) (release func()) {
	t.Helper()
	held, err := s.store.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(t.Context(), "LOCK TABLE versions IN SHARE MODE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := held.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATextIsKeptAsItIsTypedAndNobodySeesIt(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Write new post"))
		release := s.holdsAutosaves(t)
		b.types(field("Title"), "Low water")
		b.isNotKept("yet")
		release()
		b.isKept()
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.",
			"ada, draft, saved 0: Low water / ")
		b.types(field("Body"), "One can walk to the island.")
		b.isKept()
		b.hasCopies(0)
		b.presses(button("Publish"))
		b.hears("Saved. Everybody can read it.")
		b.isStillThere()
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.",
			"ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}

func TestSteadyTypingIsKeptWithinSixteenSeconds(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.presses(field("Body"))
		for begun := time.Now(); time.Since(begun) < 16*time.Second; time.Sleep(200 * time.Millisecond) {
			b.goesOnTyping("tick ")
		}
		if kept := dbtest.One[int](t, s.store, "SELECT count(*) FROM versions"); kept == 0 {
			t.Error("nothing is kept after 16 s of typing")
		}
		b.goesOnTyping("tock")
		b.isKept()
		if !strings.HasSuffix(dbtest.One[string](t, s.store, "SELECT body FROM posts"), "tick tock") {
			t.Error("the last words are not kept")
		}
	})
}

func TestLeavingWarnsWhileATextIsNotKept(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.types(field("Body"), "Every harbour keeps three clocks.")
		b.isKept()
		b.opens("/") // a warning here fails the test
		b.opens("/posts/" + post.ID.String() + "/edit")
		release := s.holdsAutosaves(t)
		b.expects(leavesUnsaved)
		b.types(field("Body"), "Every harbour keeps four clocks.")
		b.opens("/")
		b.hasCopies(1)
		release()
		b.hasCopies(0) // said or not: its own request may have kept it by then
		s.wantKept(t, "Every harbour keeps four clocks.")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")
	})
}

func TestLoggingOutLeavesNoTextInTheBrowser(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/dashboard")
		b.must(evaluate[chromedp.Void](b, `localStorage.setItem("miniblog:somebody-else:/posts/1/versions:2", "{}")`))
		b.expects(leavesUnsaved)
		b.presses(link("Write new post"))
		release := s.holdsAutosaves(t)
		b.types(field("Body"), "Something about the lighthouse.")
		b.hasCopies(2)
		b.until(func() error { // or its autosave could begin once the session has ended
			if !dbtest.One[bool](t, s.store, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')") {
				return errAbsent
			}
			return nil
		})
		b.presses(button("Log out"))
		b.isAt("/login")
		b.hasCopies(1)
		release()
		b.must(evaluate[chromedp.Void](b, `localStorage.clear()`))
		s.wantSessions(t, 0)
	})
}

// delays has the tab's autosaves wait at that stage until release lets them go on.
func (b *tab) delays(stage requests.RequestStage) (waits func(), release func()) {
	b.t.Helper()
	return b.delaysAt("*/versions", stage)
}

// delaysAt has the tab's requests for what that pattern names wait at that stage until release lets them go on.
func (b *tab) delaysAt(pattern string, stage requests.RequestStage) (waits func(), release func()) {
	b.t.Helper()
	paused := make(chan requests.RequestID, 100)
	var let atomic.Bool
	goOn := func(id requests.RequestID) {
		_, _ = call(b, requests.ContinueRequest, requests.ContinueRequestParams{RequestID: id})
	}
	hear := func(event any) {
		if event, ok := event.(*requests.EventRequestPaused); ok && let.Load() {
			go goOn(event.RequestID)
		} else if ok {
			paused <- event.RequestID
		}
	}
	b.heard.Store(&hear)
	b.must(call(b, requests.Enable, requests.EnableParams{Patterns: []*requests.RequestPattern{{URLPattern: pattern, RequestStage: stage}}}))
	var held []requests.RequestID
	waits = func() {
		b.t.Helper()
		select {
		case id := <-paused:
			held = append(held, id)
		case <-time.After(patience):
			b.t.Fatalf("nothing was sent to %s", pattern)
		}
	}
	return waits, func() {
		let.Store(true)
		for _, id := range held {
			goOn(id)
		}
	}
}

// answered tells whether an autosave's answer has been dealt with since.
func (b *tab) answered() (look func() error) {
	b.t.Helper()
	b.must(evaluate[chromedp.Void](b, `document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) =>
		ctx.sourceElement.matches("[data-state]") && setTimeout(() => window.answered = true, 100))`))
	return func() error {
		done, err := evaluate[bool](b, "window.answered === true")
		if err == nil && !done {
			err = errors.New("no answer came")
		}
		return err
	}
}

func TestASaveOvertakesAnAutosave(t *testing.T) {
	for name, stage := range map[string]requests.RequestStage{
		"that is late": requests.RequestStageRequest, "whose answer is late": requests.RequestStageResponse,
	} {
		t.Run(name, func(t *testing.T) {
			withJavaScript(t, func(t *testing.T, s *site, b *tab) {
				s.post(t)
				b.hasSession("ada")
				b.opens("/dashboard")
				b.presses(link("Edit").in(article(tideTables)))
				if stage == requests.RequestStageRequest {
					b.expects("409")
				}
				waits, release := b.delays(stage)
				b.types(field("Body"), "Every harbour keeps three clocks.")
				waits()
				b.types(field("Body"), "Every harbour keeps four clocks.")
				b.presses(button("Save"))
				b.hears("Saved. Everybody can read it.")
				answered := b.answered()
				release()
				b.until(answered)
				b.hears("Saved. Everybody can read it.")
				b.opens("/dashboard")
				b.hasCopies(0)
				s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Every harbour keeps four clocks.")
				b.presses(link("Edit").in(article(tideTables)))
				b.holds(field("Body"), "Every harbour keeps four clocks.")
			})
		})
	}
}
