package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// ErrNoLink says that a link sets no password: it was used, is too old, or never was.
// Which of them, nobody is told.
var ErrNoLink = fmt.Errorf("no live link: %w", fault.ErrNotFound)

// ErrNoAccount says that nobody has this username or email.
var ErrNoAccount = errors.New("no such account")

// NewLink makes the token of a link with which the account of this username or email
// can be given a new password: once, for 30 minutes (db/queries/resets.sql). The link
// that the account had before works no more. Actor is who asked for it, if not the
// account's own. It returns ErrNoAccount, also for a disabled or removed one.
func (a *Accounts) NewLink(ctx context.Context, name, actor string, from Client) (Token, error) {
	name, _ = possible(fold(name), "")
	found, err := a.store.UserNamed(ctx, name)
	if db.IsNone(err) {
		return "", ErrNoAccount
	}
	if err != nil {
		return "", err
	}
	token, hash := newToken()
	err = a.recorded(ctx, Event{Kind: LinkMade, User: User{ID: found.ID, Username: found.Username}, Actor: actor, From: from}, func(q *db.Queries) error {
		return createReset(ctx, q, found.ID, hash)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// MailedLink makes the token of a link to set the user's password, to be mailed there. When
// that is tried again, the link takes the place of the one before, and nothing new has
// happened. It returns ErrNoAccount.
func (a *Accounts) MailedLink(ctx context.Context, id uuid.UUID, again bool) (Token, error) {
	token, hash := newToken()
	err := a.store.Tx(ctx, func(q *db.Queries) error { return createReset(ctx, q, id, hash) })
	if err != nil {
		return "", err
	}
	if again {
		return token, nil
	}
	person, err := a.Person(ctx, id)
	if err != nil {
		return "", err
	}
	return token, a.note(ctx, Event{Kind: LinkMade, User: person.User})
}

// createReset returns ErrNoAccount for an account that cannot log in, also when that has
// come about only just now.
func createReset(ctx context.Context, q *db.Queries, id uuid.UUID, hash []byte) error {
	made, err := q.CreateReset(ctx, hash, id)
	if err == nil && made == 0 {
		return ErrNoAccount
	}
	return err
}

// OwnerOfLink finds whose password the link sets, and leaves the link as it is. It
// returns ErrNoLink.
func (a *Accounts) OwnerOfLink(ctx context.Context, token Token) (User, error) {
	found, err := a.ownerOfLink(ctx, token)
	return User{ID: found.ID, Username: found.Username}, err
}

func (a *Accounts) ownerOfLink(ctx context.Context, token Token) (db.UserOfResetRow, error) {
	hash, ok := token.hash()
	if !ok {
		return db.UserOfResetRow{}, ErrNoLink
	}
	found, err := a.store.UserOfReset(ctx, hash)
	return found, linkGoneOr(err)
}

// ResetPassword uses the link up: its account has the new password, and all its sessions
// have ended. It returns ErrNoLink, fault.ErrBusy, or fault.Invalid, which leaves the
// link as it is.
func (a *Accounts) ResetPassword(ctx context.Context, token Token, pw string, from Client) error {
	owner, err := a.ownerOfLink(ctx, token)
	if err != nil {
		return err
	}
	if err := password.Check(pw, a.passwordContext(owner.Username, orEmpty(owner.Email)), a.rules.PasswordMin); err != nil {
		return fault.Invalid{{Field: "password", Message: err.Error()}}
	}
	// Before the transaction: nobody's row is locked while others hash.
	newHash, err := a.gate.Hash(ctx, pw)
	if err != nil {
		return busyOr(err)
	}
	hash, _ := token.hash()
	return a.recorded(ctx, Event{Kind: PasswordReset, User: User{ID: owner.ID, Username: owner.Username}, From: from}, func(q *db.Queries) error {
		id, err := q.UseReset(ctx, hash)
		if err != nil {
			return linkGoneOr(err)
		}
		if err := errors.Join(q.ChangePassword(ctx, newHash, id), q.DropConfirmation(ctx, id), q.EndSessionsOf(ctx, id)); err != nil {
			return err
		}
		return a.notify(ctx, q, id)
	})
}

// notify has the account told by mail that its password was changed.
func (a *Accounts) notify(ctx context.Context, q *db.Queries, id uuid.UUID) error {
	if !a.rules.Mail {
		return nil
	}
	return q.QueueNotice(ctx, id)
}

// RequestLink has a link to set a password mailed to the account of this username or
// email, if there is one. Who that is, is found out later by who sends the mail: so this
// does and takes the same for anybody. It returns fault.Invalid when nothing was typed, and
// fault.Throttled when that name or whoever asks has asked too often.
func (a *Accounts) RequestLink(ctx context.Context, name string, from Client) error {
	if strings.TrimSpace(name) == "" {
		return fault.Invalid{{Field: "username", Message: "Enter your username or email address."}}
	}
	typed := fold(name)
	if err := takeTurns(ctx, a.store.Queries, linkBuckets(typed, from), tooManyLinks); err != nil {
		return err
	}
	name, _ = possible(typed, "") // what no account can have is asked for all the same
	return a.store.QueueLink(ctx, name)
}

const tooManyLinks = "Too many links were asked for."

func linkGoneOr(err error) error {
	if db.IsNone(err) {
		return ErrNoLink
	}
	return err
}
