package markdown

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// longTexts make texts of about n bytes that parsers are known to need quadratic time for, or more memory than there is.
var longTexts = map[string]func(n int) string{
	"quotes in one another":        func(n int) string { return strings.Repeat(">", n) + "a" },
	"lists in one another":         func(n int) string { return strings.Repeat("- ", n/2) + "a" },
	"numbered lists":               func(n int) string { return strings.Repeat("1. ", n/3) + "a" },
	"lists and quotes":             func(n int) string { return strings.Repeat("- > ", n/4) + "a" },
	"blank lines in deep lists":    func(n int) string { return strings.Repeat("- ", 15) + "a\n" + strings.Repeat("\n", n) + "b" },
	"brackets":                     func(n int) string { return strings.Repeat("[", n) },
	"brackets in one another":      func(n int) string { return strings.Repeat("[", n/2) + strings.Repeat("]", n/2) },
	"links without end":            func(n int) string { return strings.Repeat("[a](", n/4) },
	"links with an open address":   func(n int) string { return strings.Repeat("[a](<b", n/6) },
	"images in one another":        func(n int) string { return strings.Repeat("![", n/5) + "a" + strings.Repeat("](b)", n/5) },
	"emphasis":                     func(n int) string { return strings.Repeat("*a_ ", n/4) },
	"strong emphasis":              func(n int) string { return strings.Repeat("**a *", n/5) },
	"emphasis that closes nothing": func(n int) string { return strings.Repeat("a* ", n/3) },
	"code": func(n int) string {
		var text strings.Builder
		for i := 1; text.Len() < n; i++ {
			text.WriteString("e" + strings.Repeat("`", i))
		}
		return text.String()
	},
	"comments":          func(n int) string { return strings.Repeat("a <!--", n/6) },
	"instructions":      func(n int) string { return strings.Repeat("a <?", n/4) },
	"tags":              func(n int) string { return strings.Repeat("<a ", n/3) },
	"open bold":         func(n int) string { return strings.Repeat("a <b>\n\n", n/7) },
	"open boxes":        func(n int) string { return strings.Repeat("<div>", n/5) },
	"definitions":       func(n int) string { return strings.Repeat("[a]: u\n", n/7) },
	"definitions, open": func(n int) string { return strings.Repeat("[a]: \"\n", n/7) },
	"footnotes":         func(n int) string { return definedNotes(n/20) + strings.Repeat("\n\na[^0]", n/20) },
	"cells": func(n int) string {
		return strings.Repeat("|a", n/8) + "\n" + strings.Repeat("|-", n/8) + "\n" + strings.Repeat("a\n", n/4)
	},
	"quotation marks":          func(n int) string { return strings.Repeat("'", n) },
	"double ones":              func(n int) string { return strings.Repeat("\"", n) },
	"ampersands":               func(n int) string { return strings.Repeat("&", n) },
	"backslashes":              func(n int) string { return strings.Repeat("\\", n) },
	"addresses":                func(n int) string { return strings.Repeat("http://", n/7) },
	"mail addresses":           func(n int) string { return strings.Repeat("a_", n/4) + "@" + strings.Repeat("a.", n/4) },
	"one word":                 func(n int) string { return strings.Repeat("a", n) },
	"blanks":                   func(n int) string { return "a" + strings.Repeat(" ", n) + "b" },
	"no text":                  func(n int) string { return strings.Repeat("\x00\xff", n/2) },
	"the same headings":        func(n int) string { return strings.Repeat("# a\n# a-1\n", n/10) },
	"short paragraphs":         func(n int) string { return strings.Repeat("1\n\n", n/3) },
	"blocks of code":           func(n int) string { return strings.Repeat("```go\nfunc a() {}\n```\n", n/20) },
	"unknown languages":        func(n int) string { return strings.Repeat("```zz\na\n```\n", n/12) },
	"headings around headings": func(n int) string { return strings.Repeat("<h2><div>", 190) + strings.Repeat("word ", n/5) },
	"boxes in lists": func(n int) string {
		return strings.Repeat("<ul><li>", 190) + strings.Repeat("<b></b>", n/7)
	},
	"boxes in quotes": func(n int) string { return strings.Repeat("<blockquote>", 390) + strings.Repeat("<b></b>", n/7) },
	"numbers in lists": func(n int) string {
		return strings.Repeat(strings.Repeat("<ul>", 390)+strings.Repeat("1", 2_000)+strings.Repeat("</ul>", 390)+"\n\n", n/5_510)
	},
	"more than may come": func(int) string { return strings.Repeat("a\n\n", maxBytes/3+1) },
}

