package blog

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Intent is what an author wants of a text besides having it kept.
type Intent int

const (
	// Save keeps the post as public or as private as it is.
	Save Intent = iota
	// Publish also makes a draft public.
	Publish
	// KeepPrivate must not reach readers: on a post that was published or scheduled meanwhile it is a *Conflict.
	KeepPrivate
)

// Write keeps a new post under an id that was made with its form, published or
// as a draft. Sent twice it makes one post; sent again with another text (after
// Back, say), or autosaved before, it revises that post. It returns fault.Invalid,
// ErrDeleted, ErrLate, *Conflict, fault.ErrNotFound when the id is somebody else's, or
// fault.ErrUnauthenticated when the author's account was deleted meanwhile.
func (b *Blog) Write(
	ctx context.Context, author Author, id uuid.UUID, origin Origin, draft Draft, intent Intent,
) (revision Revision, err error) {
	draft, origin = draft.cleaned(), origin.known()
	if err := draft.check(intent == Publish); err != nil {
		return Revision{}, err
	}
	var clash *Conflict
	err = b.tx(ctx, func(q *db.Queries) error {
		_, err := create(ctx, b.pen(q), author, id, origin, draft, first{KindSaved, intent == Publish})
		if db.IsNone(err) {
			origin.Base = max(origin.Base, 1) // no other text can have been begun under that id
			revision, clash, err = revise(ctx, b.pen(q), author, id, origin, draft, intent)
			return err
		}
		if err != nil {
			return err
		}
		revision.Post, err = ownPost(ctx, q, author, id)
		return err
	})
	if err == nil && clash != nil {
		return Revision{}, clash
	}
	b.renavigate(ctx, revision.Post)
	return revision, err
}

// pen is what a transaction writes with: its queries, and the language that readers search.
type pen struct {
	*db.Queries
	language string // as PostgreSQL names it
}

func (b *Blog) pen(q *db.Queries) pen { return pen{q, b.language} }

// tx runs work again when another post of the author took the slug between
// choosing it and writing it: the next try sees it taken.
func (b *Blog) tx(ctx context.Context, work func(*db.Queries) error) (err error) {
	for range len(slugCandidates("", uuid.Nil)) {
		err = b.store.Tx(ctx, work)
		if !db.Breaks(err, db.SlugKey) {
			return deletedAuthorOr(err)
		}
	}
	return err
}

// deletedAuthorOr is for who writes while their account is being deleted, whose session
// is over by then.
func deletedAuthorOr(err error) error {
	if db.Breaks(err, db.AuthorLives) {
		return fault.ErrUnauthenticated
	}
	return err
}

// first is how a post's first version is kept.
type first struct {
	kind    Kind
	publish bool
}

// create inserts the post with its first version; no row comes back when the id is in use.
func create(
	ctx context.Context, q pen, author Author, id uuid.UUID, origin Origin, draft Draft, as first,
) (kept, error) {
	slug, err := freeSlug(ctx, q.Queries, Post{ID: id, Author: author, Title: draft.Title}, as.publish)
	if err != nil {
		return kept{}, err
	}
	reading := readingOf(draft, as.publish, q.language)
	made, err := q.CreatePost(ctx, db.CreatePostParams{
		ID: id, AuthorID: author.ID, Slug: slug,
		Title: draft.Title, Body: draft.Body,
		Excerpt: reading.Excerpt, Words: int32(reading.Words),
		Tags: reading.Tags, TagSlugs: reading.TagSlugs, TagLine: joinTags(reading.Tags),
		Html: reading.HTML, Plain: reading.Plain, Outline: reading.Outline, Links: reading.Links,
		Renderer: reading.Renderer, Language: reading.Language,
		Publish: as.publish, Kind: string(as.kind), Sitting: origin.Sitting, Turn: origin.Turn,
	})
	return kept{number: int(made.Number), turn: origin.Turn, sha256: made.Sha256, at: made.CreatedAt, same: true}, err
}

// freeSlug finds a slug that none of the author's other posts has or had: the post's own, if
// its author has chosen one, else the title's. A draft needs none.
func freeSlug(ctx context.Context, q *db.Queries, post Post, publish bool) (*string, error) {
	if !publish {
		return nil, nil
	}
	candidates := slugCandidates(post.Title, post.ID)
	if post.Slug != "" {
		candidates = slices.Insert(candidates, 0, post.Slug)
	}
	for _, slug := range candidates {
		taken, err := q.SlugTaken(ctx, db.SlugTakenParams{AuthorID: post.Author.ID, Slug: slug, ID: post.ID})
		if err != nil {
			return nil, err
		}
		if !taken {
			return &slug, nil
		}
	}
	return &candidates[len(candidates)-1], nil
}
