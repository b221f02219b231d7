package account_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

const newPassword = "eight brown owls"

// link is a new link for the account of that name.
func (r *register) link(name string) account.Token {
	r.t.Helper()
	token, err := r.NewLink(r.t.Context(), name, "", account.Client{})
	noError(r.t, err)
	return token
}

func TestALinkSetsThePasswordOnce(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	for range 2 {
		r.session(ada)
	}
	bobs := r.session(bob)
	token := r.link("ada")
	owner, err := r.OwnerOfLink(t.Context(), token)
	if err != nil || owner.ID != ada.ID || owner.Username != "ada" {
		t.Errorf("it is the link of %+v, %v", owner, err)
	}
	noError(t, r.ResetPassword(t.Context(), token, newPassword, account.Client{}))
	if dbtest.One[int](t, r.store, "SELECT count(*) FROM sessions WHERE user_id = $1", ada.ID) != 0 {
		t.Error("a session outlives the password it was begun with")
	}
	ada.PasswordNumber++
	if user, _, err := r.LogIn(t.Context(), "ada", newPassword, account.Client{}); err != nil || user != ada {
		t.Errorf("the new password lets in %+v, %v", user, err)
	}
	refusal(t, r, "ada", dbtest.Password)
	if user, _, err := r.LogIn(t.Context(), "bob", dbtest.Password, account.Client{}); err != nil || user != bob {
		t.Errorf("bob: %+v, %v", user, err)
	}
	if session, err := r.Session(t.Context(), bobs, account.Client{}); err != nil || session.User != bob {
		t.Errorf("bob's session: %+v, %v", session, err)
	}
	isGone(t, r, token)
}

// isGone asserts that a link sets nothing.
func isGone(t *testing.T, r *register, token account.Token) {
	t.Helper()
	before := r.hash()
	owner, err := r.OwnerOfLink(t.Context(), token)
	if !errors.Is(err, account.ErrNoLink) || !errors.Is(err, fault.ErrNotFound) || owner != (account.User{}) {
		t.Errorf("%.60q is the link of %+v, %v", token, owner, err)
	}
	for _, pw := range []string{newPassword, "x"} {
		if err := r.ResetPassword(t.Context(), token, pw, account.Client{}); !errors.Is(err, account.ErrNoLink) {
			t.Errorf("%.60q set a password: %v", token, err)
		}
	}
	if r.hash() != before {
		t.Errorf("%.60q changed a hash", token)
	}
}

func TestOnlyTheNewestLinkOfAnAccountWorks(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET email = 'ada@example.org'")
	first, second := r.link("ada"), r.link(" Ada@Example.org")
	isGone(t, r, first)
	noError(t, r.ResetPassword(t.Context(), second, newPassword, account.Client{}))
}

func TestALinkWorksForThirtyMinutes(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	token := r.link("ada")
	dbtest.Exec(t, r.store, "UPDATE resets SET expires_at = expires_at - interval '29 minutes 30 seconds'")
	if _, err := r.OwnerOfLink(t.Context(), token); err != nil {
		t.Errorf("nearly 30 minutes old: %v", err)
	}
	purge(t, r)
	dbtest.Exec(t, r.store, "UPDATE resets SET expires_at = expires_at - interval '30 seconds'")
	isGone(t, r, token)
	if left := dbtest.One[int](t, r.store, "SELECT count(*) FROM resets"); left != 1 {
		t.Errorf("%d links, want the one that a purge left and nothing used", left)
	}
	purge(t, r)
	if left := dbtest.One[int](t, r.store, "SELECT count(*) FROM resets"); left != 0 {
		t.Errorf("%d links are left after a purge", left)
	}
	noError(t, r.ResetPassword(t.Context(), r.link("ada"), newPassword, account.Client{}))
}

func purge(t *testing.T, r *register) {
	t.Helper()
	_, err := r.Purge(t.Context())
	noError(t, err)
}

func TestWhatWasNeverGivenOutIsNoLink(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	token := r.link("ada")
	kept := base64.RawURLEncoding.EncodeToString(dbtest.One[[]byte](t, r.store, "SELECT token_hash FROM resets"))
	for _, other := range []account.Token{
		"", "ada", account.Token(kept), token + "=", token + "\n", token[:42], r.session(ada),
		account.Token(strings.Repeat("A", 43)), account.Token(strings.Repeat("A", 5000)), "\xff", "a\x00",
	} {
		isGone(t, r, other)
	}
	if _, err := r.Session(t.Context(), token, account.Client{}); !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("a link opens a session: %v", err)
	}
	noError(t, r.ResetPassword(t.Context(), token, newPassword, account.Client{}))
}

func TestAPasswordThatIsRefusedLeavesTheLinkAsItIs(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	session, token, before := r.session(ada), r.link("ada"), r.hash()
	for _, pw := range []string{"", "short", "password1", "i am ada", "\xff23456789", strings.Repeat("x", 2000)} {
		err := r.ResetPassword(t.Context(), token, pw, account.Client{})
		if found := problems(t, err); len(found) != 1 || found.Of("password") == "" {
			t.Errorf("%.20q: %v", pw, err)
		}
	}
	if _, err := r.Session(t.Context(), session, account.Client{}); err != nil || r.hash() != before {
		t.Errorf("a refused password changed something: %v", err)
	}
	noError(t, r.ResetPassword(t.Context(), token, newPassword, account.Client{}))
}

