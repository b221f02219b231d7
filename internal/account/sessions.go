package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// SessionMax is how long a session lasts at most; left unused it ends after 14
// days. Both are enforced by the queries in db/queries/sessions.sql.
const SessionMax = 30 * 24 * time.Hour

// DeviceMax is how long a browser keeps a cookie at most (RFC 6265bis, 5.5); a device
// that has not logged in for as long is a stranger again.
const DeviceMax = 400 * 24 * time.Hour

// Token is what a browser's cookie holds, of a session or a device, or a link: 32 random bytes as base64url.
type Token string

// tokenBytes is 256 bits (OWASP ASVS 5.0, 7.2.3 asks for at least 128).
const tokenBytes = 32

// Tokens are what a browser gets when it logs in: one for its session, and one to be known by after that.
type Tokens struct{ Session, Device Token }

// newToken returns a new token and what the table keeps of it.
func newToken() (token Token, hash []byte) {
	raw := make([]byte, tokenBytes)
	rand.Read(raw)
	token = Token(base64.RawURLEncoding.EncodeToString(raw))
	hash, _ = token.hash()
	return token, hash
}

// hash is what the table keeps of the token; ok is false for what no token can be.
func (t Token) hash() (hash []byte, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil || len(raw) != tokenBytes || len(t) != base64.RawURLEncoding.EncodedLen(tokenBytes) { // base64 skips line ends
		return nil, false
	}
	sum := sha256.Sum256(raw)
	return sum[:], true
}

// Session is what a live token opens.
type Session struct {
	ID    uuid.UUID // opens nothing
	User  User
	Fresh bool // the password was proven in the last ten minutes
}

// StartSession begins a session for the user, who has just joined and so is logged in, under a
// new token, and ends the one the browser had before. The browser is known from then on, as one
// that has logged in to that account, by a new token too: the one it had ends, for whichever accounts
// that was. A device is forgotten when the password changes, or the account is disabled. It returns
// fault.ErrUnauthenticated when that happened, or the account was deleted, since the password was checked.
func (a *Accounts) StartSession(ctx context.Context, user User, from Client) (Tokens, error) {
	return a.replaceSession(ctx, Event{Kind: LoggedIn, User: user, From: from}, nil)
}

// RenewSession puts a new session in the place of the user's, as StartSession does: they
// have proven their password again, which is no log-in.
func (a *Accounts) RenewSession(ctx context.Context, user User, from Client) (Tokens, error) {
	return a.replaceSession(ctx, Event{User: user, From: from}, nil)
}

// replaceSession writes the event down, too, if it is of a kind, and gives the turns back that the log-in took.
func (a *Accounts) replaceSession(ctx context.Context, event Event, turns []bucket) (Tokens, error) {
	session, sessionHash := newToken()
	device, deviceHash := newToken()
	sessionBefore, _ := event.From.Session.hash()
	deviceBefore, _ := event.From.Device.hash()
	kinds, numbers, windows, _ := columns(turns)
	var begun int64
	err := a.store.Statement(func(q *db.Queries) (err error) {
		begun, err = q.StartSession(ctx, db.StartSessionParams{
			UserID: event.User.ID, PasswordNumber: event.User.PasswordNumber, Kind: string(event.Kind),
			TokenHash: sessionHash, SessionBefore: sessionBefore, DeviceHash: deviceHash, DeviceBefore: deviceBefore,
			Browser: event.From.Browser, Address: addressOrNull(event.From.Address),
			TurnKinds: kinds, TurnBuckets: numbers, TurnWindows: windows,
		})
		return err
	})
	if err == nil && begun == 0 {
		err = fault.ErrUnauthenticated
	}
	if err != nil {
		return Tokens{}, err
	}
	if event.Kind != "" {
		a.logEvent(ctx, event)
	}
	return Tokens{Session: session, Device: device}, nil
}

// Session finds whose live session the token opens, and notes that it was used, and
// whence. It returns fault.ErrUnauthenticated when there is none.
func (a *Accounts) Session(ctx context.Context, token Token, from Client) (Session, error) {
	hash, ok := token.hash()
	if !ok {
		return Session{}, fault.ErrUnauthenticated
	}
	found, err := a.store.UseSession(ctx, hash, addressOrNull(from.Address))
	if db.IsNone(err) {
		return Session{}, fault.ErrUnauthenticated
	}
	return Session{ID: found.SessionID, Fresh: found.Fresh, User: User{
		ID: found.ID, Username: found.Username, Name: found.DisplayName, Role: found.Role, PasswordNumber: found.PasswordNumber,
		TimeZone: found.TimeZone,
	}}, err
}

// EndSession ends the session of the token, as its user asked; one that has ended already
// is fine.
func (a *Accounts) EndSession(ctx context.Context, token Token, from Client) error {
	hash, ok := token.hash()
	if !ok {
		return nil
	}
	whose, err := a.store.EndSession(ctx, hash)
	if db.IsNone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.note(ctx, Event{Kind: LoggedOut, User: User{ID: whose.ID, Username: whose.Username}, From: from})
}

// Purged is how much Purge removed.
type Purged struct{ Users, Sessions, Devices, Throttles, Events int64 }

// Purge removes sessions, links and invitations that can no longer be used, what happened too
// long ago to tell of, accounts that were deleted DeletionDays ago, with all they wrote, and
// what the throttle need not remember any more.
func (a *Accounts) Purge(ctx context.Context) (removed Purged, err error) {
	if removed.Events, err = a.store.PurgeEvents(ctx); err != nil {
		return removed, err
	}
	if _, err = a.store.PurgeResets(ctx); err != nil {
		return removed, err
	}
	if _, err = a.store.PurgeConfirmations(ctx); err != nil {
		return removed, err
	}
	if _, err = a.store.PurgeInvitations(ctx); err != nil {
		return removed, err
	}
	if removed.Sessions, err = a.store.PurgeSessions(ctx); err != nil {
		return removed, err
	}
	if removed.Devices, err = a.store.PurgeDevices(ctx); err != nil {
		return removed, err
	}
	if removed.Users, err = a.store.PurgeUsers(ctx); err != nil {
		return removed, err
	}
	removed.Throttles, err = a.store.PurgeThrottles(ctx)
	return removed, err
}
