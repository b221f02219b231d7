package account

import (
	"context"
	"errors"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// ChangePassword gives the user, who proves the one they have, a new password. All sessions
// of the account end, and its links to set a password and to confirm an address; it is told by mail. The user comes back
// as they are then, for a session to begin. It returns fault.Invalid for the fields
// CurrentPassword and password, fault.Throttled, fault.ErrBusy, or fault.ErrUnauthenticated
// when the password was changed meanwhile by somebody else.
func (a *Accounts) ChangePassword(ctx context.Context, user User, current, pw string, from Client) (User, error) {
	if err := a.checkNewPassword(ctx, user, pw); err != nil {
		return User{}, err
	}
	if err := a.Prove(ctx, user, current, from); err != nil {
		return User{}, err
	}
	// Before the transaction: nobody's row is locked while others hash.
	hash, err := a.gate.Hash(ctx, pw)
	if err != nil {
		return User{}, busyOr(err)
	}
	err = a.recorded(ctx, Event{Kind: PasswordChanged, User: user, From: from}, func(q *db.Queries) error {
		changed, err := q.ReplacePassword(ctx, db.ReplacePasswordParams{NewHash: hash, ID: user.ID, PasswordNumber: user.PasswordNumber})
		if err == nil && changed == 0 {
			return fault.ErrUnauthenticated
		}
		return errors.Join(err, q.DropResetOf(ctx, user.ID), q.DropConfirmation(ctx, user.ID), q.EndSessionsOf(ctx, user.ID), a.notify(ctx, q, user.ID))
	})
	user.PasswordNumber++
	return user, err
}

func (a *Accounts) checkNewPassword(ctx context.Context, user User, pw string) error {
	profile, err := a.ProfileOf(ctx, user)
	if err != nil {
		return err
	}
	if err := password.Check(pw, a.passwordContext(profile.Username, profile.Email), a.rules.PasswordMin); err != nil {
		return fault.Invalid{{Field: "password", Message: err.Error()}}
	}
	return nil
}
