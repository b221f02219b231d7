package blog

import (
	"context"
	"errors"

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
	Tags        string       // of both
	Private     bool         // it was to stay private, and readers see the post by now or, scheduled, shall
	Unseen      bool         // it was to be published, with what was only autosaved elsewhere
	Broken      error        // fault.Invalid when the merged text breaks a rule as it is
}

func (c *Conflict) Error() string { return "the post was changed meanwhile" }

// Merged is a text that holds both, to be finished.
func (c *Conflict) Merged() Draft {
	return Draft{Title: c.Title.Text(), Body: c.Body.Text(), Tags: c.Tags}
}

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

// Revise keeps a post's next text. Where another text was saved since the version that
// it grew from, both are merged; where they clash it returns *Conflict. Publish also
// makes a draft public, and takes it off the schedule. A text that is saved already is kept as it is, so a save sent
// twice is one version. It returns fault.Invalid, fault.ErrNotFound, ErrDeleted,
// ErrLate or *Conflict.
func (b *Blog) Revise(
	ctx context.Context, author Author, id uuid.UUID, origin Origin, draft Draft, intent Intent,
) (revision Revision, err error) {
	draft, origin = draft.cleaned(), origin.known()
	var clash *Conflict
	err = b.tx(ctx, func(q *db.Queries) error {
		revision, clash, err = revise(ctx, b.pen(q), author, id, origin, draft, intent)
		return err
	})
	if err == nil && clash != nil {
		return Revision{}, clash
	}
	b.renavigate(ctx, revision.Post)
	return revision, err
}

// revise returns a clash as a value: an error would roll back the version that
// keeps what was typed.
func revise(
	ctx context.Context, q pen, author Author, id uuid.UUID, origin Origin, draft Draft, intent Intent,
) (revision Revision, clash *Conflict, err error) {
	w, err := hold(ctx, q, author, id, origin, draft)
	if err != nil {
		return Revision{}, nil, err
	}
	if err := w.check(intent); err != nil {
		return Revision{}, nil, err
	}
	if intent == KeepPrivate && w.current.forReaders() && !w.isShown() {
		clash, err = w.keepPrivate(ctx)
		return Revision{}, clash, err
	}
	typed, clash, err := w.write(ctx, intent == Publish || w.current.forReaders())
	if err != nil || clash != nil {
		return Revision{}, clash, err
	}
	post, err := ownPost(ctx, q.Queries, author, id)
	if err == nil && intent == Publish && post.Draft() {
		post, err = makePublic(ctx, q, post)
	}
	return Revision{Post: post, Typed: typed}, nil, err
}

// check returns what keeps the text from being saved.
func (w *writing) check(intent Intent) error {
	if err := w.draft.check(intent == Publish || w.current.forReaders()); err != nil {
		return err
	}
	switch {
	case !w.current.DeletedAt.IsZero():
		return ErrDeleted
	case w.late():
		return ErrLate
	}
	return nil
}

// write keeps the text, merged with what was saved since it was begun.
func (w *writing) write(ctx context.Context, public bool) (typed int, clash *Conflict, err error) {
	if w.isShown() {
		return 0, nil, w.confirm(ctx)
	}
	fork, err := w.fork(ctx)
	if err != nil {
		return 0, nil, err
	}
	if fork == w.current.Version {
		return 0, nil, w.save(ctx)
	}
	if typed, err = w.mergedSince(ctx); err != nil || typed > 0 {
		return typed, nil, err
	}
	both, err := w.mergeFrom(ctx, fork, public)
	if err != nil {
		return 0, nil, err
	}
	return w.keepBoth(ctx, both)
}

// isShown tells whether the post shows just that text.
func (w *writing) isShown() bool { return w.current.Text() == w.draft }

// confirm saves the text that the post shows already: nothing is to be done when it
// was saved and is the newest. Else it was only autosaved, or autosaves that came
// after it are given up.
func (w *writing) confirm(ctx context.Context) error {
	newest, err := w.newest(ctx)
	if err != nil {
		return err
	}
	shown, err := w.shownKind(ctx)
	if err != nil {
		return err
	}
	isNewest := newest.number == w.current.Version || w.last.number == w.current.Version
	if isNewest && shown == KindSaved && w.counted() {
		return nil
	}
	return w.save(ctx)
}

func (w *writing) shownKind(ctx context.Context) (Kind, error) {
	kind, err := w.q.KindOf(ctx, w.current.ID, int32(w.current.Version))
	return Kind(kind), err
}

