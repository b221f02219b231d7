package blog

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// Origin says where a text was typed: in which sitting, which is one opening of an
// editor, whose texts each follow from the one before. Only an editor that counts its
// turns can promise that. A form without a script may be sent from anywhere in its
// past, so each of its texts stands by itself, grown from Base alone.
type Origin struct {
	Sitting uuid.UUID
	Turn    int64 // rises with each change of the text; 0 is not counted
	Base    int   // the version that the sitting began from; 0 is none
	// Age is how long ago the text was typed, where a browser could not send it before; else 0.
	Age time.Duration
}

// ErrLate means that a text arrived after a newer one of the same sitting was kept.
var ErrLate = errors.New("a newer text from the same editor is kept already")

// known gives a text that stands by itself a sitting of its own.
func (o Origin) known() Origin {
	o.Turn, o.Base = max(o.Turn, 0), min(max(o.Base, 0), math.MaxInt32)
	if o.Sitting == uuid.Nil || o.Turn == 0 {
		o.Sitting = uuid.New()
	}
	return o
}

// writing is a text on its way into a post whose row it holds.
type writing struct {
	q       pen
	current Post
	origin  Origin
	draft   Draft
	last    kept // of the same sitting
}

// kept is a version as far as writing the next one needs it; its number is 0 when there is none.
type kept struct {
	number int
	kind   Kind
	turn   int64
	sha256 []byte
	at     time.Time
	same   bool // it has the text that is to be kept now
}

// hold locks the author's post until the transaction ends, so that its versions
// come one after the other. It returns fault.ErrNotFound, or fault.Invalid for a text
// that cannot be kept at all.
func hold(ctx context.Context, q pen, author Author, id uuid.UUID, origin Origin, draft Draft) (*writing, error) {
	locked, err := q.LockPost(ctx, id, author.ID)
	if err != nil {
		return nil, notFoundIfNone(err)
	}
	if err := draft.checkKeepable(); err != nil {
		return nil, err
	}
	current, err := settled(ctx, q.Queries, fromRow(row(locked)))
	if err != nil {
		return nil, err
	}
	w := &writing{q: q, current: current, origin: origin, draft: draft.over(current.Text())}
	last, err := q.NewestOfSitting(ctx, db.NewestOfSittingParams{
		PostID: id, Sitting: origin.Sitting, Title: draft.Title, Body: draft.Body, Tags: w.draft.Tags,
	})
	if err != nil && !db.IsNone(err) {
		return nil, err
	}
	w.last = kept{int(last.Number), Kind(last.Kind), last.Turn, last.Sha256, last.CreatedAt, last.Same}
	return w, nil
}

// late tells whether the sitting's next texts are here already: this one was held
// up on its way, and its author has gone on.
func (w *writing) late() bool { return w.origin.Turn < w.last.turn }

// counted tells whether the sitting's turn is on record, so that what comes late is
// known for it. A text that stands by itself has none.
func (w *writing) counted() bool { return w.origin.Turn <= w.last.turn }

// newest is the post's newest version, whoever typed it.
func (w *writing) newest(ctx context.Context) (kept, error) {
	row, err := w.q.NewestVersion(ctx, db.NewestVersionParams{
		PostID: w.current.ID, Title: w.draft.Title, Body: w.draft.Body, Tags: w.draft.Tags,
	})
	return kept{number: int(row.Number), sha256: row.Sha256, at: row.CreatedAt, same: row.Same}, err
}

// fork is the newest version that both the text and what the post shows grew from;
// 0 is none. Where it is what the post shows, nothing has come in between.
func (w *writing) fork(ctx context.Context) (number int, err error) {
	if shown := w.current.Version; shown == w.origin.Base || shown == w.last.number {
		return shown, nil
	}
	mine, err := w.q.Ancestry(ctx, w.current.ID, int32(w.origin.Base))
	if err != nil {
		return 0, err
	}
	theirs, err := w.q.Ancestry(ctx, w.current.ID, int32(w.current.Version))
	if err != nil {
		return 0, err
	}
	mine = append(mine, db.AncestryRow{Number: int32(w.last.number), Sitting: w.origin.Sitting})
	return common(mine, theirs), nil
}

// common is the newest version in both ancestries. A version brings along all older
// ones of its sitting.
func common(mine, theirs []db.AncestryRow) (newest int) {
	for _, m := range mine {
		for _, t := range theirs {
			if m.Sitting == t.Sitting {
				newest = max(newest, int(min(m.Number, t.Number)))
			}
		}
	}
	return newest
}

// keep adds the text as a version that is not saved.
func (w *writing) keep(ctx context.Context, kind Kind) (kept, error) {
	return w.add(ctx, kind, w.draft, w.origin, 0)
}

func (w *writing) add(ctx context.Context, kind Kind, draft Draft, origin Origin, otherBase int) (kept, error) {
	added, err := w.q.AddVersion(ctx, db.AddVersionParams{
		PostID: w.current.ID, AuthorID: w.current.Author.ID, Kind: string(kind),
		Title: draft.Title, Body: draft.Body, Words: int32(countWords(draft.Body)), Tags: draft.Tags,
		Sitting: origin.Sitting, Turn: origin.Turn, Base: int32(origin.Base), OtherBase: int32(otherBase),
	})
	return kept{number: int(added.Number), turn: origin.Turn, sha256: added.Sha256, at: added.CreatedAt, same: true}, err
}

// show makes a version the post's text.
func (w *writing) show(ctx context.Context, number int, draft Draft) error {
	made := readingOf(draft, w.current.forReaders(), w.q.language)
	return w.q.RevisePost(ctx, db.RevisePostParams{
		ID: w.current.ID, Version: int32(number), Title: draft.Title, Body: draft.Body,
		Excerpt: made.Excerpt, Words: int32(made.Words), Tags: made.Tags, TagSlugs: made.TagSlugs,
		Html: made.HTML, Plain: made.Plain, Outline: made.Outline, Links: made.Links,
		Renderer: made.Renderer, Language: made.Language,
	})
}
