package blog

import (
	"context"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Delete puts one of the author's posts into the bin, where it stays for
// RetentionDays. Deleting twice is harmless. It returns fault.ErrNotFound.
func (b *Blog) Delete(ctx context.Context, author Author, id uuid.UUID) (Post, error) {
	return b.afterChange(ctx, author, id, b.store.DeletePost)
}

// Restore takes one of the author's posts out of the bin as it was. Restoring
// twice is harmless. What was to be published meanwhile has Lapsed: it stays a draft, so
// that nothing is published by coming back. It returns fault.ErrNotFound, or fault.ErrUnauthenticated when the
// author's account was deleted meanwhile.
func (b *Blog) Restore(ctx context.Context, author Author, id uuid.UUID) (Post, error) {
	before, err := b.Own(ctx, author, id)
	if err != nil {
		return Post{}, err
	}
	post, err := b.afterChange(ctx, author, id, b.store.RestorePost)
	post.Lapsed = before.Scheduled() && post.ID == id && post.Draft() && !post.Scheduled()
	return post, err
}

// AllDeleted is a page of the author's own deleted posts, last deleted first, from
// before a place: what is shown in a list of them, and no text.
func (b *Blog) AllDeleted(ctx context.Context, author Author, before Place) (Page, error) {
	before = before.orStart()
	rows, err := b.store.ListDeleted(ctx, db.ListDeletedParams{
		AuthorID: author.ID, BeforeTime: before.Time, BeforeID: before.ID,
	})
	return pageOf(rows, err, func(r db.ListDeletedRow) Post {
		return Post{
			ID: r.ID, Author: author, Title: r.Title,
			PublishedAt: orZero(r.PublishedAt), DeletedAt: orZero(r.DeletedAt),
		}
	}, func(p Post) Place { return Place{Time: p.DeletedAt, ID: p.ID} })
}

func (b *Blog) afterChange(
	ctx context.Context, author Author, id uuid.UUID,
	change func(context.Context, uuid.UUID, uuid.UUID) (int64, error),
) (Post, error) {
	changed, err := change(ctx, id, author.ID)
	if err != nil {
		return Post{}, deletedAuthorOr(err)
	}
	if changed == 0 {
		return Post{}, fault.ErrNotFound
	}
	post, err := ownPost(ctx, b.store.Queries, author, id)
	b.renavigate(ctx, post)
	return post, err
}

// Purge removes for good what has been in the bin for RetentionDays.
func (b *Blog) Purge(ctx context.Context) (posts int64, err error) {
	return b.store.PurgePosts(ctx)
}

// thinMost bounds what Thin removes at once: the rest waits for the next time.
const thinMost = 20_000

// Thin removes old autosaves: of each sitting at an editor all of the last day stay,
// then the last of every hour, and after 30 days the last of every day. Saved texts stay.
func (b *Blog) Thin(ctx context.Context) (versions int64, err error) {
	return b.store.ThinVersions(ctx, thinMost)
}
