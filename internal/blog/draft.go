package blog

import (
	"fmt"
	"slices"
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
	Tags  string // a line of them, as Tags reads it
	// SameTags is for a form that says nothing of tags: the post keeps those it has.
	SameTags bool
}

// cleaned applies the two rules of what is kept. Line ends become LF, as browsers send
// CRLF for what was typed as one line end; tags are written one way. Nothing else is changed.
func (d Draft) cleaned() Draft {
	d.Body = unixLines(d.Body)
	if tagsProblem(d.Tags) == "" {
		d.Tags = TagLine(Tags(d.Tags))
	}
	return d
}

// IsEmpty tells whether nothing at all was typed.
func (d Draft) IsEmpty() bool { return d.Title == "" && d.Body == "" && d.Tags == "" }

// over is the draft as it is kept in the place of another.
func (d Draft) over(shown Draft) Draft {
	if d.SameTags {
		d.Tags, d.SameTags = shown.Tags, false
	}
	return d
}

// KiB is how much of MaxBodyBytes the body takes once it is kept, in units of 1024
// bytes, rounded up: what is too long by a byte has more than fit.
func (d Draft) KiB() int { return (len(unixLines(d.Body)) + 1023) / 1024 }

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// check returns what keeps the draft from being kept; publishing asks for a title and a text.
func (d Draft) check(publishing bool) error {
	return problems("title", d.titleProblem(publishing), "body", d.bodyProblem(publishing), "tags", tagsProblem(d.Tags))
}

// problems makes an error of fields and what is wrong with each; "" is nothing.
func problems(fieldsAndMessages ...string) error {
	var found fault.Invalid
	for pair := range slices.Chunk(fieldsAndMessages, 2) {
		if pair[1] != "" {
			found = append(found, fault.Problem{Field: pair[0], Message: pair[1]})
		}
	}
	return found.OrNil()
}

// checkKeepable returns what keeps the draft from being kept at all; it may be empty.
func (d Draft) checkKeepable() error {
	return problems("title", d.titleUnkeepable(), "body", d.bodyUnkeepable(), "tags", tagsProblem(d.Tags))
}

func (d Draft) titleProblem(publishing bool) string {
	unkeepable := d.titleUnkeepable()
	switch {
	case unkeepable != "":
		return unkeepable
	case publishing && blank(d.Title):
		return "Give the post a title."
	case blank(d.Title) && blank(d.Body) && d.Tags == "":
		return "There is nothing to keep yet. Write a title or some text."
	}
	return ""
}

func (d Draft) titleUnkeepable() string {
	switch {
	case !storable(d.Title):
		return "The title holds characters that cannot be kept. Remove them and try again."
	case strings.ContainsRune(d.Title, '\n') || strings.ContainsRune(d.Title, '\r'):
		return "A title is one line."
	case utf8.RuneCountInString(d.Title) > MaxTitleRunes:
		return "A title has at most 200 characters. Shorten it a little."
	}
	return ""
}

func (d Draft) bodyProblem(publishing bool) string {
	unkeepable := d.bodyUnkeepable()
	switch {
	case unkeepable != "":
		return unkeepable
	case publishing && blank(d.Body):
		return "Write something before publishing."
	}
	return ""
}

func (d Draft) bodyUnkeepable() string {
	switch {
	case !storable(d.Body):
		return "The text holds characters that cannot be kept. Remove them and try again."
	case len(d.Body) > MaxBodyBytes:
		return fmt.Sprintf("The text is longer than 1 MiB: it has %d KiB, and 1024 fit. Split it into two posts.", d.KiB())
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
