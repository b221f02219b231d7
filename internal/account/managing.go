package account

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// By is who runs the blog: an owner at the browser or, without one, the command line.
type By struct {
	Owner User
	From  Client
}

func (b By) name() string {
	if b.Owner.ID == uuid.Nil {
		return CommandLine
	}
	return b.Owner.Username
}

// event is what somebody did who runs the blog, to nobody's account but their own.
func (b By) event(kind Kind) Event {
	done := Event{Kind: kind, User: b.Owner, From: b.From}
	if b.Owner.ID == uuid.Nil {
		done.Actor = CommandLine
	}
	return done
}

// stillRuns returns fault.ErrNotFound for an owner who is none any more, as the owner's
// pages are not there for anybody else. Whoever is one stays it until the transaction ends.
func (b By) stillRuns(ctx context.Context, q *db.Queries) (owners []uuid.UUID, err error) {
	owners, err = q.LockOwners(ctx)
	if err == nil && b.Owner.ID != uuid.Nil && !slices.Contains(owners, b.Owner.ID) {
		err = fault.ErrNotFound
	}
	return owners, err
}

// errAlready ends a transaction that finds its work done.
var errAlready = errors.New("it is so already")

// Disable keeps an account from logging in, ends its sessions and makes its link
// worthless. Like all that is done to accounts, it is harmless twice, and it returns
// fault.ErrNotFound when there is no such account or who does it is no owner any more,
// and fault.Invalid when it would leave the blog without an owner.
func (a *Accounts) Disable(ctx context.Context, id uuid.UUID, by By) error {
	return a.manage(ctx, id, by, Disabled, func(q *db.Queries, m managed) (string, error) {
		if err := m.leavesAnOwner(by); err != nil {
			return "", err
		}
		if err := did(q.DisableUser(ctx, id)); err != nil {
			return "", err
		}
		return "", shutOut(ctx, q, id)
	})
}

// Enable lets a disabled account log in again.
func (a *Accounts) Enable(ctx context.Context, id uuid.UUID, by By) error {
	return a.manage(ctx, id, by, Enabled, func(q *db.Queries, _ managed) (string, error) {
		return "", did(q.EnableUser(ctx, id))
	})
}

// SetRole makes an account an owner or an author, from its next request on.
func (a *Accounts) SetRole(ctx context.Context, id uuid.UUID, role string, by By) error {
	if role != RoleOwner && role != RoleAuthor {
		return fault.ErrMalformed
	}
	return a.manage(ctx, id, by, RoleChanged, func(q *db.Queries, m managed) (string, error) {
		if err := m.leavesAnOwner(by); err != nil && role != RoleOwner {
			return "", err
		}
		if err := did(q.SetRole(ctx, role, id)); err != nil || role == RoleOwner {
			return m.person.Role + " → " + role, err
		}
		return m.person.Role + " → " + role, q.RevokeInvitationsOf(ctx, id)
	})
}

// Remove deletes an account with everything it wrote: nobody sees it any more, and its
// sessions and its link end. For DeletionDays it can be brought back.
func (a *Accounts) Remove(ctx context.Context, id uuid.UUID, by By) error {
	return a.manage(ctx, id, by, Deleted, func(q *db.Queries, m managed) (string, error) {
		if err := m.leavesAnOwner(by); err != nil {
			return "", err
		}
		// The account first: what is published meanwhile waits for it, or is there to be binned.
		if err := did(q.RemoveUser(ctx, by.Owner.ID, id)); err != nil {
			return "", err
		}
		return "", errors.Join(q.BinPostsOf(ctx, id), shutOut(ctx, q, id))
	})
}

// Restore brings a removed account back, with the posts that went with it. What its author
// had deleted before stays in the bin.
func (a *Accounts) Restore(ctx context.Context, id uuid.UUID, by By) error {
	return a.manage(ctx, id, by, Restored, func(q *db.Queries, m managed) (string, error) {
		if err := did(q.RestoreUser(ctx, id)); err != nil {
			return "", err
		}
		return "", q.RestorePostsOf(ctx, id, m.person.DeletedAt)
	})
}

// LinkFor makes a link to set the password of an account, for an owner to hand over. It
// returns fault.ErrNotFound, or fault.Invalid for an account that could not log in.
func (a *Accounts) LinkFor(ctx context.Context, id uuid.UUID, by By) (Token, error) {
	token, hash := newToken()
	err := a.manage(ctx, id, by, LinkMade, func(q *db.Queries, _ managed) (string, error) {
		return "", createReset(ctx, q, id, hash)
	})
	if errors.Is(err, ErrNoAccount) {
		return "", fault.Invalid{{Message: "Who cannot log in gets no link. Enable or restore the account first."}}
	}
	if err != nil {
		return "", err
	}
	return token, nil
}

// managed is an account that is about to be changed, and the owners that there are.
type managed struct {
	person Person
	owners []uuid.UUID
}

// manage does the work on an account in one transaction with its event, whose detail the
// work returns. It is done by somebody who is an owner at that moment.
func (a *Accounts) manage(
	ctx context.Context, id uuid.UUID, by By, kind Kind, work func(*db.Queries, managed) (detail string, err error),
) error {
	event := Event{Kind: kind, Actor: by.name(), From: by.From}
	err := a.store.Tx(ctx, func(q *db.Queries) (err error) {
		var m managed
		if m.owners, err = by.stillRuns(ctx, q); err != nil {
			return err
		}
		if m.person, err = findPerson(ctx, q, id); err != nil {
			return err
		}
		if event.Detail, err = work(q, m); err != nil {
			return err
		}
		event.User = m.person.User
		return q.AddEvent(ctx, event.row())
	})
	if err == nil {
		a.logEvent(ctx, event)
	}
	return unlessAlready(err)
}

func unlessAlready(err error) error {
	if errors.Is(err, errAlready) {
		return nil
	}
	return err
}

// leavesAnOwner refuses what would take the last owner away.
func (m managed) leavesAnOwner(by By) error {
	if len(m.owners) != 1 || m.owners[0] != m.person.ID {
		return nil
	}
	if by.Owner.ID == m.person.ID {
		return fault.Invalid{{Message: onlyOwner}}
	}
	return fault.Invalid{{Message: m.person.Username + " is the only owner of this blog: make somebody else an owner first."}}
}

// shutOut ends all sessions of an account, its links, and the invitations it has made.
func shutOut(ctx context.Context, q *db.Queries, id uuid.UUID) error {
	return errors.Join(
		q.EndSessionsOf(ctx, id), q.DropResetOf(ctx, id), q.DropConfirmation(ctx, id), q.RevokeInvitationsOf(ctx, id))
}

// did is errAlready for a statement that has changed no row.
func did(rows int64, err error) error {
	if err == nil && rows == 0 {
		return errAlready
	}
	return err
}
