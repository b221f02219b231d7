package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"miniblog/internal/dbtest"
)

// presses one key together with others.
func (b *tab) chord(key string, held chromedp.Modifier) {
	b.t.Helper()
	b.must(nil, b.does(chromedp.KeyEvent(key, chromedp.KeyModifiers(held))))
}

// control presses a letter with Ctrl. Where the letters of the keyboard are others, shown is what the key is called.
func (b *tab) control(letter, shown string, commands ...string) {
	b.t.Helper()
	capital := strings.ToUpper(letter)
	event := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Modifiers: int64(chromedp.ModifierCtrl), Key: shown, Code: "Key" + capital,
		WindowsVirtualKeyCode: int64(capital[0]), Commands: commands,
	}
	b.must(call(b, input.DispatchKeyEvent, event))
	event.Type, event.Commands = input.DispatchKeyEventTypeKeyUp, nil
	b.must(call(b, input.DispatchKeyEvent, event))
}

// enters presses Enter as a keyboard does: no line begins where a script has taken the key.
func (b *tab) enters(held chromedp.Modifier) {
	b.t.Helper()
	event := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Modifiers: int64(held), Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13,
	}
	b.must(call(b, input.DispatchKeyEvent, event))
	event.Type, event.Text = input.DispatchKeyEventTypeKeyUp, ""
	b.must(call(b, input.DispatchKeyEvent, event))
}

// undoes takes back the last change, as Ctrl+Z does.
func (b *tab) undoes() {
	b.t.Helper()
	b.control("z", "z", "undo")
}

// pastesOver puts words in as from the clipboard.
func (b *tab) pastesOver(words string) {
	b.t.Helper()
	b.must(evaluate[chromedp.Void](b, fmt.Sprintf(`(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData("text/plain", %q);
		const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
		if (document.activeElement.dispatchEvent(paste)) document.execCommand("insertText", false, %[1]q);
	})()`, words)))
}

// begins replaces the text by one in which ‸ stands for the cursor, or twice around what is selected.
func (b *tab) begins(text string) {
	b.t.Helper()
	b.types(field("Body"), strings.ReplaceAll(text, "‸", ""))
	from, to := strings.Index(text, "‸"), strings.LastIndex(text, "‸")
	if to > from {
		to -= len("‸")
	}
	units := func(bytes int) int { return len([]rune(strings.ReplaceAll(text, "‸", "")[:bytes])) }
	b.must(evaluate[chromedp.Void](b, fmt.Sprintf(`document.querySelector("textarea").setSelectionRange(%d, %d)`, units(from), units(to))))
}

// reached waits until the text and the cursor in it are those.
func (b *tab) reached(what, want string) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, `(({ value, selectionStart: from, selectionEnd: to }) =>
			value.slice(0, from) + "‸" + (from === to ? "" : value.slice(from, to) + "‸") + value.slice(to))(document.querySelector("textarea"))`)
		if err == nil && got != want {
			err = fmt.Errorf("%s: the text is %q, want %q", what, got, want)
		}
		return err
	})
}

func TestKeysSetMarksAndUndoTakesThemBack(t *testing.T) {
	bold, italic, link := func(b *tab) { b.control("b", "b") }, func(b *tab) { b.control("i", "i") }, func(b *tab) { b.control("k", "k") }
	enter, inward, back := func(b *tab) { b.enters(0) }, func(b *tab) { b.key(kb.Tab) }, func(b *tab) { b.chord(kb.Tab, chromedp.ModifierShift) }
	paste := func(b *tab) { b.pastesOver(" https://example.org/a ") }
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		for _, c := range []struct {
			what        string
			press       func(*tab)
			begin, want string
		}{
			{"bold", bold, "One ‸low‸ tide", "One **‸low‸** tide"},
			{"bold again", bold, "One **‸low‸** tide", "One ‸low‸ tide"},
			{"bold with its stars", bold, "One ‸**low**‸ tide", "One ‸low‸ tide"},
			{"bold without blanks", bold, "One‸ low ‸tide", "One **‸low‸** tide"},
			{"bold of nothing", bold, "One ‸", "One **‸**"},
			{"bold of nothing again", bold, "One **‸**", "One ‸"},
			{"bold of italic", bold, "*‸low‸*", "***‸low‸***"},
			{"bold on a keyboard of other letters", func(b *tab) { b.control("b", "и") }, "‸low‸", "**‸low‸**"},
			{"bold from right to left", bold, "גאות ‸נמוכה‸ היום", "גאות **‸נמוכה‸** היום"},
			{"italic", italic, "One ‸low‸ tide", "One *‸low‸* tide"},
			{"italic of bold", italic, "**‸low‸**", "***‸low‸***"},
			{"italic of both", italic, "***‸low‸***", "**‸low‸**"},
			{"a link of words", link, "See ‸here‸.", "See [here](‸https://‸)."},
			{"a link of an address", link, "See ‸https://example.org‸.", "See [‸](https://example.org)."},
			{"a link of nothing", link, "See ‸", "See [‸](https://)"},
			{"an address pasted onto words", paste, "See ‸here‸.", "See [here](https://example.org/a)‸."},
			{"the next item", enter, "- eggs‸", "- eggs\n- ‸"},
			{"the next number", enter, "9. eggs‸ and", "9. eggs\n10. ‸ and"},
			{"the next task", enter, "* [x] eggs‸", "* [x] eggs\n* [ ] ‸"},
			{"the next line of a quotation", enter, "> eggs‸", "> eggs\n> ‸"},
			{"a list in a quotation", enter, "> - eggs‸", "> - eggs\n> - ‸"},
			{"a list ends", enter, "- eggs\n- ‸", "- eggs\n‸"},
			{"an inner list ends", enter, "- eggs\n    - ‸", "- eggs\n- ‸"},
			{"an item", inward, "- eggs\n- ham‸", "- eggs\n    - ham‸"},
			{"an item back", back, "1. eggs\n    1. h‸am", "1. eggs\n1. h‸am"},
			{"selected lines", inward, "o‸ne\n\ntwo‸\nthree", "    o‸ne\n\n    two‸\nthree"},
			{"selected lines back", back, "    o‸ne\n  two\n‸three", "o‸ne\ntwo\n‸three"},
			{"code", inward, "```\nif x {\n‸", "```\nif x {\n    ‸"},
		} {
			b.begins(c.begin)
			c.press(b)
			b.reached(c.what, c.want)
			b.undoes()
			b.holds(field("Body"), strings.ReplaceAll(c.begin, "‸", ""))
		}
	})
}