func TestOfTwoWhoUseALinkAtOnceOneWins(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	token := r.link("ada")
	var won, gone atomic.Int32
	var winner atomic.Value
	var all sync.WaitGroup
	for _, pw := range []string{newPassword, "nine white geese", "ten small wrens", "two black swans"} {
		all.Go(func() {
			switch err := r.ResetPassword(t.Context(), token, pw, account.Client{}); {
			case err == nil:
				won.Add(1)
				winner.Store(pw)
			case errors.Is(err, account.ErrNoLink):
				gone.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || gone.Load() != 3 {
		t.Fatalf("%d won, %d found it gone", won.Load(), gone.Load())
	}
	if _, _, err := r.LogIn(t.Context(), "ada", winner.Load().(string), account.Client{}); err != nil {
		t.Errorf("the winner's password does not let in: %v", err)
	}
}

func TestAFailureOnTheWayLeavesLinkPasswordAndSessions(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	session, token, before := r.session(r.user("ada")), r.link("ada"), r.hash()
	dbtest.Exec(t, r.store, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
	dbtest.Exec(t, r.store, "CREATE TRIGGER refuse BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()")
	if err := r.ResetPassword(t.Context(), token, newPassword, account.Client{}); err == nil || errors.Is(err, account.ErrNoLink) {
		t.Errorf("got %v", err)
	}
	dbtest.Exec(t, r.store, "DROP TRIGGER refuse ON sessions")
	if _, err := r.Session(t.Context(), session, account.Client{}); err != nil || r.hash() != before {
		t.Errorf("half of it happened: %v", err)
	}
	noError(t, r.ResetPassword(t.Context(), token, newPassword, account.Client{}))
}

func TestNobodyGetsALinkToAnAccountThatIsNotThere(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, name := range []string{"", " ", "eve", "eve@example.org", "ada\x00", "\xff", "%", strings.Repeat("a", 1<<16)} {
		if token, err := r.NewLink(t.Context(), name, "", account.Client{}); !errors.Is(err, account.ErrNoAccount) || token != "" {
			t.Errorf("%.20q: %q, %v", name, token, err)
		}
	}
	if n := dbtest.One[int](t, r.store, "SELECT count(*) FROM resets"); n != 0 {
		t.Errorf("%d links", n)
	}
}

func TestTheTableKeepsNoTokenOfALink(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	token := r.link("ada")
	raw, err := base64.RawURLEncoding.DecodeString(string(token))
	noError(t, err)
	row := dbtest.One[string](t, r.store, "SELECT r::text || encode(token_hash, 'base64') FROM resets AS r")
	if len(raw) != 32 || strings.Contains(row, string(token)) {
		t.Errorf("a token of %d bytes, kept as %s", len(raw), row)
	}
	if dbtest.One[bool](t, r.store, "SELECT token_hash = $1 FROM resets", raw) ||
		!dbtest.One[bool](t, r.store, "SELECT token_hash = sha256($1) FROM resets", raw) {
		t.Error("it is not the SHA-256 of the token that is kept")
	}
}

// closing are the ways in which an account can be closed to who has it.
var closing = map[string]string{
	"disabled": "UPDATE users SET disabled_at = now() WHERE username = 'ada'",
	"removed":  "UPDATE users SET deleted_at = now(), deleted_by = gen_random_uuid() WHERE username = 'ada'",
}

func TestALinkToAClosedAccountSetsNothing(t *testing.T) {
	t.Parallel()
	for how, closes := range closing {
		r := newRegister(t)
		r.user("ada")
		token := r.link("ada")
		dbtest.Exec(t, r.store, closes)
		isGone(t, r, token)
		if _, err := r.NewLink(t.Context(), "ada", "", account.Client{}); !errors.Is(err, account.ErrNoAccount) {
			t.Errorf("%s, it gets a link: %v", how, err)
		}
	}
}

func TestALinkThatIsAskedForWhileTheAccountIsClosedIsNotMade(t *testing.T) {
	t.Parallel()
	for how, closes := range closing {
		r := newRegister(t)
		r.user("ada")
		closer, err := r.store.Pool.Begin(t.Context())
		noError(t, err)
		_, err = closer.Exec(t.Context(), closes)
		noError(t, err)
		made := make(chan error, 1)
		go func() {
			_, err := r.NewLink(t.Context(), "ada", "", account.Client{})
			made <- err
		}()
		r.awaitsLock()
		noError(t, closer.Commit(t.Context()))
		if err := <-made; !errors.Is(err, account.ErrNoAccount) {
			t.Errorf("%s meanwhile: %v", how, err)
		}
		if links := dbtest.One[int](t, r.store, "SELECT count(*) FROM resets"); links != 0 {
			t.Errorf("%s meanwhile: %d links", how, links)
		}
	}
}

// awaitsLock returns once somebody waits for what another transaction holds, or after a
// few seconds in which nobody did.
func (r *register) awaitsLock() {
	r.t.Helper()
	for range 500 {
		if dbtest.One[bool](r.t, r.store, `SELECT EXISTS (
			SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.t.Error("nobody waits")
}
