package views

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"miniblog/assets"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/internal/merge"
)

// sampleTime is when everything in the gallery happened: its pictures are the same each day.
var sampleTime = time.Date(2026, time.November, 22, 7, 30, 0, 0, time.UTC)

// sampleID is an id of the gallery's own, which no post has.
func sampleID(number byte) uuid.UUID { return uuid.UUID{6: 0x70, 8: 0x80, 15: number} }

// samplePost is a post in one shape.
func samplePost(number byte, shape Shape, change func(*Post)) Post {
	p := Post{Shape: shape, Post: blog.Post{
		ID: sampleID(number), Author: blog.Author{Username: "ada", Name: "Ada of the Harbour"}, Slug: "two-clocks",
		Title:   "The tide tables were wrong again",
		Body:    "Every harbour keeps two clocks. One hangs in the harbour master’s window and is wound on Sundays.\n\nThe other is the water itself.",
		Excerpt: "Every harbour keeps two clocks. One hangs in the harbour master’s window and is wound on Sundays; the other is the water itself, which nobody winds.",
		Words:   900, Version: 2, CreatedAt: sampleTime, UpdatedAt: sampleTime, PublishedAt: sampleTime,
	}}
	change(&p)
	return p
}

func asIs(*Post)      {}
func mine(p *Post)    { p.Mine = true }
func draft(p *Post)   { p.Mine, p.Title, p.PublishedAt = true, "", time.Time{} }
func deleted(p *Post) { p.Mine, p.DeletedAt = true, sampleTime }

// mergedIn is a post right after a save that took in what another had saved.
func mergedIn(p *Post) {
	p.Mine = true
	p.Merged = &Comparison{
		Title: []merge.Change{{Same: p.Title}},
		Body:  []merge.Change{{Same: "Every harbour keeps "}, {Removed: "two", Added: "three"}, {Same: " clocks."}},
	}
}

// sampleEditor is an editor in one state.
func sampleEditor(number byte, change func(*Editor)) Editor {
	e := Editor{
		ID: sampleID(number), Root: "editor-" + string('a'+rune(number)), Shape: Own, CancelURL: DashboardURL,
		Text: blog.Draft{Title: "Letters that came back", Body: "Three of the four envelopes were addressed in pencil, which the rain had read before I did."},
	}
	change(&e)
	return e
}

func beginning(e *Editor) { e.New, e.Text = true, blog.Draft{} }
func keptText(e *Editor)  { e.SavedAt = sampleTime }
func published(e *Editor) { e.Published, e.SavedAt = true, sampleTime }
func autosaved(e *Editor) { e.Published, e.Unsaved, e.SavedAt = true, true, sampleTime }
func carriedIn(e *Editor) { e.Carried = true }
func binnedText(e *Editor) {
	e.New, e.Binned = true, true
}

func refusedText(e *Editor) {
	e.Text = blog.Draft{}
	e.Problems = fault.Invalid{{Field: "title", Message: "Give the post a title."}, {Field: "body", Message: "Write something first."}}
}

func clashing(e *Editor) {
	e.Clash = &blog.Conflict{
		Current: blog.Post{UpdatedAt: sampleTime},
		Title:   merge.Result{{Text: "Letters that came back"}},
		Body:    merge.Result{{Text: "Three of the "}, {Side: merge.Clash, Mine: "four", Theirs: "five"}, {Text: " envelopes were addressed in pencil."}},
	}
}

// sampleHistory is a post's history with two versions compared.
func sampleHistory() History {
	h := History{Post: samplePost(0, Full, asIs).Post, From: 1, To: 2}
	for number := 2; number > 0; number-- {
		h.Versions = append(h.Versions, blog.Version{
			Number: number, Title: h.Post.Title, Body: h.Post.Body, CreatedAt: sampleTime, Words: 30, Kind: blog.KindSaved,
		})
	}
	h.Compared = &Comparison{From: h.Versions[1], To: h.Versions[0], Title: []merge.Change{{Same: h.Post.Title}},
		Body: []merge.Change{{Same: "Every harbour keeps "}, {Removed: "one clock", Added: "two clocks"}, {Same: "."}}}
	return h
}

// sampleField is a field in one state.
func sampleField(name, label string, change func(*Field)) Field {
	f := Field{Name: name, Label: label, Autocomplete: "off"}
	change(&f)
	return f
}

var sampleFailure = Failure{Status: 503, Heading: "Back in a moment", Words: "The blog cannot reach its database just now. Wait a few seconds and try again: nothing is kept twice.", RequestID: "QK3TF2H7ZJ5XWB4A"}

// still is a component that does not ask for the cursor: a page has one.
func still(component templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		var markup bytes.Buffer
		if err := component.Render(ctx, &markup); err != nil {
			return err
		}
		return asItStands(bytes.ReplaceAll(markup.Bytes(), []byte(" autofocus"), nil)).Render(ctx, out)
	})
}

//go:embed gallery.md
var galleryText string

// sampleText has all that a text can hold.
func sampleText() string {
	return strings.Replace(galleryText, "PICTURE", assets.URL("touch-icon.png"), 1)
}
