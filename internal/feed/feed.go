// Package feed writes what feed readers read: Atom 1.0 (RFC 4287) and JSON Feed 1.1.
package feed

import (
	"html"
	"time"

	"github.com/google/uuid"
)

// Feed is a list of posts with their whole texts, newest first. Its addresses are absolute.
type Feed struct {
	Title   string
	About   string // what it is of; may be empty
	HomeURL string // of the page that shows the same
	AtomURL string // its own address in each format
	JSONURL string
	IconURL string
	Author  Author // of all of it; without a name: each entry has its own alone
	Entries []Entry
}

// Author is who wrote.
type Author struct{ Name, URL string }

// Tag is what posts share: its name, and the last part of its address.
type Tag struct{ Name, Slug string }

// Entry is one post.
type Entry struct {
	ID        uuid.UUID // by which readers know it again, whatever else changes
	URL       string
	ImageURL  string
	Title     string
	Summary   string
	Left      bool   // the text is too long for the feed: it has the summary, and leads to the whole
	HTML      string // may name addresses relative to URL
	Author    Author
	Tags      []Tag
	Published time.Time
	Changed   time.Time // of what is shown; never before Published
}

// Changed is when anything of the feed last changed: the epoch if it has no entry, since a
// time of the day would change with each request.
func (f Feed) Changed() time.Time {
	latest := time.Unix(0, 0)
	for _, entry := range f.Entries {
		if entry.Changed.After(latest) {
			latest = entry.Changed
		}
	}
	return latest.UTC().Truncate(time.Second)
}

// content is the text, or what stands for it.
func (e Entry) content() string {
	if !e.Left {
		return printable(absolute(e.HTML, e.URL))
	}
	return "<p>" + html.EscapeString(printable(e.Summary)) + "</p>\n" +
		`<p><a href="` + html.EscapeString(e.URL) + `">Read the whole post</a></p>`
}

// id is the post's own, which a changed title, slug, username or public address leaves as it is.
func (e Entry) id() string { return e.ID.URN() }

func stamp(at time.Time) string { return at.UTC().Truncate(time.Second).Format(time.RFC3339) }
