package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
)

// SessionMax is how long a session lasts at most; left unused it ends after 14
// days. Both are enforced by the queries in db/queries/sessions.sql.
const SessionMax = 30 * 24 * time.Hour

// Token is what a browser's cookie holds, of a session or a device, or a link: 32 random bytes as base64url.
type Token string

// tokenBytes is 256 bits (OWASP ASVS 5.0, 7.2.3 asks for at least 128).
const tokenBytes = 32

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

// StartSession begins a session for the user under a new token, and ends the one
// the browser had before.
func (a *Accounts) StartSession(ctx context.Context, user User, before Token) (Token, error) {
	token, hash := newToken()
	if err := a.store.CreateSession(ctx, hash, user.ID); err != nil {
		return "", err
	}
	return token, a.EndSession(ctx, before)
}

// Session finds whose live session the token opens, and notes that it was used.
// It returns fault.ErrUnauthenticated when there is none.
func (a *Accounts) Session(ctx context.Context, token Token) (User, error) {
	hash, ok := token.hash()
	if !ok {
		return User{}, fault.ErrUnauthenticated
	}
	found, err := a.store.UseSession(ctx, hash)
	if db.IsNone(err) {
		return User{}, fault.ErrUnauthenticated
	}
	return User(found), err
}

// EndSession ends the session of the token; one that has ended already is fine.
func (a *Accounts) EndSession(ctx context.Context, token Token) error {
	hash, ok := token.hash()
	if !ok {
		return nil
	}
	return a.store.EndSession(ctx, hash)
}

// Purged is how much Purge removed.
type Purged struct{ Sessions, Devices, Throttles int64 }

// Purge removes sessions and links that can no longer be used, and what the throttle
// need not remember any more.
func (a *Accounts) Purge(ctx context.Context) (removed Purged, err error) {
	if _, err = a.store.PurgeResets(ctx); err != nil {
		return removed, err
	}
	if removed.Sessions, err = a.store.PurgeSessions(ctx); err != nil {
		return removed, err
	}
	if removed.Devices, err = a.store.PurgeDevices(ctx); err != nil {
		return removed, err
	}
	removed.Throttles, err = a.store.PurgeThrottles(ctx)
	return removed, err
}
