package blog

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Kind tells how a version came to be.
type Kind string

// The kinds of versions, as the table spells them.
const (
	KindSaved     Kind = "saved"     // shown from then on
	KindAutosaved Kind = "autosaved" // kept, and shown by a draft alone
	KindAside     Kind = "aside"     // came late, after what was typed later
	KindMerged    Kind = "merged"    // as it was typed; the next one shows it together with what was saved meanwhile
)

// Version is one text a post has had. It never changes.
type Version struct {
	Number    int
	Kind      Kind
	Title     string
	Body      string // empty in a list
	Tags      string // empty in a list
	Words     int
	CreatedAt time.Time
}

// Text is the version as its author typed it.
func (v Version) Text() Draft { return Draft{Title: v.Title, Body: v.Body, Tags: v.Tags} }

// HistorySize is how many versions History lists at once.
const HistorySize = 50

// History lists the versions of one of the author's posts, newest first, from
// before a number (0: from the newest), without their bodies. More tells whether
// there are older ones. It returns fault.ErrNotFound.
func (b *Blog) History(ctx context.Context, author Author, id uuid.UUID, before int) (post Post, versions []Version, more bool, err error) {
	if post, err = b.Own(ctx, author, id); err != nil {
		return Post{}, nil, false, err
	}
	if before <= 0 || before > math.MaxInt32 {
		before = math.MaxInt32
	}
	rows, err := b.store.ListVersions(ctx, db.ListVersionsParams{
		PostID: id, AuthorID: author.ID, BeforeNumber: int32(before),
	})
	if err != nil {
		return Post{}, nil, false, err
	}
	for _, r := range rows[:min(len(rows), HistorySize)] {
		versions = append(versions, Version{
			Number: int(r.Number), Kind: Kind(r.Kind), Title: r.Title, Words: int(r.Words), CreatedAt: r.CreatedAt,
		})
	}
	return post, versions, len(rows) > HistorySize, nil
}

// Version reads one version of one of the author's posts, or fault.ErrNotFound.
func (b *Blog) Version(ctx context.Context, author Author, id uuid.UUID, number int) (Version, error) {
	return versionOf(ctx, b.store.Queries, author, id, number)
}

func versionOf(ctx context.Context, q *db.Queries, author Author, id uuid.UUID, number int) (Version, error) {
	if number <= 0 || number > math.MaxInt32 {
		return Version{}, fault.ErrNotFound
	}
	r, err := q.VersionOf(ctx, db.VersionOfParams{PostID: id, AuthorID: author.ID, Number: int32(number)})
	if err != nil {
		return Version{}, notFoundIfNone(err)
	}
	return fromVersionRow(r), nil
}

func fromVersionRow(r db.VersionOfRow) Version {
	return Version{
		Number: int(r.Number), Kind: Kind(r.Kind), Title: r.Title, Body: r.Body, Tags: r.Tags, Words: int(r.Words), CreatedAt: r.CreatedAt,
	}
}

// Unsaved finds the newest text of one of the author's posts when it was autosaved
// and is not the one that is shown, or fault.ErrNotFound.
func (b *Blog) Unsaved(ctx context.Context, author Author, id uuid.UUID) (Version, error) {
	r, err := b.store.Unsaved(ctx, id, author.ID)
	if err != nil {
		return Version{}, notFoundIfNone(err)
	}
	return fromVersionRow(db.VersionOfRow(r)), nil
}

// Return makes an old version's text the post's newest, whatever was saved since:
// that stays in the history. It returns fault.ErrNotFound, ErrDeleted, or
// fault.Invalid when a published post would lose its title or text.
func (b *Blog) Return(ctx context.Context, author Author, id uuid.UUID, number int) (post Post, err error) {
	err = b.tx(ctx, func(q *db.Queries) error {
		locked, err := q.LockPost(ctx, id, author.ID)
		if err != nil {
			return notFoundIfNone(err)
		}
		old, err := versionOf(ctx, q, author, id, number)
		if err != nil {
			return err
		}
		draft := old.Text()
		revision, _, err := revise(ctx, b.pen(q), author, id, Origin{Base: int(locked.Version)}.known(), draft, Save)
		post = revision.Post
		return err
	})
	b.renavigate(ctx, post)
	return post, err
}
