package account

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Most that an invitation can allow.
const (
	MaxUses = 1000
	MaxDays = 365
)

// invitationsPage is how many invitations are on one page.
const invitationsPage = 50

// Invitation is a link by which so many may join until it expires. Its token is known to
// who made it, and kept nowhere.
type Invitation struct {
	ID        uuid.UUID
	Uses      int
	Used      int
	MadeBy    string // an owner's username; "" for the command line
	MadeAt    time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero unless it was taken back
	Expired   bool
}

// Live tells whether somebody could join by it now.
func (i Invitation) Live() bool { return !i.Expired && i.RevokedAt.IsZero() && i.Used < i.Uses }

// Invite makes a link by which so many may join in so many days, whenever the mode of
// signing up asks for one. It returns fault.Invalid.
func (a *Accounts) Invite(ctx context.Context, uses, days int, by By) (Token, error) {
	var problems fault.Invalid
	if uses < 1 || uses > MaxUses {
		problems = append(problems, fault.Problem{Field: "uses", Message: "An invitation is for 1 to 1,000 people."})
	}
	if days < 1 || days > MaxDays {
		problems = append(problems, fault.Problem{Field: "days", Message: "An invitation lasts 1 to 365 days."})
	}
	if problems != nil {
		return "", problems
	}
	token, hash := newToken()
	invited := by.event(Invited)
	invited.Detail = strconv.Itoa(uses) + " × in " + strconv.Itoa(days) + " days"
	return token, a.recorded(ctx, invited, func(q *db.Queries) error {
		if _, err := by.stillRuns(ctx, q); err != nil {
			return err
		}
		return q.CreateInvitation(ctx, db.CreateInvitationParams{
			TokenHash: hash, Uses: int32(uses), Days: int32(days),
			CreatedBy: uuid.NullUUID{UUID: by.Owner.ID, Valid: by.Owner.ID != uuid.Nil},
		})
	})
}

// Invitations lists them, newest first, from before one that was made then with that id
// on; the zero time is the start. More tells whether others follow.
func (a *Accounts) Invitations(ctx context.Context, before time.Time, id uuid.UUID) (list []Invitation, more bool, err error) {
	if before.IsZero() {
		before, id = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	}
	rows, err := a.store.ListInvitations(ctx, db.ListInvitationsParams{BeforeTime: before, BeforeID: id, Most: invitationsPage + 1})
	for _, row := range rows[:min(len(rows), invitationsPage)] {
		list = append(list, Invitation{
			ID: row.ID, Uses: int(row.Uses), Used: int(row.Used), MadeBy: orEmpty(row.MadeBy), MadeAt: row.CreatedAt,
			ExpiresAt: row.ExpiresAt, RevokedAt: orZero(row.RevokedAt), Expired: row.Expired,
		})
	}
	return list, len(rows) > invitationsPage, err
}

// RevokeInvitation has nobody join by it any more; twice is harmless. It returns
// fault.ErrNotFound.
func (a *Accounts) RevokeInvitation(ctx context.Context, id uuid.UUID, by By) error {
	return unlessAlready(a.recorded(ctx, by.event(InvitationRevoked), func(q *db.Queries) error {
		if _, err := by.stillRuns(ctx, q); err != nil {
			return err
		}
		before, err := q.RevokeInvitation(ctx, id)
		switch {
		case db.IsNone(err):
			return fault.ErrNotFound
		case err == nil && before != nil:
			return errAlready
		}
		return err
	}))
}
