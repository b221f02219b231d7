package blog

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Conflict means that a save began from a version that is no longer the newest.
// It carries the newest post, for the author to compare with what they typed.
type Conflict struct{ Current Post }

func (c *Conflict) Error() string { return "the post was changed meanwhile" }

// ErrDeleted means that the post to be saved lies in the bin.
var ErrDeleted = errors.New("the post is deleted")

// Intent is what an author wants of a text besides having it kept.
type Intent int

const (
	// Save keeps the post as public or as private as it is.
	Save Intent = iota
	// Publish also makes a draft public.
	Publish
	// KeepPrivate must not reach readers: on a post that has been published meanwhile it is a *Conflict.
	KeepPrivate
)

// Write keeps a new post under an id that was made with its form, published or
// as a draft. Sent twice it makes one post; sent again with another text (after
// Back, say) it revises that post. It returns fault.Invalid, ErrDeleted,
// *Conflict, or fault.ErrNotFound when the id is somebody else's.
func (b *Blog) Write(ctx context.Context, author Author, id uuid.UUID, draft Draft, intent Intent) (post Post, err error) {
	draft = draft.cleaned()
	if err := draft.check(intent == Publish); err != nil {
		return Post{}, err
	}
	err = b.tx(ctx, func(q *db.Queries) error {
		made, err := create(ctx, q, author, id, draft, intent == Publish)
		if err != nil {
			return err
		}
		if !made {
			post, err = revise(ctx, q, author, id, 1, draft, intent)
			return err
		}
		post, err = ownPost(ctx, q, author, id)
		return err
	})
	return post, err
}

// tx runs work again when another post of the author took the slug between
// choosing it and writing it: the next try sees it taken.
func (b *Blog) tx(ctx context.Context, work func(*db.Queries) error) (err error) {
	for range len(slugCandidates("", uuid.Nil)) {
		err = b.store.Tx(ctx, work)
		if !db.Breaks(err, db.SlugKey) {
			return err
		}
	}
	return err
}

// create inserts the post and tells whether it did; it did not when the id is in use.
func create(ctx context.Context, q *db.Queries, author Author, id uuid.UUID, draft Draft, publish bool) (made bool, err error) {
	slug, err := freeSlug(ctx, q, author, id, draft, publish)
	if err != nil {
		return false, err
	}
	_, err = q.CreatePost(ctx, db.CreatePostParams{
		ID: id, AuthorID: author.ID, Slug: slug,
		Title: draft.Title, Body: draft.Body,
		Excerpt: excerpt(draft.Body), Words: int32(countWords(draft.Body)),
		Publish: publish,
	})
	if db.IsNone(err) {
		return false, nil
	}
	return err == nil, err
}

// freeSlug finds a slug that none of the author's posts uses; a draft has none.
func freeSlug(ctx context.Context, q *db.Queries, author Author, id uuid.UUID, draft Draft, publish bool) (*string, error) {
	if !publish {
		return nil, nil
	}
	candidates := slugCandidates(draft.Title, id)
	for _, slug := range candidates {
		taken, err := q.SlugTaken(ctx, author.ID, slug)
		if err != nil {
			return nil, err
		}
		if !taken {
			return &slug, nil
		}
	}
	return &candidates[len(candidates)-1], nil
}

// Revise keeps a post's next text, begun from version base. A text that is already the newest is kept as it is, so a save
// sent twice is one version. It returns fault.Invalid, fault.ErrNotFound, ErrDeleted
// or *Conflict.
func (b *Blog) Revise(ctx context.Context, author Author, id uuid.UUID, base int, draft Draft, intent Intent) (post Post, err error) {
	draft = draft.cleaned()
	err = b.tx(ctx, func(q *db.Queries) error {
		post, err = revise(ctx, q, author, id, base, draft, intent)
		return err
	})
	return post, err
}

func revise(ctx context.Context, q *db.Queries, author Author, id uuid.UUID, base int, draft Draft, intent Intent) (Post, error) {
	locked, err := q.LockPost(ctx, id, author.ID)
	if err != nil {
		return Post{}, notFoundIfNone(err)
	}
	current := fromRow(row(locked))
	if err := draft.check(intent == Publish || !current.Draft()); err != nil {
		return Post{}, err
	}
	if !current.DeletedAt.IsZero() {
		return Post{}, ErrDeleted
	}
	if intent == KeepPrivate && !current.Draft() {
		return Post{}, &Conflict{Current: current}
	}
	if err := writeText(ctx, q, current, base, draft); err != nil {
		return Post{}, err
	}
	if intent == Publish && current.Draft() {
		if err := makePublic(ctx, q, current, draft); err != nil {
			return Post{}, err
		}
	}
	return ownPost(ctx, q, author, id)
}

func writeText(ctx context.Context, q *db.Queries, current Post, base int, draft Draft) error {
	switch {
	case current.Title == draft.Title && current.Body == draft.Body:
		return nil
	case current.Version != base:
		return &Conflict{Current: current}
	}
	return q.RevisePost(ctx, db.RevisePostParams{
		ID: current.ID, Title: draft.Title, Body: draft.Body,
		Excerpt: excerpt(draft.Body), Words: int32(countWords(draft.Body)),
	})
}

func makePublic(ctx context.Context, q *db.Queries, current Post, draft Draft) error {
	slug, err := freeSlug(ctx, q, current.Author, current.ID, draft, true)
	if err != nil {
		return err
	}
	return q.PublishPost(ctx, *slug, current.ID)
}

func ownPost(ctx context.Context, q *db.Queries, author Author, id uuid.UUID) (Post, error) {
	found, err := q.PostForAuthor(ctx, id, author.ID)
	if err != nil {
		return Post{}, notFoundIfNone(err)
	}
	return fromRow(found), nil
}

func notFoundIfNone(err error) error {
	if db.IsNone(err) {
		return fault.ErrNotFound
	}
	return err
}
