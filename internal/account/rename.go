package account

import (
	"context"
	"errors"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
)

// changesOfUsername is how often a day: each keeps a name from everybody else for good.
const changesOfUsername = 3

const tooManyRenames = "You have changed your username very often."

// Rename gives the user another username, which may be one that they had before. Nobody else
// ever gets the old one: what was under it leads on. The account is told by mail. It returns the user as they are
// called then, or fault.Invalid for the field username, fault.Throttled when it was changed too
// often, and fault.ErrUnauthenticated when the account was closed meanwhile.
func (a *Accounts) Rename(ctx context.Context, user User, username string, from Client) (User, error) {
	username = fold(username)
	problem, err := a.usernameProblem(ctx, username, user.ID, usernameTaken)
	switch {
	case err != nil:
		return User{}, err
	case username == user.Username:
		return user, nil
	case problem != "":
		return User{}, fault.Invalid{{Field: "username", Message: problem}}
	}
	turn := []bucket{newBucket("username", user.ID.String()).per(24*time.Hour, changesOfUsername)}
	if err := takeTurns(ctx, a.store.Queries, turn, tooManyRenames); err != nil {
		return User{}, err
	}
	if err := a.rename(ctx, user, username, from); err != nil {
		return User{}, errors.Join(refusedOr(err), a.giveBack(ctx, turn))
	}
	user.Username = username
	return user, nil
}

// rename writes the name and what tells of it. Sent twice, it is done once.
func (a *Accounts) rename(ctx context.Context, user User, username string, from Client) error {
	var event Event
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		old, err := q.LockUsername(ctx, user.ID)
		switch {
		case db.IsNone(err):
			return fault.ErrUnauthenticated
		case err != nil, old == username:
			return err
		}
		event = Event{Kind: UsernameChanged, User: User{ID: user.ID, Username: old}, From: from, Detail: old + " → " + username}
		return errors.Join(q.RenameUser(ctx, username, user.ID), q.AddEvent(ctx, event.row()), a.tellRenamed(ctx, q, user))
	})
	if err == nil && event.Kind != "" {
		a.logEvent(ctx, event)
	}
	return err
}

func (a *Accounts) tellRenamed(ctx context.Context, q *db.Queries, user User) error {
	if !a.rules.Mail {
		return nil
	}
	return q.QueueRenamed(ctx, user.ID)
}
