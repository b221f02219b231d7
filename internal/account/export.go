package account

import (
	"context"
	"errors"
	"io"
	"time"

	"miniblog/internal/archive"
)

// exportsPerHour is how often an account may be downloaded: it is much work.
const exportsPerHour = 10

// ExportsAtOnce is how many accounts may be downloaded at the same time from this instance:
// each holds a connection to the database for minutes, so they have a tenth of those.
func (a *Accounts) ExportsAtOnce() int { return max(1, a.store.Connections()/10) }

const tooManyExports = "Your account was downloaded too often."

// BeginExport writes down that all that the user has here is being downloaded. It returns
// fault.Throttled when that was asked for too often.
func (a *Accounts) BeginExport(ctx context.Context, user User, from Client) error {
	turn := []bucket{newBucket("export", user.ID.String()).per(time.Hour, exportsPerHour)}
	if err := takeTurns(ctx, a.store.Queries, turn, tooManyExports); err != nil {
		return err
	}
	if err := a.note(ctx, Event{Kind: Exported, User: user, From: from}); err != nil {
		return errors.Join(err, a.giveBack(ctx, turn))
	}
	return nil
}

// Export writes all that the user has here into out, as a zip: see archive.Write.
func (a *Accounts) Export(ctx context.Context, user User, out io.Writer) error {
	return archive.Write(ctx, a.store, user.ID, out)
}
