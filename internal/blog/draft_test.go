package blog

import (
	"errors"
	"strings"
	"testing"

	"miniblog/internal/fault"
)

func TestADraftIsCheckedAtTheExactEdges(t *testing.T) {
	t.Parallel()
	const draft, publish = false, true
	for name, c := range map[string]struct {
		typed       Draft
		publish     bool
		title, body string // what the message begins with; empty: fine
	}{
		"a title and a text":             {text("T", "B"), publish, "", ""},
		"nothing, as a draft":            {text("", ""), draft, "There is nothing to keep", ""},
		"only blanks, as a draft":        {text(" \t", "\r\n \u00a0"), draft, "There is nothing to keep", ""},
		"nothing, published":             {text("", ""), publish, "Give the post a title", "Write something"},
		"a draft without a text":         {text("T", ""), draft, "", ""},
		"a draft without a title":        {text("", "B"), draft, "", ""},
		"published without a text":       {text("T", " \n"), publish, "", "Write something"},
		"published without a title":      {text(" \u2003", "B"), publish, "Give the post a title", ""},
		"200 characters":                 {text(strings.Repeat("a", 200), "B"), publish, "", ""},
		"200 characters of four bytes":   {text(strings.Repeat("🎉", 200), "B"), publish, "", ""},
		"201 characters":                 {text(strings.Repeat("a", 201), "B"), publish, "A title has at most 200", ""},
		"201 characters, as a draft":     {text(strings.Repeat("é", 201), ""), draft, "A title has at most 200", ""},
		"a title of two lines":           {text("one\ntwo", "B"), draft, "A title is one line", ""},
		"a title with a carriage return": {text("one\rtwo", "B"), draft, "A title is one line", ""},
		"1 MiB":                          {text("T", strings.Repeat("a", 1<<20)), publish, "", ""},
		"a byte more than 1 MiB":         {text("T", strings.Repeat("a", 1<<20+1)), publish, "", "The text is longer than 1 MiB: it has 1025 KiB, and 1024 fit."},
		"the same, as a draft":           {text("T", strings.Repeat("a", 1<<20+1)), draft, "", "The text is longer than 1 MiB"},
		"two, counted so as well":        {text("T", strings.Repeat("a\r\n", 1<<20)), draft, "", "The text is longer than 1 MiB: it has 2048 KiB, and 1024 fit."},
		"1 MiB in wider characters":      {text("T", strings.Repeat("é", 1<<19)), publish, "", ""},
		"1 MiB counted after CRLF is LF": {text("T", strings.Repeat("a\r\n", 1<<19)), publish, "", ""},
		"NUL in the title":               {text("T\x00", "B"), draft, "The title holds characters", ""},
		"NUL in the text":                {text("T", "B\x00"), draft, "", "The text holds characters"},
		"bad UTF-8 in the title":         {text("T\xff", "B"), draft, "The title holds characters", ""},
		"bad UTF-8 in the text":          {text("T", "\xc3\x28"), draft, "", "The text holds characters"},
		"half a surrogate pair":          {text("T", "\xed\xa0\x80"), draft, "", "The text holds characters"},
		"both at once":                   {text("\x00", "\x00"), publish, "The title holds characters", "The text holds characters"},
		"markup and controls are text":   {text("<b>\x1b\x7f", "<script>\x01\x0b"), publish, "", ""},
	} {
		err := c.typed.cleaned().check(c.publish)
		var problems fault.Invalid
		if err != nil && !errors.As(err, &problems) {
			t.Errorf("%s: %v is not Invalid", name, err)
		}
		for field, want := range map[string]string{"title": c.title, "body": c.body} {
			if got := problems.Of(field); !strings.HasPrefix(got, want) || (want == "" && got != "") {
				t.Errorf("%s: the %s: %q, want %q", name, field, got, want)
			}
		}
	}
}

func TestOnlyLineEndsChange(t *testing.T) {
	t.Parallel()
	for typed, want := range map[Draft]Draft{
		text(" T  t\u00a0", "B"):                   text(" T  t\u00a0", "B"),
		text("T", "a\r\nb"):                        text("T", "a\nb"),
		text("T", "a\rb"):                          text("T", "a\nb"),
		text("T", "a\nb"):                          text("T", "a\nb"),
		text("T", "a\r\n\r\nb\r\r\nc"):             text("T", "a\n\nb\n\nc"),
		text("T", "a\n\rb"):                        text("T", "a\n\nb"),
		text("T", " \t a \t \n\n\n "):              text("T", " \t a \t \n\n\n "),
		text("T", "e\u0301\u2028\ufeff\u200b\x01"): text("T", "e\u0301\u2028\ufeff\u200b\x01"),
	} {
		if got := typed.cleaned(); got != want {
			t.Errorf("%q %q was kept as %q %q, want %q %q", typed.Title, typed.Body, got.Title, got.Body, want.Title, want.Body)
		}
	}
}

func text(title, body string) Draft { return Draft{Title: title, Body: body} }
