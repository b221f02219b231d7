// Package mail sends what the outbox holds: it writes the letters, hands them to a mail
// server, and notes what that answered.
package mail

import (
	"html"
	"strings"
)

// Letter is a mail's subject and text, of which both of its forms are made.
type Letter struct {
	Subject    string
	Paragraphs []Paragraph
}

// Paragraph is some words or, when URL is set, a link that stands alone.
type Paragraph struct {
	Words string
	URL   string
}

// Text is the letter as plain text.
func (l Letter) Text() string {
	var text strings.Builder
	for i, paragraph := range l.Paragraphs {
		if i > 0 {
			text.WriteString("\n\n")
		}
		text.WriteString(paragraph.Words + paragraph.URL)
	}
	return text.String() + "\n"
}

// HTML is the letter as a document without styles or images, which every reader shows alike.
func (l Letter) HTML() string {
	var body strings.Builder
	for _, paragraph := range l.Paragraphs {
		inside := html.EscapeString(paragraph.Words)
		if url := html.EscapeString(paragraph.URL); url != "" {
			inside = `<a href="` + url + `">` + url + `</a>`
		}
		body.WriteString("<p>" + inside + "</p>\n")
	}
	return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" +
		html.EscapeString(l.Subject) + "</title></head>\n<body>\n" + body.String() + "</body>\n</html>\n"
}
