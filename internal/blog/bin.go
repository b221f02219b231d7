package blog

import (
	"context"

	"github.com/google/uuid"

	"miniblog/internal/fault"
)

// Delete puts one of the author's posts into the bin, where it stays for
// RetentionDays. Deleting twice is harmless. It returns fault.ErrNotFound.
func (b *Blog) Delete(ctx context.Context, author Author, id uuid.UUID) (Post, error) {
	return b.afterChange(ctx, author, id, b.store.DeletePost)
}

// Restore takes one of the author's posts out of the bin as it was. Restoring
// twice is harmless. It returns fault.ErrNotFound.
func (b *Blog) Restore(ctx context.Context, author Author, id uuid.UUID) (Post, error) {
	return b.afterChange(ctx, author, id, b.store.RestorePost)
}

func (b *Blog) afterChange(
	ctx context.Context, author Author, id uuid.UUID,
	change func(context.Context, uuid.UUID, uuid.UUID) (int64, error),
) (Post, error) {
	changed, err := change(ctx, id, author.ID)
	if err != nil {
		return Post{}, err
	}
	if changed == 0 {
		return Post{}, fault.ErrNotFound
	}
	return ownPost(ctx, b.store.Queries, author, id)
}

// Purge removes for good what has been in the bin for RetentionDays.
func (b *Blog) Purge(ctx context.Context) (posts int64, err error) {
	return b.store.PurgePosts(ctx)
}
