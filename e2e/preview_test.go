package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	requests "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"

	"miniblog/internal/dbtest"
)

// preview is what an editor shows of its text.
var preview = element{role: "region", name: "Preview"}

// previews waits until the preview is open and shows that as its markup.
func (b *tab) previews(want string) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, `document.querySelector(".preview:not([hidden]) > .prose")?.innerHTML.trim() ?? "none"`)
		if err == nil && got != want {
			err = fmt.Errorf("the preview is %q, want %q", got, want)
		}
		return err
	})
}

// noted waits until the line above the preview begins with those words.
func (b *tab) noted(words string) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, `document.querySelector(".preview-note").innerText`)
		if err == nil && !strings.HasPrefix(got, words) {
			err = fmt.Errorf("above the preview it reads %q, want %q", got, words)
		}
		return err
	})
}

// isPressed waits until the button for the preview says whether that is open.
func (b *tab) isPressed(want bool) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, `(({ ariaPressed, ariaControlsElements }) => ariaPressed + " " + ariaControlsElements[0]?.className)(document.querySelector("[data-previews]"))`)
		if err == nil && got != fmt.Sprintf("%v preview", want) {
			err = fmt.Errorf("the button is pressed and controls: %s, want %v", got, want)
		}
		return err
	})
}

func TestATextIsPreviewedAndPublished(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One *can* walk.")
		b.types(field("Tags"), "sea, walks")
		b.presses(button("Preview"))
		b.sees(heading("Low water").in(preview))
		b.previews(`<p dir="auto">One <em>can</em> walk.</p>`)
		if !b.js {
			b.isAt("/preview")
			b.focusIsOn(preview)
		}
		b.holds(field("Title"), "Low water")
		b.holds(field("Body"), "One *can* walk.")
		b.holds(field("Tags"), "sea, walks")
		b.pauses()
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One *can* walk.")
		if tags := dbtest.One[string](t, s.store, "SELECT array_to_string(tags, ' ') FROM posts"); tags != "sea walks" {
			t.Errorf("the tags are %q", tags)
		}
	})
}

func TestTheButtonsBelowAPreviewAreThoseOfItsPost(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.types(field("Body"), "Two clocks.")
		b.presses(button("Preview"))
		b.previews(`<p dir="auto">Two clocks.</p>`)
		b.misses(button("Publish"))
		b.pauses()
		b.presses(button("Save"))
		b.isAt(permalink)
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Two clocks.")
	})
}

func TestAnOpenPreviewFollowsWhatIsTyped(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.marks()
		b.presses(link("Edit").in(article(tideTables)))
		b.isPressed(false)
		b.misses(preview)
		b.presses(button("Preview"))
		b.isPressed(true)
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
		b.types(field("Body"), "Two clocks.")
		b.previews(`<p dir="auto">Two clocks.</p>`)
		b.goesOnTyping(" *Three*.")
		b.previews(`<p dir="auto">Two clocks. <em>Three</em>.</p>`)
		b.focusIsOn(field("Body"))
		b.types(field("Title"), "Clocks")
		b.sees(heading("Clocks").in(preview))
		b.isKept()
		b.hears("")
		b.presses(button("Preview"))
		b.isPressed(false)
		b.misses(preview)
		b.goesOnTyping(" and tides")
		b.isKept()
		b.misses(preview)
		b.presses(button("Save"))
		b.sees(article("Clocks and tides"))
		b.isStillThere()
		b.hasCopies(0)
	})
}

// An answer that is overtaken by the next request is not shown.
func TestAnOlderPreviewNeverTakesANewersPlace(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Body"), "One.")
		b.presses(button("Preview"))
		b.previews(`<p dir="auto">One.</p>`)
		waits, release := b.delaysAt("*/preview", requests.RequestStageResponse)
		b.types(field("Body"), "Two.")
		waits()
		b.types(field("Body"), "Three.")
		waits()
		release()
		b.previews(`<p dir="auto">Three.</p>`)
		time.Sleep(200 * time.Millisecond)
		b.previews(`<p dir="auto">Three.</p>`)
		b.isKept()
	})
}

