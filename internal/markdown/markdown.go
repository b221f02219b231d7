// Package markdown turns a post's Markdown into HTML that is safe to show: CommonMark with the additions of GitHub
// (tables, task lists, strikethrough, bare addresses), footnotes and typographic quotes; a single line end is a line
// break, as texts of this blog always were shown.
//
// A text goes through goldmark, then through bluemonday, then is grown into a tree in which every element is closed,
// and there gets what only we may give: ids, anchors, directions, names for screen readers. HTML in a text is sanitized
// piece by piece before it joins ours, so no text can use our classes, ids or roles.
package markdown

import (
	"errors"
	"strings"
)

// Version rises with every change of what Render makes of a text; stored results of an older one are made anew.
const Version = 2

// HTML is sanitized; views may print it raw.
type HTML string

// Heading is a heading of a text as a table of contents lists it.
type Heading struct {
	// Level is 1 to 6, as typed.
	Level int
	// ID is the id of its element, unique in the text.
	ID string
	// Text is plain, and the beginning alone of a long one.
	Text string
}

// Rendered is what a text becomes.
type Rendered struct {
	// HTML is a fragment whose elements are all closed; its ids begin with IDPrefixes.
	HTML HTML
	// Plain is the text alone, for search and for counting words: blocks are parted by "\n". Images, the numbers of
	// footnotes and what is only markup are not in it.
	Plain string
	// Headings are the headings, in their order: the first 200, which have ids.
	Headings []Heading
	// Links are the targets of all links as written, each once, in their order. Those that are not safe to follow are not
	// shown as links and not listed.
	Links []string
}

// IDPrefixes are what every id in rendered HTML begins with: of headings, and of footnotes. No page has ids like that of
// its own.
var IDPrefixes = [...]string{headingPrefix, notePrefix}

const (
	headingPrefix = "h-"
	notePrefix    = "n-"
)

// posts renders what people write here.
var posts = newEngine(features{blog: true})

// Render makes HTML of a text. It never fails: any bytes give some safe HTML. A text that is longer than maxBytes or
// would take too much work (see bounds.go) is shown as plain paragraphs.
func Render(source string) Rendered {
	rendered, err := posts.render(source)
	if err != nil {
		return plainly(source)
	}
	return rendered
}

// errRefused says that a text would take more work than one text is worth.
var errRefused = errors.New("the text is too long or too deeply nested to be rendered as Markdown")

// plainly shows a text as paragraphs and line breaks, and as nothing else.
func plainly(source string) Rendered {
	var page strings.Builder
	plain := make([]string, 0, 16)
	for paragraph := range paragraphs(valid(source)) {
		page.WriteString(`<p dir="auto">`)
		escapeText(&page, paragraph, "<br>\n")
		page.WriteString("</p>\n")
		plain = append(plain, paragraph)
	}
	return Rendered{HTML: HTML(page.String()), Plain: strings.Join(plain, "\n")}
}

// paragraphs are the parts of a text between blank lines.
func paragraphs(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, end := -1, 0
		for at := 0; at < len(text); {
			line, next := len(text), len(text)
			if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
				line, next = at+i, at+i+1
			}
			switch blank := strings.TrimSpace(text[at:line]) == ""; {
			case !blank && start < 0:
				start, end = at, line
			case !blank:
				end = line
			case start >= 0:
				if !yield(text[start:end]) {
					return
				}
				start = -1
			}
			at = next
		}
		if start >= 0 {
			yield(text[start:end])
		}
	}
}

// valid is the text with each invalid sequence of bytes replaced, and with the line ends of one system.
func valid(source string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(source, "\ufffd"), "\r\n", "\n")
}