func definedNotes(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "[^%d]: x\n", i)
	}
	return text.String()
}

// TestNoTextTakesLong notices what hangs; how long they take in truth depends on the machine, and is well below a second.
func TestNoTextTakesLong(t *testing.T) {
	t.Parallel()
	for name, long := range longTexts {
		source := long(64 << 10)
		begun := time.Now()
		rendered := Render(source)
		Excerpt(source, 280)
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		if rendered.HTML == "" && !strings.HasPrefix(name, "definitions") {
			t.Errorf("of %s nothing is shown", name)
		}
	}
}

func TestWhatAsksForTooMuchIsShownAsPlainParagraphs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"quotes in one another", "lists in one another", "brackets", "links without end", "emphasis", "comments", "definitions", "footnotes", "cells", "quotation marks",
		"boxes in lists", "boxes in quotes", "numbers in lists",
		"more than may come",
	} {
		if _, err := posts.render(longTexts[name](400 << 10)); !errors.Is(err, errRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := Render(strings.Repeat(">", 200) + "*a* <b>\r\nc\n \nd")
	want := `<p dir="auto">` + strings.Repeat("&gt;", 200) + "*a* &lt;b&gt;<br>\nc</p>\n<p dir=\"auto\">d</p>\n"
	if string(got.HTML) != want || got.Plain != strings.Repeat(">", 200)+"*a* <b>\nc\nd" {
		t.Errorf("it is %q, plain %q", got.HTML, got.Plain)
	}
}

func TestWhatPeopleWriteIsNotTooMuch(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"half a megabyte of paragraphs": strings.Repeat(strings.Repeat("some *words* and [a link](/x) \"quoted\" `code`\n", 10)+"\n", 1_000),
		"twelve lists in one another":   strings.Repeat("- ", 12) + "a",
		"a table of 1,000 rows":         "|a|b|c|d|\n|-|-|-|-|\n" + strings.Repeat("|*a*|b|c|d|\n", 1_000),
		"a list of 2,000 links":         strings.Repeat("- [a](/b) and [c](/d)\n", 2_000),
		"a poem of 1,000 lines":         strings.Repeat("a *line* that ends\n", 1_000),
		"a long list of paragraphs":     strings.Repeat("- a\n  - b\n\n    c\n", 5_000),
		"500 footnotes":                 definedNotes(500) + strings.Repeat("\n\na[^7] b[^400]", 500),
	} {
		if _, err := posts.render(source); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHeadingEndsWhereTheNextOneBegins(t *testing.T) {
	t.Parallel()
	got := Render("<h2>a<div>b<h3>c</h3>d</div>")
	if want := []Heading{{2, "h-a-b", "a b"}, {3, "h-c", "c"}}; !slices.Equal(got.Headings, want) {
		t.Errorf("they are %v in %s", got.Headings, got.HTML)
	}
	deep := Render(strings.Repeat("<h2><div>", 190) + strings.Repeat("word ", 200_000))
	if outline, _ := json.Marshal(deep.Headings); len(outline) > 1_000 || !strings.Contains(string(deep.HTML), "word word") {
		t.Errorf("the outline of a megabyte has %d bytes", len(outline))
	}
}

func TestTheListOfHeadingsIsBounded(t *testing.T) {
	t.Parallel()
	got := Render(strings.Repeat("# a\n", 2_000) + "# " + strings.Repeat("é", 300))
	if len(got.Headings) != 200 || strings.Count(string(got.HTML), "<h2") != 2_001 || strings.Count(string(got.HTML), ` id="`) != 200 {
		t.Errorf("%d are listed of %d", len(got.Headings), strings.Count(string(got.HTML), "<h2"))
	}
	long := Render("# " + strings.Repeat("é", 300))
	if long.Headings[0].Text != strings.Repeat("é", 200) || !strings.Contains(string(long.HTML), strings.Repeat("é", 300)) {
		t.Errorf("it is listed as %q", long.Headings[0].Text)
	}
}

// TestNoLexerTakesLong notices what hangs, too: a lexer is left alone with a text once it has taken two seconds.
func TestNoLexerTakesLong(t *testing.T) {
	t.Parallel()
	for _, language := range languages {
		for _, unit := range []string{"\n", "a ", "\"(", "//<"} {
			begun := time.Now()
			Render("```" + language + "\n" + strings.Repeat(unit, 2_000) + "\n```")
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("%s took %v with %q", language, took, unit)
			}
		}
	}
}
