package blog

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/google/uuid"

	"miniblog/db"
)

const (
	mostAlike  = 5
	leastAlike = 4 // characters that have something in common with others
)

// errNotAlike ends a search that has its answer, without what is like it: to find that took too long, as where nearly all
// titles share a word.
var errNotAlike = errors.New("what is like it was not found in time")

// alike are posts with a title or tag like what was typed, besides those that were found, or
// errNotAlike.
func (w wanted) alike(ctx context.Context, q *db.Queries, found []Hit) (hits []Hit, err error) {
	if utf8.RuneCountInString(w.typed) < leastAlike {
		return nil, nil
	}
	ids := make([]uuid.UUID, 0, len(found))
	for _, hit := range found {
		ids = append(ids, hit.ID)
	}
	rows, err := q.SearchAlike(ctx, db.SearchAlikeParams{Typed: w.typed, Found: ids, Most: mostAlike})
	if db.IsTooSlow(err) || err != nil && ctx.Err() != nil {
		return nil, errNotAlike
	}
	for _, r := range rows {
		hits = append(hits, hit(Post{
			ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words), UpdatedAt: r.UpdatedAt,
			PublishedAt: orZero(r.PublishedAt), Standalone: r.Page, Tags: joinTags(r.Tags),
		}, r.Title, ""))
	}
	return hits, err
}
