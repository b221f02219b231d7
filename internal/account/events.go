package account

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
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
	UsernameChanged   Kind = "username-changed"
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

// How much of what strangers can repeat is written down. All of it is logged.
const (
	notedOfNameAtAddress = 1     // in ten minutes
	notedOfName          = 20    // in an hour
	notedAtAddress       = 20    // in ten minutes
	notedInAll           = 1_000 // in an hour
)

// noteRepeated writes down what anybody can try over and over, while there is not much of
// it, so that nobody fills the record or buries what is in it. It does the same for every
// name that is typed, whether an account has it or not: the time tells nobody.
func (a *Accounts) noteRepeated(ctx context.Context, event Event, typed string) error {
	a.logEvent(ctx, event)
	at := Network(event.From.Address)
	err := takeTurns(ctx, a.store.Queries, []bucket{
		newBucket("noted", string(event.Kind)+" "+at+" "+typed).per(10*time.Minute, notedOfNameAtAddress),
		newBucket("noted-of", typed).per(time.Hour, notedOfName),
		newBucket("noted-at", at).per(10*time.Minute, notedAtAddress),
		newBucket("noted-in-all", "").per(time.Hour, notedInAll),
	}, "")
	if errors.As(err, new(fault.Throttled)) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.store.AddEvent(ctx, event.row())
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
