package blog

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Kept is a version that was kept, as the database has it.
type Kept struct {
	Number int
	SHA256 []byte // of the title, a line end and the body
	At     time.Time
	Again  bool // it was kept before
	Aside  bool // it was typed before what was kept already, and is not the newest text
}

// Autosave keeps what stands in an editor just now as the post's next version, and
// makes the post, a draft, when there is none under that id yet. Readers never see
// it; a draft that is not scheduled shows it unless another text was saved meanwhile. Nothing is merged
// before its author saves. The same text sent again is the version that there is.
// A text that could not be sent before is kept aside of what was kept since it was
// typed. It returns fault.Invalid, ErrLate, or fault.ErrNotFound when the id is
// somebody else's.
func (b *Blog) Autosave(ctx context.Context, author Author, id uuid.UUID, origin Origin, draft Draft) (result Kept, err error) {
	draft, origin = draft.cleaned(), origin.known()
	err = b.tx(ctx, func(q *db.Queries) error {
		result, err = autosave(ctx, b.pen(q), author, id, origin, draft)
		return err
	})
	return result, err
}

func autosave(ctx context.Context, q pen, author Author, id uuid.UUID, origin Origin, draft Draft) (Kept, error) {
	w, err := hold(ctx, q, author, id, origin, draft)
	if errors.Is(err, fault.ErrNotFound) {
		made, begun, err := begin(ctx, q, author, id, origin, draft)
		if err != nil || begun {
			return made, err
		}
		w, err = hold(ctx, q, author, id, origin, draft) // another request of this editor has just begun it
		if err != nil {
			return Kept{}, err
		}
	} else if err != nil {
		return Kept{}, err
	}
	return w.autosave(ctx)
}

// begin makes the draft of a text that has no post yet.
func begin(ctx context.Context, q pen, author Author, id uuid.UUID, origin Origin, draft Draft) (Kept, bool, error) {
	if err := draft.check(false); err != nil {
		return Kept{}, false, err
	}
	made, err := create(ctx, q, author, id, origin, draft, first{kind: KindAutosaved})
	if db.IsNone(err) {
		return Kept{}, false, nil
	}
	return made.result(), err == nil, err
}

func (w *writing) autosave(ctx context.Context) (Kept, error) {
	again, err := w.again(ctx)
	if again.number > 0 || err != nil {
		result := again.result()
		result.Again = true
		return result, err
	}
	outdated, err := w.outdated(ctx)
	if err != nil {
		return Kept{}, err
	}
	switch {
	case outdated:
		return w.setAside(ctx)
	case w.late():
		return Kept{}, ErrLate
	}
	fork, err := w.fork(ctx)
	if err != nil {
		return Kept{}, err
	}
	added, err := w.keep(ctx, KindAutosaved)
	if err != nil {
		return Kept{}, err
	}
	if fork == w.current.Version && !w.current.forReaders() && w.current.DeletedAt.IsZero() {
		err = w.show(ctx, added.number, w.draft)
	}
	return added.result(), err
}

func (k kept) result() Kept { return Kept{Number: k.number, SHA256: k.sha256, At: k.at} }

// outdated tells whether a text that could not be sent before was typed before the
// newest that is kept.
func (w *writing) outdated(ctx context.Context) (bool, error) {
	if w.origin.Age <= 0 {
		return false, nil
	}
	newest, err := w.newest(ctx)
	return w.late() || newest.at.After(time.Now().Add(-w.origin.Age)), err
}

// setAside keeps a text that is not the newest. It stands by itself: its sitting may
// have gone on.
func (w *writing) setAside(ctx context.Context) (Kept, error) {
	origin := w.origin
	origin.Turn = 0
	added, err := w.add(ctx, KindAside, w.draft, origin.known(), 0)
	result := added.result()
	result.Aside = true
	return result, err
}

// again is the version that has the text already: the sitting's last or, for a text
// that stands by itself, the post's newest. Its number is 0 when there is none.
func (w *writing) again(ctx context.Context) (kept, error) {
	switch {
	case w.last.same && w.counted():
		return w.last, nil
	case w.origin.Turn > 0 && w.origin.Age == 0:
		return kept{}, nil
	}
	newest, err := w.newest(ctx)
	if err != nil || !newest.same {
		return kept{}, err
	}
	return newest, nil
}
