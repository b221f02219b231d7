package account

import (
	"context"
	"log/slog"
	"net/netip"

	"github.com/google/uuid"

	"miniblog/db"
)

// Kind is what happened to an account.
type Kind string

// What is written down. Which of them an account's own record shows is all of them.
const (
	Joined            Kind = "joined"
	LoggedIn          Kind = "logged-in"
	LoginRefused      Kind = "login-refused"
	LoginThrottled    Kind = "login-throttled"
	LoggedOut         Kind = "logged-out"
	SessionEnded      Kind = "session-ended"
	PasswordChanged   Kind = "password-changed"
	PasswordReset     Kind = "password-reset"
	LinkMade          Kind = "link-made"
	EmailAsked        Kind = "email-asked"
	EmailChanged      Kind = "email-changed"
	ProfileChanged    Kind = "profile-changed"
	Exported          Kind = "exported"
	Deleted           Kind = "deleted"
	Restored          Kind = "restored"
	Disabled          Kind = "disabled"
	Enabled           Kind = "enabled"
	RoleChanged       Kind = "role-changed"
	SignupChanged     Kind = "signup-changed"
	Invited           Kind = "invited"
	InvitationRevoked Kind = "invitation-revoked"
)

// CommandLine is who did what was done at the command line.
const CommandLine = "command line"

// Event is something that happened to an account, to be written down.
type Event struct {
	Kind   Kind
	User   User   // whom it concerns; nobody for a name that no account has
	Actor  string // who did it, when it was somebody else
	From   Client
	Detail string // what the kind does not say; never a secret, nor what a stranger typed
}

// recorded does the work in one transaction with the event that tells of it: both are
// kept or none. The log gets a line once they are.
func (a *Accounts) recorded(ctx context.Context, event Event, work func(*db.Queries) error) error {
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		if err := work(q); err != nil {
			return err
		}
		return q.AddEvent(ctx, event.row())
	})
	if err == nil {
		a.logEvent(ctx, event)
	}
	return err
}

// note writes down what stands by itself.
func (a *Accounts) note(ctx context.Context, event Event) error {
	return a.recorded(ctx, event, func(*db.Queries) error { return nil })
}

// noteRepeated writes down what can be tried over and over, so that nobody fills the
// record: once in ten minutes for an address and an account. The log gets each.
func (a *Accounts) noteRepeated(ctx context.Context, event Event) error {
	row := event.row()
	a.logEvent(ctx, event)
	_, err := a.store.AddRepeatedEvent(ctx, db.AddRepeatedEventParams{
		Kind: row.Kind, UserID: row.UserID, Username: row.Username, Browser: row.Browser, Address: row.Address, Detail: row.Detail,
	})
	return err
}

func (e Event) row() db.AddEventParams {
	return db.AddEventParams{
		Kind: string(e.Kind), UserID: uuid.NullUUID{UUID: e.User.ID, Valid: e.User.ID != uuid.Nil}, Username: e.User.Username,
		Actor: e.Actor, Browser: e.From.Browser, Address: addressOrNull(e.From.Address), Detail: e.Detail,
	}
}

func (a *Accounts) logEvent(ctx context.Context, e Event) {
	a.log.LogAttrs(ctx, slog.LevelInfo, "account",
		slog.String("event", string(e.Kind)), slog.String("user", e.User.Username), slog.String("actor", e.Actor),
		slog.String("address", e.From.address()), slog.String("browser", e.From.Browser), slog.String("detail", e.Detail))
}

func addressOrNull(address netip.Addr) *netip.Addr {
	if !address.IsValid() {
		return nil
	}
	return &address
}
