package e2e

import (
	"testing"
	"time"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// writing is a post of the blog that pictures show.
type writing struct {
	author, title, body string
	day                 time.Time
}

func day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 7, 30, 0, 0, time.UTC)
}

// anthology is a small blog with an evening's reading in it, newest first.
var anthology = []writing{
	{"ada", "The tide tables were wrong again", `Every harbour keeps two clocks. One hangs in the harbour master’s window and is wound on Sundays; the other is the water itself, which nobody winds, and which was forty minutes late this morning.

I wrote both times into the book, side by side, as my grandmother did. She never said which of them she believed.`, day(time.November, 22)},
	{"bob", "What the ferryman reads in winter", `From November to March the ferry goes twice a day and mostly empty. He keeps a box of paperbacks under the bench, their spines swollen with damp, and lends them to anyone who will bring back a different one.

At the moment the box holds three histories of the same war and one very good cookery book.`, day(time.November, 19)},
	{"ada", "A short defence of bad handwriting", `My notes from the spring are unreadable, and I have stopped minding. To read them I must remember what I meant, and remembering is most of what notes are for.`, day(time.November, 11)},
	{"grace", "Mending a net, badly, in six steps", `First, find the hole. This is harder than it sounds, because a net is made of holes, and the wrong one looks much like the others until something swims through it.

Second, put the kettle on.`, day(time.October, 30)},
}

// fill gives the blog the anthology, and its authors.
func (s *site) fill(t *testing.T) {
	t.Helper()
	authors := map[string]blog.Author{}
	for _, w := range anthology {
		if _, known := authors[w.author]; !known {
			authors[w.author] = blog.Author{ID: dbtest.User(t, s.store, w.author), Username: w.author}
		}
		s.write(t, authors[w.author], blog.Draft{Title: w.title, Body: w.body}, w.day)
	}
	s.draft(t, authors["ada"])
}

func (s *site) write(t *testing.T, author blog.Author, draft blog.Draft, at time.Time) {
	t.Helper()
	post, err := blog.New(s.store).Write(t.Context(), author, blog.NewID(), blog.Origin{}, draft, blog.Publish)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET created_at = $2, updated_at = $2, published_at = $2 WHERE id = $1", post.ID, at)
}

func (s *site) draft(t *testing.T, author blog.Author) {
	t.Helper()
	draft := blog.Draft{Body: "Something about the lighthouse, and who paints it."}
	post, err := blog.New(s.store).Write(t.Context(), author, blog.NewID(), blog.Origin{}, draft, blog.KeepPrivate)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET created_at = $2, updated_at = $2 WHERE id = $1", post.ID, day(time.November, 21))
}
