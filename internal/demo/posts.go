package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
)

const (
	usualGap = 9 * time.Hour
	longest  = 12 * 365 * 24 * time.Hour // from the first post to the last
)

// Post is one post of a demo.
type Post struct {
	blog.Text
	ID     uuid.UUID
	Author int           // whose: an index into Usernames
	Age    time.Duration // how long before the run it was published
}

// Post makes the nth post, counted from 0, the newest. Its error says which rule
// of the blog's a text breaks.
func (d *Demo) Post(n int) (Post, error) {
	r := d.random(streamPosts, n)
	made := Post{ID: id(MaxPosts-n, r), Author: d.author(n, r), Age: d.age(n, r)}
	draft := d.draft(n, r)
	draft.Tags = d.tags(n)
	text, err := blog.Prepare(draft)
	if err != nil {
		return Post{}, fmt.Errorf("the sample %q: %w", draft.Title, err)
	}
	made.Text = text
	return made, nil
}

// author lets everybody write once, and after that the first ones more often.
func (d *Demo) author(n int, r *rand.Rand) int {
	if n < d.options.Authors {
		return n
	}
	author := r.IntN(d.options.Authors)
	if r.IntN(2) == 0 {
		author = min(author, r.IntN(d.options.Authors))
	}
	return author
}

// age spreads the posts evenly, each at a moment of its own share of the time.
func (d *Demo) age(n int, r *rand.Rand) time.Duration {
	return time.Duration(n)*d.gap() + time.Duration(r.Int64N(int64(d.gap())))
}

// gap is the time from one post to the next, shorter in a blog that would
// otherwise be older than such a blog can be.
func (d *Demo) gap() time.Duration {
	return min(usualGap, longest/time.Duration(max(1, d.options.Posts)))
}

// draft is a sample as long as there are any, and composed after that.
func (d *Demo) draft(n int, r *rand.Rand) blog.Draft {
	if n < len(d.corpus.samples) {
		return d.corpus.samples[n]
	}
	title, chosen := d.titles.at(n - len(d.corpus.samples))
	return blog.Draft{Title: title, Body: newTeller(d.corpus.grammar, r, chosen).body()}
}
