package blog

import (
	"context"
	"errors"
	"math"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/merge"
)

// Conflict means that a save began from an older version and cannot be merged with
// what was saved since: both changed the same place, or both together break a rule.
// What was typed is kept as a version of its own; nothing else was changed.
type Conflict struct {
	Current     Post         // with the text saved meanwhile
	Title, Body merge.Result // what was typed ("mine") and what was saved ("theirs"), place by place
	Published   bool         // it was to stay private, and readers see the post by now
	Broken      error        // fault.Invalid when the merged text breaks a rule as it is
}

func (c *Conflict) Error() string { return "the post was changed meanwhile" }

// Merged is a text that holds both, to be finished.
func (c *Conflict) Merged() Draft { return Draft{Title: c.Title.Text(), Body: c.Body.Text()} }

// Clashes tells whether both changed the same place.
func (c *Conflict) Clashes() bool { return c.Title.Clashes() || c.Body.Clashes() }

// ErrDeleted means that the post to be saved lies in the bin.
var ErrDeleted = errors.New("the post is deleted")

// Revision is a post whose text was kept.
type Revision struct {
	Post
	// Typed is the version that holds what was typed, where changes that were saved
	// meanwhile were merged into it; else 0.
	Typed int
}

// Revise keeps a post's next text, begun from version base. Where another text was
// saved since, both are merged; where they clash it returns *Conflict. Publish also
// makes a draft public. A text that is already the newest is kept as it is, so a
// save sent twice is one version. It returns fault.Invalid, fault.ErrNotFound,
// ErrDeleted or *Conflict.
func (b *Blog) Revise(
	ctx context.Context, author Author, id uuid.UUID, base int, draft Draft, intent Intent,
) (revision Revision, err error) {
	draft = draft.cleaned()
	var clash *Conflict
	err = b.tx(ctx, func(q *db.Queries) error {
		revision, clash, err = revise(ctx, q, author, id, base, draft, intent)
		return err
	})
	if err == nil && clash != nil {
		return Revision{}, clash
	}
	return revision, err
}

// revise returns a clash as a value: an error would roll back the version that
// keeps what was typed.
func revise(
	ctx context.Context, q *db.Queries, author Author, id uuid.UUID, base int, draft Draft, intent Intent,
) (revision Revision, clash *Conflict, err error) {
	locked, err := q.LockPost(ctx, id, author.ID)
	if err != nil {
		return Revision{}, nil, notFoundIfNone(err)
	}
	current := fromRow(row(locked))
	if err := draft.check(intent == Publish || !current.Draft()); err != nil {
		return Revision{}, nil, err
	}
	if !current.DeletedAt.IsZero() {
		return Revision{}, nil, ErrDeleted
	}
	if intent == KeepPrivate && !current.Draft() {
		clash, err = keepPrivate(ctx, q, current, base, draft)
		return Revision{}, clash, err
	}
	typed, clash, err := writeText(ctx, q, current, base, draft)
	if err != nil || clash != nil {
		return Revision{}, clash, err
	}
	if intent == Publish && current.Draft() {
		if err := makePublic(ctx, q, current, draft); err != nil {
			return Revision{}, nil, err
		}
	}
	post, err := ownPost(ctx, q, author, id)
	return Revision{Post: post, Typed: typed}, nil, err
}

// writeText keeps the text, merged with what was saved since base.
func writeText(ctx context.Context, q *db.Queries, current Post, base int, draft Draft) (typed int, clash *Conflict, err error) {
	switch {
	case current.Title == draft.Title && current.Body == draft.Body:
		return 0, nil, nil
	case current.Version == base:
		return 0, nil, save(ctx, q, current, draft)
	}
	if typed, err = mergedSince(ctx, q, current.ID, base, draft); err != nil || typed > 0 {
		return typed, nil, err
	}
	both, err := mergeFrom(ctx, q, current, base, draft)
	if err != nil {
		return 0, nil, err
	}
	return keepBoth(ctx, q, draft, both)
}

