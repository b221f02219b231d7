package blog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"miniblog/internal/fault"
)

// Limits of a text.
const (
	MaxTitleRunes = 200
	MaxBodyBytes  = 1 << 20
)

// Draft is a text as its author typed it.
type Draft struct {
	Title string
	Body  string
}

// cleaned applies the one rule of what is kept: line ends become LF, as
// browsers send CRLF for what was typed as one line end. A title is one line
// and loses the blanks around it. Nothing else is changed.
func (d Draft) cleaned() Draft {
	return Draft{Title: strings.TrimSpace(d.Title), Body: unixLines(d.Body)}
}

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// check returns what keeps the draft from being kept; publishing asks for a title and a text.
func (d Draft) check(publishing bool) error {
	var problems fault.Invalid
	add := func(field, message string) {
		if message != "" {
			problems = append(problems, fault.Problem{Field: field, Message: message})
		}
	}
	add("title", d.titleProblem(publishing))
	add("body", d.bodyProblem(publishing))
	return problems.OrNil()
}

func (d Draft) titleProblem(publishing bool) string {
	switch {
	case !storable(d.Title):
		return "The title holds characters that cannot be kept. Remove them and try again."
	case strings.ContainsRune(d.Title, '\n') || strings.ContainsRune(d.Title, '\r'):
		return "A title is one line."
	case utf8.RuneCountInString(d.Title) > MaxTitleRunes:
		return "A title has at most 200 characters. Shorten it a little."
	case publishing && blank(d.Title):
		return "Give the post a title."
	case blank(d.Title) && blank(d.Body):
		return "There is nothing to keep yet. Write a title or some text."
	}
	return ""
}

func (d Draft) bodyProblem(publishing bool) string {
	switch {
	case !storable(d.Body):
		return "The text holds characters that cannot be kept. Remove them and try again."
	case len(d.Body) > MaxBodyBytes:
		return "The text is longer than 1 MiB. Split it into two posts."
	case publishing && blank(d.Body):
		return "Write something before publishing."
	}
	return ""
}

// blank tells whether nothing in the text can be seen: blanks, controls and
// characters without width alone.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// storable tells whether PostgreSQL can hold the text: UTF-8 without NUL.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
