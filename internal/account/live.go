package account

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// sessionsShown is how many sessions are listed: all that StartSession lets an account have.
const sessionsShown = 100

// LiveSession is a browser that is logged in, as its user sees it.
type LiveSession struct {
	ID      uuid.UUID
	Browser string // in words; empty when it is not known
	Address string // whence it was used last; empty when that is not known
	BegunAt time.Time
	SeenAt  time.Time // give or take ten minutes
	Current bool      // the one that asks
}

// Sessions lists the live sessions of who asks: first the one that they ask with, then
// those used last.
func (a *Accounts) Sessions(ctx context.Context, current Session) ([]LiveSession, error) {
	rows, err := a.store.SessionsOf(ctx, current.User.ID, sessionsShown)
	if err != nil {
		return nil, err
	}
	var live []LiveSession
	for _, row := range rows {
		session := LiveSession{
			ID: row.ID, Browser: row.Browser, Address: addressWords(row.Address),
			BegunAt: row.CreatedAt, SeenAt: row.SeenAt, Current: row.ID == current.ID,
		}
		if session.Current {
			live = slices.Insert(live, 0, session)
		} else {
			live = append(live, session)
		}
	}
	return live, nil
}

// EndOne ends one of the user's sessions, in whichever browser it is: it is out at its next
// request. It returns fault.ErrNotFound for what is no session of theirs.
func (a *Accounts) EndOne(ctx context.Context, user User, id uuid.UUID, from Client) error {
	return a.recorded(ctx, Event{Kind: SessionEnded, User: user, From: from}, func(q *db.Queries) error {
		ended, err := q.EndSessionOf(ctx, id, user.ID)
		if err == nil && ended == 0 {
			return fault.ErrNotFound
		}
		return err
	})
}

// EndOthers ends all the user's sessions but the one that they ask with, and tells how many
// those were. Where there are none nothing is written down.
func (a *Accounts) EndOthers(ctx context.Context, current Session, from Client) (ended int64, err error) {
	event := Event{Kind: SessionEnded, User: current.User, From: from, Detail: "all others"}
	err = a.store.Tx(ctx, func(q *db.Queries) error {
		if ended, err = q.EndOtherSessionsOf(ctx, current.User.ID, current.ID); err != nil || ended == 0 {
			return err
		}
		return q.AddEvent(ctx, event.row())
	})
	if err == nil && ended > 0 {
		a.logEvent(ctx, event)
	}
	return ended, err
}