// mergedSince tells which version a text is that was merged already: a save sent
// again. Merging it once more could clash with itself where a text repeats itself. A
// text that stands by itself is one as long as what it was merged into is shown.
func (w *writing) mergedSince(ctx context.Context) (typed int, err error) {
	if w.origin.Turn > 0 {
		if w.last.same && w.counted() && w.last.kind == KindMerged {
			return w.last.number, nil
		}
		return 0, nil
	}
	number, err := w.q.MergedSince(ctx, db.MergedSinceParams{
		PostID: w.current.ID, FromNumber: int32(w.current.Version - 1), Title: w.draft.Title, Body: w.draft.Body, Tags: w.draft.Tags,
	})
	if db.IsNone(err) {
		return 0, nil
	}
	return int(number), err
}

// mergeFrom merges what was typed and what was saved, both grown from the version
// fork. One that is unknown was empty: then all that differs clashes. Readers are to
// see it when public: then it must be fit for them, and of a draft nothing may be in it
// that nobody has saved.
func (w *writing) mergeFrom(ctx context.Context, fork int, public bool) (*Conflict, error) {
	began, err := versionOf(ctx, w.q.Queries, w.current.Author, w.current.ID, fork)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return nil, err
	}
	both := &Conflict{
		Current: w.current,
		Title:   merge.Three(began.Title, w.draft.Title, w.current.Title),
		Body:    merge.Three(began.Body, w.draft.Body, w.current.Body),
		Tags:    mergeTags(began.Tags, w.draft.Tags, w.current.Text().Tags),
	}
	both.Broken = both.Merged().check(public)
	if public && w.current.Draft() && both.Merged() != w.draft {
		shown, err := w.shownKind(ctx)
		both.Unseen = shown == KindAutosaved
		return both, err
	}
	return both, nil
}

// keepBoth saves what was merged or, where that cannot be, keeps what was typed beside it.
func (w *writing) keepBoth(ctx context.Context, both *Conflict) (typed int, clash *Conflict, err error) {
	current, merged := both.Current, both.Merged()
	switch {
	case both.Clashes() || both.Broken != nil || both.Unseen:
		return 0, both, w.keepAside(ctx)
	case merged == w.draft:
		return 0, nil, w.save(ctx) // it held already what was saved meanwhile
	}
	asTyped, err := w.keep(ctx, KindMerged)
	if err != nil {
		return 0, nil, err
	}
	if merged == current.Text() {
		return asTyped.number, nil, nil // all that was typed has been saved already
	}
	saved, err := w.add(ctx, KindSaved, merged, Origin{Base: current.Version}.known(), asTyped.number)
	if err != nil {
		return 0, nil, err
	}
	return asTyped.number, nil, w.show(ctx, saved.number, merged)
}

// keepPrivate keeps a text beside a post that readers see by now, or shall without its author
// doing any more: showing it to them is a choice that its author has not made.
func (w *writing) keepPrivate(ctx context.Context) (*Conflict, error) {
	fork, err := w.fork(ctx)
	if err != nil {
		return nil, err
	}
	both, err := w.mergeFrom(ctx, fork, true)
	if err != nil {
		return nil, err
	}
	both.Private = true
	return both, w.keepAside(ctx)
}

// save makes the text the one that is shown, in place of the one that was.
func (w *writing) save(ctx context.Context) error {
	saved, err := w.add(ctx, KindSaved, w.draft, w.origin, w.current.Version)
	if err != nil {
		return err
	}
	return w.show(ctx, saved.number, w.draft)
}

// keepAside adds a version that is not shown. Sent again, it is the one that there is.
func (w *writing) keepAside(ctx context.Context) error {
	newest, err := w.newest(ctx)
	if err != nil || (newest.same || w.last.same) && w.counted() {
		return err
	}
	_, err = w.keep(ctx, KindAutosaved)
	return err
}

// makePublic publishes a draft as it is shown.
func makePublic(ctx context.Context, q pen, post Post) (Post, error) {
	slug, err := freeSlug(ctx, q.Queries, post, true)
	if err != nil {
		return Post{}, err
	}
	made := readingOf(post.Text(), true, q.language)
	if err := q.PublishPost(ctx, db.PublishPostParams{
		ID: post.ID, Slug: *slug, Html: made.HTML, Plain: made.Plain, Outline: made.Outline, Links: made.Links,
		Renderer: made.Renderer, Language: made.Language,
	}); err != nil {
		return Post{}, err
	}
	return ownPost(ctx, q.Queries, post.Author, post.ID)
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