// While a preview is on its way, nothing waits for it, and nothing is taken for a save.
func TestAPreviewIsNoSave(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + dbtest.One[string](t, s.store, "SELECT id::text FROM posts") + "/edit")
		b.presses(button("Preview"))
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
		b.delays(requests.RequestStageRequest) // in the browser: a server would give up
		b.types(field("Body"), "Two clocks.")
		b.previews(`<p dir="auto">Two clocks.</p>`)
		b.isNotKept("yet")
		b.goesOnTyping(" Three.")
		b.previews(`<p dir="auto">Two clocks. Three.</p>`)
		b.isNotKept("yet")
		b.hasCopies(1)
	})
}

func TestAPreviewThatFailsLeavesTheLastOneAndSaysSo(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + dbtest.One[string](t, s.store, "SELECT id::text FROM posts") + "/edit")
		b.presses(button("Preview"))
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
		b.expects("422")
		b.types(field("Tags"), "1,2,3,4,5,6,7,8,9,10,11")
		b.noted("A post has at most 10 tags.")
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
		b.types(field("Tags"), "")
		b.noted("Preview")
		b.isKept()
		b.expects("net::ERR_INTERNET_DISCONNECTED", "Failed to fetch")
		b.goesOffline(true)
		b.types(field("Body"), "Three clocks.")
		b.noted("This is not your newest text")
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
		b.goesOffline(false)
		b.types(field("Body"), "Four clocks.")
		b.previews(`<p dir="auto">Four clocks.</p>`)
		b.isKept()
	})
}

func TestAPreviewAfterTheSessionsEndAsksToLogInAndGoesOn(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/posts/" + dbtest.One[string](t, s.store, "SELECT id::text FROM posts") + "/edit")
		s.endSessions(t)
		b.expects("401")
		b.presses(button("Preview"))
		b.sees(heading("Please log in again"))
		b.noted("This is not your newest text")
		b.types(field("Username"), "ada")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Log in"))
		b.previews(`<p dir="auto">Every harbour keeps two clocks.</p>`)
	})
}

// The preview has a scroll bar of its own beside the text, which moves with the text, and stays where it is when the
// text changes.
func TestThePreviewIsWhereTheTextIs(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Body"), strings.Repeat("Every harbour keeps two clocks.\n\n", 120))
		b.presses(button("Preview"))
		place := func() (float64, error) {
			return evaluate[float64](b, `(({ scrollTop, scrollHeight, clientHeight }) => scrollTop / (scrollHeight - clientHeight))(document.querySelector(".preview"))`)
		}
		isAbout := func(want float64) func() error {
			return func() error {
				got, err := place()
				if err == nil && (got < want-0.05 || got > want+0.05) {
					err = fmt.Errorf("the preview is at %v, want %v", got, want)
				}
				return err
			}
		}
		b.until(func() error {
			beside, err := evaluate[bool](b, `(([text, pane]) => pane.left >= text.right && pane.width > 400 && document.querySelectorAll(".preview p").length > 100)(
				["textarea", ".preview"].map((part) => document.querySelector(part).getBoundingClientRect()))`)
			if err == nil && !beside {
				err = errors.New("the preview is not beside the text")
			}
			return err
		})
		for _, want := range []float64{1, 0.5, 0} {
			b.must(evaluate[chromedp.Void](b, fmt.Sprintf(`(({ top, height }) => scrollTo(0, scrollY + top + %v * (height - innerHeight)))(
				document.querySelector("textarea").getBoundingClientRect())`, want)))
			b.until(isAbout(want))
		}
		b.must(evaluate[chromedp.Void](b, `window.first = document.querySelector(".preview .prose p")`))
		b.goesOnTyping("The end.")
		b.until(func() error {
			shown, err := evaluate[bool](b, `document.querySelector(".preview .prose p:last-child").textContent === "The end." && first.isConnected`)
			if err == nil && !shown {
				err = errors.New("the end is not shown, or all was made anew")
			}
			return err
		})
		b.isKept()
		b.resize(900)
		b.until(func() error {
			below, err := evaluate[bool](b, `document.querySelector(".preview").getBoundingClientRect().top > document.querySelector("textarea").getBoundingClientRect().bottom`)
			if err == nil && !below {
				err = errors.New("the preview is not below the text")
			}
			return err
		})
	})
}
