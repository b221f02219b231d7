package blog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// ParseMoment reads a date and a time of day as browsers send them, on a clock in that zone.
// Both empty are the zero time. It returns fault.Invalid for the fields publish_date and
// publish_time: for one without the other, for what is neither, and for a time that clocks
// leave out when they go forward. Of a time that comes twice it is the first.
func ParseMoment(date, clock string, zone *time.Location) (time.Time, error) {
	date, clock = strings.TrimSpace(date), strings.TrimSpace(clock)
	if date == "" && clock == "" {
		return time.Time{}, nil
	}
	day, dayErr := time.Parse(time.DateOnly, date)
	hour, hourErr := time.Parse("15:04", clock)
	err := problems("publish_date", dateProblem(date, dayErr), "publish_time", clockProblem(clock, hourErr))
	if err != nil {
		return time.Time{}, err
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), hour.Hour(), hour.Minute(), 0, 0, zone)
	if at.Format(time.DateOnly+" 15:04") != date+" "+clock {
		return time.Time{}, problems("publish_time", "Clocks go forward over that time, so it does not come that day. Choose another.")
	}
	if earlier := at.Add(-time.Hour); earlier.Format("2006-01-02 15:04") == at.Format("2006-01-02 15:04") {
		at = earlier
	}
	return at, nil
}

func dateProblem(date string, err error) string {
	switch {
	case date == "":
		return "Choose a day, too, or leave both empty."
	case err != nil:
		return "That is no day. Write it as in 2026-11-22."
	}
	return ""
}

func clockProblem(clock string, err error) string {
	switch {
	case clock == "":
		return "Choose a time of day, too, or leave both empty."
	case err != nil || len(clock) != len("15:04"):
		return "That is no time of day. Write it as in 09:30."
	}
	return ""
}

// PublishDue makes public whatever was scheduled for now or before, with the text that was
// saved last, and tells how many posts those were. Any number of instances may do so at once.
// A post that cannot be published keeps back no other: err names each. A disabled account's
// posts are published, too: it is shut out, and what it wrote stays.
func (b *Blog) PublishDue(ctx context.Context) (posts int, err error) {
	posts, err = b.publishEach(ctx)
	if posts > 0 {
		_ = b.ReadNavigation(ctx) // else it lags for seconds
	}
	return posts, err
}

func (b *Blog) publishEach(ctx context.Context) (posts int, err error) {
	failed := []uuid.UUID{} // not nil, which is NULL
	for {
		post, failure := b.publishNext(ctx, failed)
		switch {
		case failure == nil:
			posts++
		case db.IsNone(failure):
			return posts, err
		case post == uuid.Nil:
			return posts, errors.Join(err, failure)
		default:
			failed = append(failed, post)
			err = errors.Join(err, fmt.Errorf("post %s: %w", post, failure))
		}
	}
}

// publishNext publishes the post that is longest due, but none of those, in a transaction of
// its own. It returns the post, uuid.Nil where none could be looked for, and an error that
// db.IsNone when nothing is due.
func (b *Blog) publishNext(ctx context.Context, but []uuid.UUID) (post uuid.UUID, err error) {
	err = b.tx(ctx, func(q *db.Queries) error {
		post = uuid.Nil
		due, err := q.HoldDue(ctx, but)
		if err != nil {
			return err
		}
		post = due.ID
		_, err = publishIfDue(ctx, q, Post{ID: due.ID, Author: Author{ID: due.AuthorID}, Slug: orZero(due.Slug), Title: due.Title})
		return err
	})
	return post, err
}

// publishIfDue publishes a scheduled post, whose row is held, if its time has come. Where its
// slug is another post's by now it gets the next one that is free.
func publishIfDue(ctx context.Context, q *db.Queries, post Post) (done bool, err error) {
	slug, err := freeSlug(ctx, q, post, true)
	if err != nil {
		return false, err
	}
	published, err := q.PublishIfDue(ctx, *slug, post.ID)
	return published > 0, err
}

// farOff is longer than anybody waits for the next post without looking again.
const farOff = time.Hour

// NextDue tells how long it takes, by the database's clock, until a post is to be published, an
// hour for whatever is later than that; ok is false when none is.
func (b *Blog) NextDue(ctx context.Context) (wait time.Duration, ok bool, err error) {
	seconds, err := b.store.NextDue(ctx)
	if db.IsNone(err) {
		return 0, false, nil
	}
	seconds = min(seconds, farOff.Seconds()) // centuries of them are more than a Duration holds
	return time.Duration(seconds * float64(time.Second)), err == nil, err
}

// latest is how many years ahead a post may be scheduled: what is later is a slip of the hand.
const latest = 10

// momentProblem says what is wrong with a time at which a post is to be published.
func momentProblem(at time.Time) string {
	switch now := time.Now(); {
	case !at.After(now):
		return "That is over already. Choose a later time, or publish it now from its editor."
	case at.After(now.AddDate(latest, 0, 0)):
		return "That is more than ten years ahead. Choose an earlier day."
	}
	return ""
}

// Scheduled has something to receive once a post was scheduled on this instance: NextDue may
// be sooner than it was.
func (b *Blog) Scheduled() <-chan struct{} { return b.scheduled }

func (b *Blog) tellScheduled() {
	select {
	case b.scheduled <- struct{}{}:
	default: // it is told already
	}
}

// settled is a post, whose row is held, once it is published if its time has come: else a
// text could be saved into it that readers never see as what was published.
func settled(ctx context.Context, q *db.Queries, post Post) (Post, error) {
	if !post.Scheduled() {
		return post, nil
	}
	published, err := publishIfDue(ctx, q, post)
	if err != nil || !published {
		return post, err
	}
	return ownPost(ctx, q, post.Author, post.ID)
}

// schedule has a draft, whose row is held, be published at that time as it is shown. What
// it shows was perhaps only autosaved: it is saved now.
func schedule(ctx context.Context, q pen, post Post, at time.Time) error {
	if err := unfit(post.Text()); err != nil {
		return err
	}
	if err := saveShown(ctx, q, post); err != nil {
		return err
	}
	slug, err := freeSlug(ctx, q.Queries, post, true)
	if err != nil {
		return err
	}
	made := readingOf(post.Text(), true, q.language)
	return q.Schedule(ctx, db.ScheduleParams{
		ID: post.ID, PublishAt: at, Slug: *slug, Html: made.HTML, Plain: made.Plain, Outline: made.Outline,
		Links: made.Links, Renderer: made.Renderer, Language: made.Language,
	})
}

// unfit says at the field of the day what keeps a text from readers.
func unfit(text Draft) error {
	if text.check(true) == nil {
		return nil
	}
	return problems("publish_date", "A post needs a title and a text before it can be published. Write them first.")
}

// saveShown adds the text that a post shows as a saved version, unless it is one.
func saveShown(ctx context.Context, q pen, post Post) error {
	w := &writing{q: q, current: post, draft: post.Text(), origin: Origin{Base: post.Version}.known()}
	kind, err := w.shownKind(ctx)
	if err != nil || kind == KindSaved {
		return err
	}
	return w.save(ctx)
}
