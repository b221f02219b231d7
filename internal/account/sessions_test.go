package account_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestATokenOpensItsSessionUntilItEnds(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	adas, bobs := r.session(ada), r.session(bob)
	if adas == bobs || len(adas) != 43 {
		t.Errorf("the tokens are %q and %q", adas, bobs)
	}
	for token, want := range map[account.Token]account.User{adas: ada, bobs: bob} {
		if session, err := r.Session(t.Context(), token, account.Client{}); err != nil || session.User != want {
			t.Errorf("Session = %+v, %v, want %+v", session, err, want)
		}
	}
	for range 2 { // ending it again is fine
		noError(t, r.EndSession(t.Context(), adas, account.Client{}))
	}
	r.isEnded(adas)
	if _, err := r.Session(t.Context(), bobs, account.Client{}); err != nil {
		t.Errorf("bob's ended with ada's: %v", err)
	}
}

func TestTheTableKeepsOnlyTheHashOfAToken(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	token := r.session(r.user("ada"))
	raw, err := base64.RawURLEncoding.DecodeString(string(token))
	noError(t, err)
	want := sha256.Sum256(raw)
	if got := dbtest.One[[]byte](t, r.store, "SELECT token_hash FROM sessions"); string(got) != string(want[:]) {
		t.Errorf("kept %x, want %x", got, want)
	}
	row := dbtest.One[string](t, r.store, "SELECT row_to_json(s)::text FROM sessions AS s")
	if strings.Contains(row, string(token)) {
		t.Errorf("the token is in %s", row)
	}
	r.isEnded(account.Token(base64.RawURLEncoding.EncodeToString(want[:]))) // a copy of the table opens nothing
}

func TestWhatIsNoTokenOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	token := r.session(r.user("ada"))
	for _, no := range []account.Token{
		"", "x", token[:42], token + "A", token + "=", " " + token, token + "\n", token[:42] + "\x00",
		account.Token(strings.Repeat("A", 43)), account.Token(strings.Repeat("A", 1e6)), token[:20] + "\n" + token[20:],
	} {
		r.isEnded(no)
		noError(t, r.EndSession(t.Context(), no, account.Client{}))
	}
	if _, err := r.Session(t.Context(), token, account.Client{}); err != nil {
		t.Errorf("ada's ended: %v", err)
	}
}

func TestLoggingInEndsTheSessionTheBrowserHad(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	elsewhere, before := r.session(ada), r.session(ada)
	_, tokens, err := r.LogIn(t.Context(), "bob", dbtest.Password, account.Client{Session: before})
	noError(t, err)
	r.isEnded(before)
	after, err := r.StartSession(t.Context(), bob, account.Client{Session: tokens.Session})
	noError(t, err)
	r.isEnded(tokens.Session)
	for token, want := range map[account.Token]account.User{elsewhere: ada, after.Session: bob} {
		if session, err := r.Session(t.Context(), token, account.Client{}); err != nil || session.User != want {
			t.Errorf("Session = %+v, %v, want %+v", session, err, want)
		}
	}
}

func TestASessionEndsUnusedAfterFourteenDaysAndAlwaysAfterThirty(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	for _, c := range []struct {
		created, seen string
		live          bool
	}{
		{"13 days 23:59", "13 days 23:59", true},
		{"14 days", "14 days", false},
		{"29 days 23:59", "1 minute", true},
		{"30 days", "1 minute", false},
	} {
		token := r.session(ada)
		dbtest.Exec(t, r.store, "UPDATE sessions SET created_at = now() - $1::interval, seen_at = now() - $2::interval", c.created, c.seen)
		session, err := r.Session(t.Context(), token, account.Client{})
		if c.live && (err != nil || session.User != ada) || !c.live && !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("created %s ago and seen %s ago: %+v, %v", c.created, c.seen, session, err)
		}
		removed, err := r.Purge(t.Context())
		if err != nil || (removed.Sessions == 0) != c.live {
			t.Errorf("created %s ago and seen %s ago: %d purged, %v", c.created, c.seen, removed.Sessions, err)
		}
		dbtest.Exec(t, r.store, "DELETE FROM sessions")
	}
	if days := account.SessionMax / (24 * time.Hour); days != 30 {
		t.Errorf("the cookie lasts %d days, the session 30", days)
	}
}

