package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// DeletionDays is for how long a deleted account can come back, whoever deleted it. The
// queries in db/queries/deletions.sql and people.sql have the same figure.
const DeletionDays = 30

const onlyOwner = "You are the only owner of this blog: make somebody else an owner first."

// Delete deletes the user's own account: nobody sees it or anything it wrote any more, and
// its sessions end. Logging in within DeletionDays brings all of that back; until is when it
// goes for good. It returns fault.Invalid for the blog's only owner, and
// fault.ErrUnauthenticated when it was deleted meanwhile.
func (a *Accounts) Delete(ctx context.Context, user User, from Client) (until time.Time, err error) {
	err = a.recorded(ctx, Event{Kind: Deleted, User: user, From: from}, func(q *db.Queries) error {
		if err := keepsAnOwner(ctx, q, user.ID); err != nil {
			return err
		}
		// The account first: what is published meanwhile waits for it, or is there to be binned.
		deleted, err := q.RemoveUser(ctx, user.ID, user.ID)
		if err == nil && deleted == 0 {
			return fault.ErrUnauthenticated
		}
		if err = errors.Join(err, q.BinPostsOf(ctx, user.ID), shutOut(ctx, q, user.ID), a.farewell(ctx, q, user.ID)); err != nil {
			return err
		}
		at, err := q.DeletedAt(ctx, user.ID)
		until = at.AddDate(0, 0, DeletionDays)
		return err
	})
	return until, err
}

// keepsAnOwner refuses to take the last owner away. Of two who go at once the second waits
// for the first, and is the last then.
func keepsAnOwner(ctx context.Context, q *db.Queries, without uuid.UUID) error {
	owners, err := q.LockOwners(ctx)
	if err == nil && slices.Equal(owners, []uuid.UUID{without}) {
		return fault.Invalid{{Message: onlyOwner}}
	}
	return err
}

// farewell has the account told by mail until when it can come back.
func (a *Accounts) farewell(ctx context.Context, q *db.Queries, id uuid.UUID) error {
	if !a.rules.Mail {
		return nil
	}
	return q.QueueFarewell(ctx, id)
}

// bringBack takes back that the user deleted their account at that moment, with the posts
// that went with it; what was in the bin before stays there. After DeletionDays there is no
// such account, though it may not be purged yet.
func (a *Accounts) bringBack(ctx context.Context, user User, deletedAt time.Time, from Client) (User, error) {
	err := a.recorded(ctx, Event{Kind: Restored, User: user, From: from}, func(q *db.Queries) error {
		restored, err := q.RestoreOwn(ctx, user.ID, deletedAt)
		if err == nil && restored == 0 {
			return notRestored(ctx, q, user)
		}
		return errors.Join(err, q.RestorePostsOf(ctx, user.ID, deletedAt), q.DropFarewells(ctx, user.ID))
	})
	switch {
	case errors.Is(err, errIsBack):
		return user, nil
	case err != nil:
		return User{}, err
	}
	user.Back = true
	return user, nil
}

// errIsBack ends a transaction that finds the account brought back by another log-in.
var errIsBack = errors.New("the account is back already")

// notRestored tells why an account was not brought back: it is back, or its days are over.
func notRestored(ctx context.Context, q *db.Queries, user User) error {
	_, err := q.DeletedAt(ctx, user.ID)
	switch {
	case db.IsNone(err):
		return errIsBack
	case err != nil:
		return err
	}
	return refusedLogin()
}
