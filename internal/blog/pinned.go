package blog

import (
	"context"

	"github.com/google/uuid"
)

// pinnedBy are the last three that an author has pinned.
func (b *Blog) pinnedBy(ctx context.Context, author Author) (posts []Post, err error) {
	rows, err := b.store.PinnedBy(ctx, author.ID)
	for _, r := range rows {
		posts = append(posts, fromListed(listed(r)))
	}
	return posts, err
}

// under is the page with the pinned posts above it, where it is the first.
func (p Page) under(pinned []Post, before Place) Page {
	if before.IsZero() && len(pinned) > 0 {
		p.Posts, p.Pinned = append(pinned, p.Posts...), len(pinned)
	}
	return p
}

func idsOf(posts []Post) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(posts))
	for _, post := range posts {
		ids = append(ids, post.ID)
	}
	return ids
}