func TestUseIsNotedEveryTenMinutesAtMost(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	token := r.session(r.user("ada"))
	for ago, noted := range map[string]bool{"9 minutes 50 seconds": false, "10 minutes": true, "13 days": true} {
		dbtest.Exec(t, r.store, "UPDATE sessions SET seen_at = now() - $1::interval", ago)
		before := dbtest.One[time.Time](t, r.store, "SELECT seen_at FROM sessions")
		_, err := r.Session(t.Context(), token, account.Client{})
		noError(t, err)
		after := dbtest.One[time.Time](t, r.store, "SELECT seen_at FROM sessions")
		if after.After(before) != noted || noted && time.Since(after) > time.Minute {
			t.Errorf("seen %s ago: from %s to %s", ago, before, after)
		}
	}
	created := dbtest.One[bool](t, r.store, "SELECT created_at > now() - interval '1 minute' FROM sessions")
	if !created {
		t.Error("use changed when it began")
	}
}

func TestAClosedAccountsSessionsGoWithIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	token := r.session(r.user("ada"))
	dbtest.Exec(t, r.store, "DELETE FROM users")
	r.isEnded(token)
}

// session is a new session of the user's.
func (r *register) session(user account.User) account.Token {
	r.t.Helper()
	tokens, err := r.StartSession(r.t.Context(), user, account.Client{})
	noError(r.t, err)
	return tokens.Session
}

// isEnded asserts that the token opens no session.
func (r *register) isEnded(token account.Token) {
	r.t.Helper()
	if session, err := r.Session(r.t.Context(), token, account.Client{}); !errors.Is(err, fault.ErrUnauthenticated) || session != (account.Session{}) {
		r.t.Errorf("Session(%.50q) = %+v, %v", token, session, err)
	}
}

func FuzzTokenHash(f *testing.F) {
	f.Add("")
	f.Add(strings.Repeat("A", 43))
	f.Add(strings.Repeat("A", 42) + "B") // bits that no byte has
	f.Add(strings.Repeat("A", 43) + "=")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAA\r\nAAAAAAAAAAAAAAAAAA")
	f.Add("-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_4")
	f.Add("++//++//++//++//++//++//++//++//++//++//++4")
	f.Fuzz(func(t *testing.T, token string) {
		hash, ok := account.Token(token).Hash()
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if want := err == nil && len(raw) == 32 && base64.RawURLEncoding.EncodeToString(raw) == token; ok != want {
			t.Fatalf("%q is a token: %v, want %v", token, ok, want)
		}
		if want := sha256.Sum256(raw); ok && string(hash) != string(want[:]) {
			t.Errorf("%q is kept as %x", token, hash)
		}
		if !ok && hash != nil {
			t.Errorf("%q is none and is kept as %x", token, hash)
		}
	})
}

func TestNoSessionBeginsWithWhatWasTrueBefore(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"the password changed":     "UPDATE users SET password_number = password_number + 1",
		"the account was disabled": "UPDATE users SET disabled_at = now()",
		"the account was deleted":  "UPDATE users SET deleted_at = now(), deleted_by = id",
	} {
		r := newRegister(t)
		r.user("ada")
		ada, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
		noError(t, err)
		var before account.Tokens
		for range 100 { // as many sessions and devices as there may be
			before, err = r.StartSession(t.Context(), ada, account.Client{})
			noError(t, err)
		}
		dbtest.Exec(t, r.store, change)
		had := r.sessionsDevicesEvents()
		after, err := r.StartSession(t.Context(), ada, account.Client{Session: before.Session, Device: before.Device})
		if !errors.Is(err, fault.ErrUnauthenticated) || after != (account.Tokens{}) {
			t.Errorf("%s after it was checked: %q, %v", what, after, err)
		}
		if has := r.sessionsDevicesEvents(); !slices.Equal(has, had) {
			t.Errorf("%s after it was checked: sessions, devices and events are\n%v, and were\n%v", what, has, had)
		}
	}
}

// sessionsDevicesEvents is all that a session's beginning changes.
func (r *register) sessionsDevicesEvents() []string {
	return dbtest.One[[]string](r.t, r.store, `
		SELECT array_agg(line ORDER BY line)
		FROM (
			SELECT s::text FROM sessions AS s
			UNION ALL SELECT d::text FROM devices AS d
			UNION ALL SELECT e::text FROM events AS e
		) AS kept (line)`)
}

// Who ends an account's sessions holds the account first and then them. A request at that
// moment must neither wait for that nor hold what that waits for.
func TestASessionIsUsedWhileOthersHoldItsAccount(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	token := r.session(r.user("ada"))
	dbtest.Exec(t, r.store, "UPDATE sessions SET seen_at = now() - interval '11 minutes'")
	err := r.store.Tx(t.Context(), func(q *db.Queries) error {
		id := dbtest.One[uuid.UUID](t, r.store, "SELECT id FROM users")
		if err := q.ChangePassword(t.Context(), "-", id); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := r.Session(ctx, token, account.Client{}); err != nil {
			t.Errorf("before it is committed: %v", err)
		}
		return q.EndSessionsOf(t.Context(), id)
	})
	noError(t, err)
	r.isEnded(token)
}