// mergedSince tells which version a text is that was merged already: a save sent
// again. Merging it once more could clash with itself where a text repeats itself.
func mergedSince(ctx context.Context, q *db.Queries, id uuid.UUID, base int, draft Draft) (typed int, err error) {
	number, err := q.MergedSince(ctx, db.MergedSinceParams{
		PostID: id, Base: int32(min(max(base, 0), math.MaxInt32)), Title: draft.Title, Body: draft.Body,
	})
	if db.IsNone(err) {
		return 0, nil
	}
	return int(number), err
}

// mergeFrom merges what was typed and what was saved, both begun from version
// base. A base that is unknown was empty: then all that differs clashes.
func mergeFrom(ctx context.Context, q *db.Queries, current Post, base int, draft Draft) (*Conflict, error) {
	began, err := versionOf(ctx, q, current.Author, current.ID, base)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return nil, err
	}
	both := &Conflict{
		Current: current,
		Title:   merge.Three(began.Title, draft.Title, current.Title),
		Body:    merge.Three(began.Body, draft.Body, current.Body),
	}
	both.Broken = both.Merged().check(!current.Draft())
	return both, nil
}

// keepBoth saves what was merged or, where that cannot be, keeps what was typed beside it.
func keepBoth(ctx context.Context, q *db.Queries, draft Draft, both *Conflict) (typed int, clash *Conflict, err error) {
	current, merged := both.Current, both.Merged()
	switch {
	case both.Clashes() || both.Broken != nil:
		_, err = keepAside(ctx, q, current.ID, KindAutosaved, draft)
		return 0, both, err
	case merged.Title == current.Title && merged.Body == current.Body:
		return 0, nil, nil // all that was typed has been saved already
	case merged == draft:
		return 0, nil, save(ctx, q, current, draft) // it held already what was saved meanwhile
	}
	if typed, err = keepAside(ctx, q, current.ID, KindMerged, draft); err != nil {
		return 0, nil, err
	}
	return typed, nil, save(ctx, q, current, merged)
}

// keepPrivate keeps a text beside a post that readers see by now: showing it to them
// is a choice that its author has not made.
func keepPrivate(ctx context.Context, q *db.Queries, current Post, base int, draft Draft) (*Conflict, error) {
	both, err := mergeFrom(ctx, q, current, base, draft)
	if err != nil {
		return nil, err
	}
	both.Published = true
	_, err = keepAside(ctx, q, current.ID, KindAutosaved, draft)
	return both, err
}

// save makes a text the one that is shown.
func save(ctx context.Context, q *db.Queries, current Post, draft Draft) error {
	number, err := keep(ctx, q, current.ID, KindSaved, draft)
	if err != nil {
		return err
	}
	return q.RevisePost(ctx, db.RevisePostParams{
		ID: current.ID, Version: int32(number), Title: draft.Title, Body: draft.Body,
		Excerpt: excerpt(draft.Body), Words: int32(countWords(draft.Body)),
	})
}

// keepAside adds a version that is not shown. Sent again, it is the one that there is.
func keepAside(ctx context.Context, q *db.Queries, id uuid.UUID, kind Kind, draft Draft) (number int, err error) {
	newest, err := q.NewestVersion(ctx, id)
	if err != nil {
		return 0, err
	}
	if newest.Title == draft.Title && newest.Body == draft.Body {
		return int(newest.Number), nil
	}
	return keep(ctx, q, id, kind, draft)
}

// keep adds a version.
func keep(ctx context.Context, q *db.Queries, id uuid.UUID, kind Kind, draft Draft) (number int, err error) {
	added, err := q.AddVersion(ctx, db.AddVersionParams{
		PostID: id, Kind: string(kind), Title: draft.Title, Body: draft.Body, Words: int32(countWords(draft.Body)),
	})
	return int(added), err
}

func makePublic(ctx context.Context, q *db.Queries, current Post, draft Draft) error {
	slug, err := freeSlug(ctx, q, current.Author, current.ID, draft, true)
	if err != nil {
		return err
	}
	return q.PublishPost(ctx, *slug, current.ID)
}

func ownPost(ctx context.Context, q *db.Queries, author Author, id uuid.UUID) (Post, error) {
	found, err := q.PostForAuthor(ctx, id, author.ID)
	if err != nil {
		return Post{}, notFoundIfNone(err)
	}
	return fromRow(found), nil
}

func notFoundIfNone(err error) error {
	if db.IsNone(err) {
		return fault.ErrNotFound
	}
	return err
}
