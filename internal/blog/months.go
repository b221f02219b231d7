package blog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// maxMonths is how many months the archive lists: a hundred years.
const maxMonths = 1200

// Months lists the months, in UTC, in which something was published, newest first, each as
// its first moment.
func (b *Blog) Months(ctx context.Context) ([]time.Time, error) {
	months, err := b.store.ListMonths(ctx, maxMonths)
	for i := range months {
		months[i] = months[i].UTC()
	}
	return months, err
}

// Span is a stretch of time: from Since until just before Until.
type Span struct{ Since, Until time.Time }

// PublishedIn is a page of what was published in a span, newest first, from before a place:
// what is shown in one line each.
func (b *Blog) PublishedIn(ctx context.Context, span Span, before Place) (Page, error) {
	end := Place{Time: span.Until, ID: uuid.Nil} // nothing of that very moment is before it
	if before.IsZero() || before.Time.After(end.Time) {
		before = end
	}
	rows, err := b.store.ListBetween(ctx, db.ListBetweenParams{
		Since: span.Since, BeforeTime: before.Time, BeforeID: before.ID,
	})
	return pageOf(rows, err, func(r db.ListBetweenRow) Post {
		return Post{
			ID: r.ID, Author: Author{Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, PublishedAt: orZero(r.PublishedAt),
		}
	}, publishedPlace)
}

// PublishedAround finds when something was published last before a span, and first after it;
// the zero time is never.
func (b *Blog) PublishedAround(ctx context.Context, span Span) (before, after time.Time, err error) {
	times, err := b.store.PublishedAround(ctx, span.Since, span.Until)
	for _, at := range times {
		if at.Before(span.Since) {
			before = at.UTC()
		} else {
			after = at.UTC()
		}
	}
	return before, after, err
}
