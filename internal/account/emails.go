package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// ErrNoConfirmation says that a link confirms no address: it was used, is too old, or never was.
var ErrNoConfirmation = fmt.Errorf("no live confirmation: %w", fault.ErrNotFound)

// ErrTaken says that an address is confirmed for another account. Only who reads what is
// sent there may be told.
var ErrTaken = errors.New("the address is another account's")

// Email is where an account's address stands.
type Email struct {
	Address   string // empty: none
	Confirmed bool
	Waiting   string // the address that becomes the account's once it is confirmed, if one was asked for
}

// Named is the address that the account has named last.
func (e Email) Named() string { return cmp.Or(e.Waiting, e.Address) }

// EmailOf tells where the user's address stands.
func (a *Accounts) EmailOf(ctx context.Context, user User) (Email, error) {
	found, err := a.store.EmailOf(ctx, user.ID)
	return Email{Address: orEmpty(found.Email), Confirmed: found.EmailConfirmedAt != nil, Waiting: orEmpty(found.Asked)}, err
}

// ChangeEmail gives the user another address, or none. Where mail is sent, a link goes to
// the address, and a confirmed one stays until that is followed: whose the address is, and
// whether anybody has it, is the same to who asks. It returns fault.Invalid, or
// fault.Throttled when too many were asked for.
func (a *Accounts) ChangeEmail(ctx context.Context, user User, email string, from Client) error {
	email = fold(email)
	if problem := emailProblem(email); problem != "" {
		return fault.Invalid{{Field: "email", Message: problem}}
	}
	if err := takeTurns(ctx, a.store.Queries, confirmationBuckets(user), tooManyConfirmations); err != nil {
		return err
	}
	before, err := a.EmailOf(ctx, user)
	if err != nil {
		return err
	}
	switch {
	case email == before.Address && (before.Confirmed || email == "" || !a.rules.Mail):
		return a.store.DropConfirmation(ctx, user.ID) // what was asked for before is not wanted any more
	case email == "", !a.rules.Mail:
		return a.recorded(ctx, Event{Kind: EmailChanged, User: user, From: from}, func(q *db.Queries) error {
			return a.nameAtOnce(ctx, q, user.ID, email, before)
		})
	}
	return a.recorded(ctx, Event{Kind: EmailAsked, User: user, From: from}, func(q *db.Queries) error {
		if err := askToConfirm(ctx, q, user.ID, email); err != nil || !before.Confirmed {
			return err
		}
		return q.QueueWord(ctx, db.QueueWordParams{Kind: "leaving", UserID: user.ID, Recipient: before.Address})
	})
}

// nameAtOnce changes an address that nobody is asked to confirm. Links that went to the
// old one die, and it is told.
func (a *Accounts) nameAtOnce(ctx context.Context, q *db.Queries, id uuid.UUID, email string, before Email) error {
	err := errors.Join(
		q.DropConfirmation(ctx, id), q.DropResetOf(ctx, id),
		q.NameEmail(ctx, db.NameEmailParams{ID: id, Email: orNull(email), AtOnce: true}))
	if err != nil || !before.Confirmed {
		return err
	}
	return a.tellOld(ctx, q, id, before.Address)
}

func (a *Accounts) tellOld(ctx context.Context, q *db.Queries, id uuid.UUID, old string) error {
	if !a.rules.Mail {
		return nil
	}
	return q.QueueWord(ctx, db.QueueWordParams{Kind: "moved", UserID: id, Recipient: old})
}

// askToConfirm has a link mailed. Until it is followed the address stands with the account
// for nothing, unless it has a better one. A link to set the password went to another address.
func askToConfirm(ctx context.Context, q *db.Queries, id uuid.UUID, email string) error {
	return errors.Join(
		q.NameEmail(ctx, db.NameEmailParams{ID: id, Email: &email}), q.DropResetOf(ctx, id),
		q.AskToConfirm(ctx, id, email))
}

// NewConfirmation makes the token of a link that confirms the address for the user, for 24
// hours. It returns ErrNoConfirmation when that is not asked for any more, and ErrTaken.
func (a *Accounts) NewConfirmation(ctx context.Context, id uuid.UUID, email string) (Token, error) {
	taken, err := a.store.ConfirmedElsewhere(ctx, email, id)
	if err != nil {
		return "", err
	}
	if taken {
		return "", ErrTaken
	}
	token, hash := newToken()
	set, err := a.store.SetConfirmation(ctx, db.SetConfirmationParams{TokenHash: hash, UserID: id, Email: email})
	if err == nil && set == 0 {
		return "", ErrNoConfirmation
	}
	return token, err
}

// Confirmation is what a link would confirm.
type Confirmation struct {
	User  User
	Email string
}

// ConfirmationBy finds what the link confirms, and leaves it as it is. It returns
// ErrNoConfirmation.
func (a *Accounts) ConfirmationBy(ctx context.Context, token Token) (Confirmation, error) {
	hash, ok := token.hash()
	if !ok {
		return Confirmation{}, ErrNoConfirmation
	}
	found, err := a.store.Confirmation(ctx, hash)
	if db.IsNone(err) {
		return Confirmation{}, ErrNoConfirmation
	}
	return Confirmation{User: User{ID: found.ID, Username: found.Username}, Email: found.Email}, err
}

// ConfirmEmail uses the link up: the address is the account's, links that went to the one
// before die, and that one is told. It returns ErrNoConfirmation, or ErrTaken when another
// account has confirmed the address meanwhile.
func (a *Accounts) ConfirmEmail(ctx context.Context, token Token, from Client) error {
	confirms, err := a.ConfirmationBy(ctx, token)
	if err != nil {
		return err
	}
	hash, _ := token.hash()
	err = a.recorded(ctx, Event{Kind: EmailChanged, User: confirms.User, From: from}, func(q *db.Queries) error {
		return a.confirm(ctx, q, hash)
	})
	if db.Breaks(err, db.EmailKey) {
		return ErrTaken
	}
	return err
}

func (a *Accounts) confirm(ctx context.Context, q *db.Queries, hash []byte) error {
	used, err := q.UseConfirmation(ctx, hash)
	if db.IsNone(err) {
		return ErrNoConfirmation
	}
	if err != nil {
		return err
	}
	before, err := q.EmailOf(ctx, used.UserID)
	if err != nil {
		return err
	}
	if err := errors.Join(q.ConfirmEmail(ctx, used.Email, used.UserID), q.DropResetOf(ctx, used.UserID)); err != nil {
		return err
	}
	if before.EmailConfirmedAt == nil || *before.Email == used.Email {
		return nil
	}
	return a.tellOld(ctx, q, used.UserID, *before.Email)
}

const tooManyConfirmations = "You have changed your address very often."

// changesOfEmail is how often a day an account may name another address.
const changesOfEmail = 10

func confirmationBuckets(user User) []bucket {
	return []bucket{newBucket("email", user.ID.String()).per(24*time.Hour, changesOfEmail)}
}
