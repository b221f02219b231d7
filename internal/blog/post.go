// Package blog keeps posts: writing, revising, deleting and listing them.
// Every call names the viewer or the author; what is not theirs is not found.
package blog

import (
	"cmp"
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/markdown"
)

// RetentionDays is how long a deleted post can be brought back. The purge
// query in db/queries/posts.sql and the words on the screen agree with it.
const RetentionDays = 30

// Blog is the shelf of all posts. It is safe for concurrent use.
type Blog struct {
	store      *db.Store
	language   string        // of search, as PostgreSQL names it
	scheduled  chan struct{} // holds one once a post was scheduled here
	navigation atomic.Pointer[seenNavigation]

	readings atomic.Int64 // of the navigation, begun so far
	looking  atomic.Bool  // the navigation is being read
}

// New makes the blog kept in store, written in English.
func New(store *db.Store) *Blog {
	return &Blog{
		store: store, language: english, scheduled: make(chan struct{}, 1),
	}
}

// In sets the language that the blog is written in, by its BCP 47 name: its texts are
// searched as words of it. It returns the blog, which nobody may use yet.
func (b *Blog) In(language string) *Blog {
	b.language = searchConfig(language)
	return b
}

// Author is somebody who writes: the viewer of their own posts.
type Author struct {
	ID       uuid.UUID
	Username string
	Name     string // that readers see; empty: the username
	About    string // what they tell of themselves; only with their page
}

// ShownName is the name that readers see.
func (a Author) ShownName() string { return cmp.Or(a.Name, a.Username) }

// Post is one post with its text.
type Post struct {
	ID          uuid.UUID
	Author      Author
	Slug        string // the last part of the permalink; empty for a draft unless its author has chosen one
	Title       string
	Body        string
	Excerpt     string
	Words       int
	Version     int // counts the texts it has had, from 1
	CreatedAt   time.Time
	UpdatedAt   time.Time
	PublishedAt time.Time     // zero for a draft
	DeletedAt   time.Time     // zero unless in the bin
	PublishAt   time.Time     // when a draft is to be published by itself; zero for never
	PinnedAt    time.Time     // zero unless pinned
	Tags        string        // a line of them
	HTML        markdown.HTML // of what readers see or shall see
	Outline     string        // its headings, as JSON
	Links       string        // that may lead to pages of this blog, one a line
	Left        bool          // out of a feed, whose texts were long enough: then there is no HTML
	Standalone  bool          // in the navigation and in no list, as "About" is
	// ShowsChanges lets readers see what the text was before.
	ShowsChanges bool
	// Lapsed tells of a draft that has just come out of the bin, after its time to be published.
	Lapsed bool
}

// Text is the post as its author typed it.
func (p Post) Text() Draft { return Draft{Title: p.Title, Body: p.Body, Tags: p.Tags} }

// Published tells whether everybody may read the post.
func (p Post) Published() bool { return !p.PublishedAt.IsZero() && p.DeletedAt.IsZero() }

// Draft tells whether the post was never published.
func (p Post) Draft() bool { return p.PublishedAt.IsZero() }

// Scheduled tells whether the post is a draft that is to be published by itself.
func (p Post) Scheduled() bool { return p.Draft() && !p.PublishAt.IsZero() }

// forReaders tells whether what is saved is what readers see, or shall see without its
// author doing any more: then it must be fit for them, and an autosave changes nothing of it.
func (p Post) forReaders() bool { return !p.Draft() || p.Scheduled() }

// editedAfter is how long after publishing a save is told to readers: who mends a slip at
// once has not edited.
const editedAfter = time.Minute

// Edited tells whether the text was changed since readers could first see it.
func (p Post) Edited() bool {
	return !p.Draft() && p.UpdatedAt.Sub(p.PublishedAt) > editedAfter
}

// KeptUntil is when a deleted post is removed for good.
func (p Post) KeptUntil() time.Time { return p.DeletedAt.AddDate(0, 0, RetentionDays) }

// Minutes is how long reading takes, rounded up: 220 words a minute.
func (p Post) Minutes() int { return max(1, (p.Words+219)/220) }

// TagList is the tags one by one.
func (p Post) TagList() []Tag { return Tags(p.Tags) }

// row is the shape that every query for one whole post returns.
type row = db.PostForAuthorRow

func fromRow(r row) Post {
	post := Post{
		ID:          r.ID,
		Author:      Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
		Slug:        orZero(r.Slug),
		Title:       r.Title,
		Body:        r.Body,
		Excerpt:     r.Excerpt,
		Words:       int(r.Words),
		Version:     int(r.Version),
		CreatedAt:   r.CreatedAt,
		UpdatedAt:   r.UpdatedAt,
		PublishedAt: orZero(r.PublishedAt),
		DeletedAt:   orZero(r.DeletedAt),
		PublishAt:   orZero(r.PublishAt),
		PinnedAt:    orZero(r.PinnedAt),
		Tags:        joinTags(r.Tags),
		Standalone:  r.Page, ShowsChanges: r.ShowsChanges,
		HTML: markdown.HTML(r.Html), Outline: string(r.Outline), Links: strings.Join(r.Links, "\n"),
	}
	if public := r.PublishedAt != nil || r.PublishAt != nil; public && !isCurrent(r.Renderer) {
		post.read(readingOf(post.Text(), true, english))
	}
	return post
}

// read puts what was made of the text in the place of what an older renderer made.
func (p *Post) read(made Reading) {
	p.HTML, p.Outline, p.Links = markdown.HTML(made.HTML), string(made.Outline), strings.Join(made.Links, "\n")
	p.Excerpt, p.Words = made.Excerpt, made.Words
}

// Headings are the headings of the text, in order.
func (p Post) Headings() (headings []markdown.Heading) {
	if err := json.Unmarshal([]byte(p.Outline), &headings); err != nil {
		return nil // a draft has none
	}
	return headings
}

// LinkList is the links one by one.
func (p Post) LinkList() []string {
	if p.Links == "" {
		return nil
	}
	return strings.Split(p.Links, "\n")
}

func orZero[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}
