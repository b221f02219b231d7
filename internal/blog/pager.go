package blog

import "context"

// Around finds the posts that were published just before and just after a published one,
// whoever wrote them: their titles and addresses. The zero Post is none; a page that stands by
// itself has none.
func (b *Blog) Around(ctx context.Context, post Post) (older, newer Post, err error) {
	if post.Standalone {
		return Post{}, Post{}, nil
	}
	rows, err := b.store.Neighbours(ctx, post.PublishedAt, post.ID)
	for _, r := range rows {
		found := Post{Author: Author{Username: r.Username}, Slug: orZero(r.Slug), Title: r.Title}
		if r.Newer {
			newer = found
		} else {
			older = found
		}
	}
	return older, newer, err
}
