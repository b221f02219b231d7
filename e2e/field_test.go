package e2e

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// types replaces what is in a field, by mouse and keyboard.
func (b *tab) types(e element, words string) {
	b.t.Helper()
	b.presses(e)
	b.focusIsOn(e)
	b.must(call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Commands: []string{"selectAll"},
	}))
	if words == "" {
		b.key(kb.Delete)
		return
	}
	b.must(call(b, input.InsertText, input.InsertTextParams{Text: words}))
}

// goesOnTyping adds to what has the cursor.
func (b *tab) goesOnTyping(words string) {
	b.t.Helper()
	b.must(call(b, input.InsertText, input.InsertTextParams{Text: words}))
}

// key presses and releases one key.
func (b *tab) key(key string) {
	b.t.Helper()
	b.must(nil, b.does(chromedp.KeyEvent(key)))
}

// holds waits until a field holds exactly that.
func (b *tab) holds(e element, want string) {
	b.t.Helper()
	b.until(func() error {
		id, err := b.find(e)
		if err != nil {
			return err
		}
		got, err := ask[string](b, id, `function () { return this.value }`)
		if err == nil && got != want {
			err = fmt.Errorf("%s holds %q, want %q", e, got, want)
		}
		return err
	})
}

// isToldAt waits until a field is marked as wrong and tied to an alert with those words.
func (b *tab) isToldAt(e element, words string) {
	b.t.Helper()
	b.until(func() error {
		id, err := b.find(e)
		if err != nil {
			return err
		}
		told, err := ask[[]string](b, id, `function () {
			if (this.getAttribute("aria-invalid") !== "true") return [];
			return (this.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id))
				.filter((element) => element?.role === "alert").map((element) => element.innerText);
		}`)
		if err == nil && (len(told) != 1 || told[0] != words) {
			err = fmt.Errorf("%s is told %q, want %q", e, told, words)
		}
		return err
	})
}

// focusIsOn waits until what is typed goes to that element.
func (b *tab) focusIsOn(e element) {
	b.t.Helper()
	b.until(func() error {
		id, err := b.find(e)
		if err != nil {
			return err
		}
		active, err := evaluate[*runtime.RemoteObject](b, "document.activeElement")
		if err != nil {
			return err
		}
		node, err := call(b, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: active.ObjectID})
		if err == nil && node.Node.BackendNodeID != id {
			err = fmt.Errorf("the focus is on %s, want %s", active.Description, e)
		}
		return err
	})
}

// hears waits until the status region says just that.
func (b *tab) hears(words string) {
	b.t.Helper()
	b.until(func() error {
		said, err := evaluate[[]string](b, `[...document.querySelectorAll("[role=status]")].map((e) => e.innerText)`)
		if err == nil && (len(said) != 1 || strings.Join(strings.Fields(said[0]), " ") != words) {
			err = fmt.Errorf("the status regions say %q, want %q", said, words)
		}
		return err
	})
}

// hearsPart waits until the status region says that among other words.
func (b *tab) hearsPart(words string) {
	b.t.Helper()
	b.until(func() error {
		said, err := evaluate[string](b, `document.querySelector("[role=status]").innerText`)
		if err == nil && !strings.Contains(said, words) {
			err = fmt.Errorf("the status region says %q, want %q", said, words)
		}
		return err
	})
}

// reads waits until the page shows those words.
func (b *tab) reads(words string) {
	b.t.Helper()
	b.until(func() error {
		shown, err := evaluate[string](b, "document.body.innerText")
		if err == nil && !strings.Contains(strings.Join(strings.Fields(shown), " "), words) {
			err = fmt.Errorf("the page does not read %q", words)
		}
		return err
	})
}

// marks leaves a mark that the next page load takes away. After a press that loads a page it
// waits for nothing: isAt says that the page has come.
func (b *tab) marks() {
	b.t.Helper()
	b.must(evaluate[bool](b, "window.marked = true"))
}

// loadedNothing asserts that with scripts no page was loaded since marks.
func (b *tab) loadedNothing() {
	b.t.Helper()
	if b.js {
		b.isStillThere()
	}
}

// isStillThere asserts that no page was loaded since marks.
func (b *tab) isStillThere() {
	b.t.Helper()
	marked, err := evaluate[bool](b, "window.marked === true")
	if err != nil || !marked {
		b.t.Errorf("a page was loaded (%v)", err)
	}
}