func TestKeysLeaveAloneWhatIsNotTheirs(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		for _, c := range []struct {
			what        string
			press       func(*tab)
			begin, want string
		}{
			{"Enter in prose", func(b *tab) { b.enters(0) }, "eggs‸", "eggs\n‸"},
			{"Enter before an item", func(b *tab) { b.enters(0) }, "‸- eggs", "\n‸- eggs"},
			{"Enter after a rule", func(b *tab) { b.enters(0) }, "* * *‸", "* * *\n‸"},
			{"Enter in code", func(b *tab) { b.enters(0) }, "```\n- eggs‸", "```\n- eggs\n‸"},
			{"Shift and Enter", func(b *tab) { b.enters(chromedp.ModifierShift) }, "- eggs‸", "- eggs\n‸"},
			{"words pasted onto words", func(b *tab) { b.pastesOver("there") }, "See ‸here‸", "See there‸"},
			{"an address pasted onto one", func(b *tab) { b.pastesOver("https://a.example") }, "[x](‸https://‸)", "[x](https://a.example‸)"},
			{"AltGr", func(b *tab) { b.chord("b", chromedp.ModifierCtrl|chromedp.ModifierAlt) }, "‸low‸", "‸low‸"},
		} {
			b.begins(c.begin)
			c.press(b)
			b.reached(c.what, c.want)
		}
		// A word that is being put together by an input method is not disturbed.
		b.begins("- ‸")
		b.must(call(b, input.ImeSetComposition, input.ImeSetCompositionParams{Text: "にほ", SelectionStart: 2, SelectionEnd: 2}))
		b.must(evaluate[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))`))
		b.holds(field("Body"), "- にほ")
	})
}

func TestTabIsNoTrap(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		dbtest.User(t, s.store, "ada")
		b.hasSession("ada")
		b.opens("/new")
		b.begins("Prose.‸")
		b.key(kb.Tab)
		b.focusIsOn(field("Tags"))
		b.chord(kb.Tab, chromedp.ModifierShift)
		b.focusIsOn(field("Body"))
		b.chord(kb.Tab, chromedp.ModifierShift)
		b.focusIsOn(field("Title"))
		b.begins("- eggs‸")
		b.key(kb.Tab)
		b.reached("an item", "    - eggs‸")
		b.key(kb.Escape)
		b.key(kb.Tab)
		b.focusIsOn(field("Tags"))
		b.begins("- eggs‸")
		b.key(kb.Escape)
		b.chord(kb.Tab, chromedp.ModifierShift)
		b.focusIsOn(field("Title"))
		b.begins("- eggs‸")
		b.key(kb.Escape)
		b.goesOnTyping(" and ham") // Escape is forgotten with the next key
		b.key(kb.ArrowLeft)
		b.key(kb.Tab)
		b.holds(field("Body"), "    - eggs and ham")
		b.holds(field("Title"), "")
		b.isKept()
	})
}

func TestControlAndSSaveAndPublishNoDraft(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		post := s.post(t)
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.control("s", "s")
		b.isAt("/dashboard")
		b.opens("/posts/" + post.ID.String() + "/edit")
		b.begins("Two ‸clocks‸.")
		b.control("i", "i")
		b.control("s", "s")
		b.isAt(permalink)
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 2: The tide tables were wrong again / Two *clocks*.",
			"ada, draft, saved 1: Low water / ")
	})
}

func TestWhatAKeyWritesIsKeptLikeWhatIsTyped(t *testing.T) {
	withJavaScript(t, func(t *testing.T, s *site, b *tab) {
		s.post(t)
		b.hasSession("ada")
		b.opens("/dashboard")
		b.presses(link("Edit").in(article(tideTables)))
		b.begins("Two ‸clocks‸.")
		b.isKept()
		b.until(func() error { // the keys come with the editor
			ready, err := evaluate[bool](b, `document.querySelector("[data-previews][aria-pressed]") !== null`)
			if err == nil && !ready {
				err = errAbsent
			}
			return err
		})
		release := s.holdsAutosaves(t)
		b.control("b", "b")
		b.isNotKept("yet")
		release()
		b.isKept()
		s.wantKept(t, "Two **clocks**.")
	})
}
