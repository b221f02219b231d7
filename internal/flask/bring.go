package flask

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// space is the namespace of the ids made from a file's rows (UUID version 5, RFC 9562).
// As the same row makes the same id, importing a file twice adds nothing.
var space = uuid.MustParse("aa1aca5b-16f1-4db8-a76c-10d41af0676d")

// Plan tells what Apply would do and changes nothing. Without queries it is told for a
// blog that has no database yet.
func (f *File) Plan(ctx context.Context, q *db.Queries, rename map[string]string) (*Report, error) {
	return f.bring(ctx, &bringing{file: f, q: q, rename: rename})
}

// Apply brings the accounts and posts into the blog: all that can be, or, when it fails,
// none. Usernames that are keys of rename become its values.
func (f *File) Apply(ctx context.Context, store *db.Store, rename map[string]string) (report *Report, err error) {
	err = store.Tx(ctx, func(q *db.Queries) error {
		report, err = f.bring(ctx, &bringing{file: f, q: q, rename: rename, write: true})
		return err
	})
	return report, err
}

// bringing is one way through the file.
type bringing struct {
	file    *File
	q       *db.Queries // nil where there is no database
	write   bool
	rename  map[string]string
	begun   time.Time
	report  *Report
	people  people
	undated int // posts so far that do not say when they were written
}

func (f *File) bring(ctx context.Context, b *bringing) (_ *Report, err error) {
	b.report, b.begun = newReport(), time.Now()
	if b.q != nil {
		if b.begun, err = b.q.TransactionTime(ctx); err != nil {
			return nil, err
		}
	}
	if err := b.bringAccounts(ctx); err != nil {
		return nil, err
	}
	if f.posts.table != nil {
		if err := b.bringPosts(ctx); err != nil {
			return nil, err
		}
	}
	return b.report, f.unchanged()
}

// idOf is the id of a row, from what tells it from all others, in other files too.
func idOf(what string, parts ...string) uuid.UUID {
	return uuid.NewSHA1(space, fmt.Appendf(nil, "%s%q", what, parts))
}
