package blog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Details are what an author sets of a post beside its text.
type Details struct {
	Slug         string    // as typed; empty: the title's own
	PublishAt    time.Time // when a draft is to be published by itself; zero: not
	Pinned       bool
	Standalone   bool // only for an owner to set
	ShowsChanges bool
}

// Details are how the post's stand.
func (p Post) Details() Details {
	return Details{
		Slug: p.Slug, PublishAt: p.PublishAt, Pinned: !p.PinnedAt.IsZero(),
		Standalone: p.Standalone, ShowsChanges: p.ShowsChanges,
	}
}

// SetDetails keeps the details of one of the author's posts, all of them or none. A draft
// that is scheduled shows what was saved last from then on, and its address is fixed; of
// what is published PublishAt says nothing. By an owner it may be made a page that stands
// by itself. It returns fault.Invalid for the fields slug and publish_date,
// fault.ErrForbidden, ErrDeleted or fault.ErrNotFound.
func (b *Blog) SetDetails(ctx context.Context, author Author, id uuid.UUID, details Details, byOwner bool) (post Post, err error) {
	err = b.tx(ctx, func(q *db.Queries) error {
		locked, err := q.LockPost(ctx, id, author.ID)
		if err != nil {
			return notFoundIfNone(err)
		}
		current, err := settled(ctx, q, fromRow(row(locked)))
		if err != nil {
			return err
		}
		if err := details.set(ctx, b.pen(q), current, byOwner); err != nil {
			return err
		}
		post, err = ownPost(ctx, q, author, id)
		return err
	})
	if err != nil {
		return Post{}, err
	}
	if post.Scheduled() {
		b.tellScheduled()
	}
	b.renavigate(ctx, post)
	return post, nil
}

// set keeps the details of a post whose row it holds.
func (d Details) set(ctx context.Context, q pen, post Post, byOwner bool) error {
	switch {
	case !post.DeletedAt.IsZero():
		return ErrDeleted
	case d.Standalone && !post.Standalone && !byOwner:
		return fault.ErrForbidden
	case !post.Draft():
		d.PublishAt = time.Time{}
	case d.PublishAt.IsZero() || d.PublishAt.Equal(post.PublishAt):
	default:
		if err := problems("publish_date", momentProblem(d.PublishAt)); err != nil {
			return err
		}
	}
	post, err := setSlug(ctx, q.Queries, post, d.Slug)
	if err != nil {
		return err
	}
	if !d.PublishAt.IsZero() {
		if err := schedule(ctx, q, post, d.PublishAt); err != nil {
			return err
		}
	}
	return q.SetDetails(ctx, db.SetDetailsParams{
		ID: post.ID, PublishAt: orNull(d.PublishAt), Pinned: d.Pinned, Page: d.Standalone, ShowsChanges: d.ShowsChanges,
	})
}

func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
