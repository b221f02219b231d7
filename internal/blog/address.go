package blog

import (
	"context"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Address is where an author's page or, with a slug, a post is read now.
type Address struct {
	Author Author // its id and names
	Slug   string // empty for the author's page
}

// Gone says what is no longer where everybody could read it. It is a fault.ErrGone.
type Gone struct {
	Author Author    // the zero Author when the account is gone, too
	Post   uuid.UUID // the post that its author can still bring back, if it is one
}

func (g *Gone) Error() string { return "it was deleted by its author" }

// Unwrap makes it a fault.ErrGone.
func (g *Gone) Unwrap() error { return fault.ErrGone }

// Resolve finds where what is or was read at /@username/slug, or without a slug at
// /@username, is read now: under the newest username of its author and the newest slug,
// whatever was changed how often. In which case the username is written does not matter. It
// returns *Gone, which is a fault.ErrGone, for what was there for everybody and is deleted, and
// fault.ErrNotFound for all that never was, drafts with it.
func (b *Blog) Resolve(ctx context.Context, username, slug string) (Address, error) {
	if !storable(username) || !storable(slug) {
		return Address{}, fault.ErrNotFound
	}
	found, err := b.store.FindAddress(ctx, strings.ToLower(username), slug)
	switch {
	case err != nil:
		return Address{}, notFoundIfNone(err)
	case found.AuthorGone:
		return Address{}, &Gone{}
	}
	author := Author{ID: found.AuthorID.UUID, Username: orZero(found.Username), Name: orZero(found.DisplayName)}
	switch {
	case slug == "":
		return Address{Author: author}, nil
	case !found.Known, found.PostID.Valid && found.PublishedAt == nil:
		return Address{}, fault.ErrNotFound
	case !found.PostID.Valid, found.DeletedAt != nil:
		return Address{}, &Gone{Author: author, Post: found.PostID.UUID}
	}
	return Address{Author: author, Slug: orZero(found.Slug)}, nil
}

// SetSlug gives one of the author's posts another address; the ones it had before go on
// leading to it, and no other post gets them. What is typed becomes a slug as a title does; nothing
// typed is the title's own again, which a draft gets when it is published. It returns fault.Invalid for
// the field slug, ErrDeleted or fault.ErrNotFound.
func (b *Blog) SetSlug(ctx context.Context, author Author, id uuid.UUID, slug string) (post Post, err error) {
	err = b.tx(ctx, func(q *db.Queries) error {
		locked, err := q.LockPost(ctx, id, author.ID)
		if err != nil {
			return notFoundIfNone(err)
		}
		post, err = setSlug(ctx, q, fromRow(row(locked)), slug)
		return err
	})
	return post, err
}

// setSlug changes a post whose row it holds.
func setSlug(ctx context.Context, q *db.Queries, post Post, typed string) (Post, error) {
	if !post.DeletedAt.IsZero() {
		return Post{}, ErrDeleted
	}
	slug, err := chosenSlug(ctx, q, post, typed)
	if err != nil {
		return Post{}, err
	}
	if orZero(slug) == post.Slug {
		return post, nil
	}
	post.Slug = orZero(slug)
	return post, q.SetSlug(ctx, slug, post.ID)
}

// chosenSlug is the slug that the typed text asks for; nil is none.
func chosenSlug(ctx context.Context, q *db.Queries, post Post, typed string) (*string, error) {
	if storable(typed) && blank(typed) {
		public := !post.Draft() || !post.PublishAt.IsZero() // what has a date to be published needs its address
		post.Slug = ""
		return freeSlug(ctx, q, post, public)
	}
	if words := slugProblem(typed); words != "" {
		return nil, fault.Invalid{{Field: "slug", Message: words}}
	}
	slug := slugOf(typed)
	taken, err := q.SlugTaken(ctx, db.SlugTakenParams{AuthorID: post.Author.ID, Slug: slug, ID: post.ID})
	if taken {
		return nil, fault.Invalid{{Field: "slug", Message: slugTaken}}
	}
	return &slug, err
}

const slugTaken = "Another post of yours has that address, or had it. Choose another: links that lead there go on doing so."

func slugProblem(typed string) string {
	slug := slugUpTo(typed, math.MaxInt)
	switch {
	case !storable(typed):
		return "The address holds characters that cannot be kept. Remove them and try again."
	case slug == "":
		return "An address needs a letter or a digit."
	case utf8.RuneCountInString(slug) > maxSlugRunes:
		return "An address has at most 80 characters. Shorten it a little."
	}
	return ""
}
