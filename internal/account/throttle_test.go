package account_test

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// at is a client at that address.
func at(address string) account.Client {
	return account.Client{Address: netip.MustParseAddr(address)}
}

// from is one of many clients, each at an address of its own.
func from(n int) account.Client { return at(fmt.Sprintf("192.0.%d.%d", 2+n/250, 1+n%250)) }

// fails tries a wrong password, and returns how long the next try must wait when this
// one was not looked at.
func (r *register) fails(name string, from account.Client) (wait time.Duration) {
	r.t.Helper()
	return r.tries(name, "wrong horse", from)
}

// tries a password that does not let in.
func (r *register) tries(name, pw string, from account.Client) (wait time.Duration) {
	r.t.Helper()
	user, _, err := r.LogIn(r.t.Context(), name, pw, from)
	if err == nil || user != (account.User{}) {
		r.t.Errorf("LogIn(%q) let in %+v", name, user)
	}
	return throttled(r.t, err)
}

// throttled is how long an error says to wait; 0 for a wrong password.
func throttled(t *testing.T, err error) time.Duration {
	t.Helper()
	var found fault.Throttled
	if errors.As(err, &found) {
		return found.Wait
	}
	problems(t, err)
	return 0
}

// logsIn logs in, and returns the client as it is after that.
func (r *register) logsIn(name string, from account.Client) account.Client {
	r.t.Helper()
	_, tokens, err := r.LogIn(r.t.Context(), name, dbtest.Password, from)
	if err != nil {
		r.t.Errorf("%s cannot log in: %v", name, err)
		return from
	}
	from.Session, from.Device = tokens.Session, tokens.Device
	return from
}

// waits lets time pass, as far as the throttle can tell.
func (r *register) waits(interval string) {
	r.t.Helper()
	dbtest.Exec(r.t, r.store, "UPDATE throttles SET throttled_until = throttled_until - $1::interval", interval)
}

// device is the token of a browser in which the user has logged in.
func (r *register) device(user account.User, before account.Token) account.Token {
	r.t.Helper()
	tokens, err := r.StartSession(r.t.Context(), user, account.Client{Device: before})
	noError(r.t, err)
	return tokens.Device
}

func TestFromTheFifthFailureOnEachDoublesTheWaitUpToAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, name := range []string{"ada", "nobody", "nobody@example.org", "ad\x00a"} {
		n := 0
		for range 4 {
			if wait := r.fails(name, from(n)); wait != 0 {
				t.Fatalf("%q waits %s after %d failures", name, wait, n)
			}
			n++
		}
		for _, want := range []string{"30s", "1m", "2m", "4m", "8m", "15m", "15m", "15m"} {
			if wait := r.fails(name, from(n)); wait != 0 {
				t.Errorf("%q: failure %d was not looked at for %s", name, n+1, wait)
			}
			n++
			long, err := time.ParseDuration(want)
			noError(t, err)
			for range 2 { // what is not looked at makes nobody wait longer
				if wait := r.fails(name, from(n)); wait > long || wait < long-5*time.Second {
					t.Errorf("%q waits %s after %d failures, want %s", name, wait, n, long)
				}
			}
			r.waits(want)
		}
	}
	r.logsIn("ada", from(0))
}

func TestAHundredGuessesFromAHundredAddressesAreThrottledAndTheKnownDeviceGetsIn(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	known := from(200)
	known.Device = r.device(ada, "")
	for _, name := range []string{"ADA ", "nobody"} {
		looked, begun := 0, time.Now()
		for n := range 100 {
			if n == 50 { // a restart, or another instance
				r.Accounts = account.New(r.store, password.New(0, time.Minute), r.Rules())
			}
			if r.fails(name, from(n)) == 0 {
				looked++
			}
		}
		if looked != 5 && time.Since(begun) < 30*time.Second { // when the sixth may be
			t.Errorf("%d of 100 guesses at %q were looked at, want 5", looked, name)
		}
	}
	right, wrong := r.tries("ada", dbtest.Password, from(101)), r.fails("ada", from(102))
	if right == 0 || right-wrong > time.Second {
		t.Errorf("the right password waits %s, a wrong one %s", right, wrong)
	}
	r.logsIn("ada", known)
}

func TestOfAHundredGuessesAtOnceFiveAreLookedAt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, name := range []string{"ada", "nobody"} {
		var guesses sync.WaitGroup
		looked := make(chan bool, 100)
		for n := range 100 {
			guesses.Go(func() { looked <- r.fails(name, from(n)) == 0 })
		}
		guesses.Wait()
		close(looked)
		count := 0
		for yes := range looked {
			if yes {
				count++
			}
		}
		if count != 5 {
			t.Errorf("%d guesses at %s were looked at, want 5", count, name)
		}
	}
}

func TestAKnownDeviceWaitsForItsOwnFailuresAlone(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	dbtest.Exec(t, r.store, "UPDATE users SET email = username || '@example.org'")
	hers, bobs := from(1), from(1)
	hers.Device, bobs.Device = r.device(ada, ""), r.device(bob, "")
	for range 5 {
		r.fails("ada", hers)
	}
	if r.tries("ada", dbtest.Password, hers) == 0 || r.tries("ada@example.org", dbtest.Password, hers) == 0 {
		t.Error("a known device may guess on")
	}
	r.logsIn("ada", from(2)) // its failures lock nobody else out
	r.waits("30 seconds")
	hers = r.logsIn("ada", hers)
	hers = r.logsIn("ada@example.org", hers)
	for range 5 {
		r.fails("ada", bobs)
	}
	if r.tries("ada", dbtest.Password, bobs) == 0 {
		t.Error("a device that knows bob is none that knows ada")
	}
	r.logsIn("ada", hers)
	r.logsIn("bob", bobs)
}

func TestAnAddressHasAHundredFailuresInTenMinutes(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, c := range []struct{ address, same, other string }{
		{"192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"},
		{"2001:db8::1", "2001:db8::ffff:1:2:3", "2001:db8:0:1::1"},
		{"fe80::1%eth0", "fe80::2%eth1", "fe80:0:0:1::1"},
	} {
		r.fails("nobody", at(c.address))
		r.logsIn("ada", at(c.address)) // counts for nothing
		dbtest.Exec(t, r.store, "UPDATE throttles SET count = 98 + count WHERE kind = 'address'")
		if wait := r.fails("somebody", at(c.address)); wait != 0 {
			t.Errorf("%s: the hundredth waits %s", c.address, wait)
		}
		if wait := r.tries("ada", dbtest.Password, at(c.same)); wait < 9*time.Minute || wait > 10*time.Minute {
			t.Errorf("%s: the next waits %s", c.same, wait)
		}
		if failures := dbtest.One[int](t, r.store, "SELECT max(count) FROM throttles WHERE kind = 'account'"); failures > 1 {
			t.Errorf("what was not looked at counts for the account: %d", failures)
		}
		r.logsIn("ada", at(c.other))
		r.waits("10 minutes")
		r.logsIn("ada", at(c.same))
		dbtest.Exec(t, r.store, "DELETE FROM throttles")
	}
}

func TestThoseWhoseAddressIsNotKnownCountAsOne(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.fails("nobody", account.Client{})
	dbtest.Exec(t, r.store, "UPDATE throttles SET count = 100 WHERE kind = 'address'")
	if r.fails("somebody", account.Client{}) == 0 {
		t.Error("who hides an address is not throttled by it")
	}
}

func TestWhatWasNoFailureCountsForNothing(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for range 7 {
		r.logsIn("ada", from(1))
	}
	if counted := r.counted(); counted != 0 {
		t.Errorf("%d count of those who got in", counted)
	}
	dbtest.Exec(t, r.store, "UPDATE users SET password_hash = 'damaged'")
	_, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, from(1))
	if !errors.Is(err, password.ErrMalformed) {
		t.Error(err)
	}
	narrow := password.New(1, time.Nanosecond)
	busy := account.New(r.store, narrow, r.Rules())
	if !becomesBusy(func() error { _, _, err := busy.LogIn(t.Context(), "ada", "x", from(1)); return err }, narrow) {
		t.Error("it never was busy")
	}
	dbtest.Exec(t, r.store, "DELETE FROM throttles")
	for range 2 {
		_, err = busy.SignUp(t.Context(), account.Application{Username: "ada", Password: dbtest.Password}, from(1))
		problems(t, err)
	}
	if counted := r.counted(); counted != 0 {
		t.Errorf("%d count", counted)
	}
}

// counted is how many turns count.
func (r *register) counted() int {
	r.t.Helper()
	return dbtest.One[int](r.t, r.store, "SELECT coalesce(sum(count), 0) FROM throttles")
}

func TestARightPasswordIsNoFailureWhereNoSessionBegins(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	// As if the account were disabled, or its password changed, between the two statements of a log-in.
	dbtest.Exec(t, r.store, "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
	dbtest.Exec(t, r.store, "CREATE TRIGGER stay BEFORE UPDATE OF seen_at ON users FOR EACH ROW EXECUTE FUNCTION stay()")
	user, tokens, err := r.LogIn(t.Context(), "ada", dbtest.Password, from(1))
	if !errors.Is(err, fault.ErrUnauthenticated) || user != (account.User{}) || tokens != (account.Tokens{}) {
		t.Errorf("LogIn = %+v, %+v, %v", user, tokens, err)
	}
	dbtest.Exec(t, r.store, "DROP TRIGGER stay ON users")
	dbtest.Exec(t, r.store, "UPDATE users SET disabled_at = now()")
	if wait := r.tries("ada", dbtest.Password, from(1)); wait != 0 {
		t.Errorf("who is disabled waits %s", wait)
	}
	if counted := r.counted(); counted != 0 {
		t.Errorf("%d count", counted)
	}
	if kept := r.sessionsDevicesEvents(); len(kept) != 0 {
		t.Errorf("there are %v", kept)
	}
}

func TestALogInIsTwoStatements(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	counted, statements := dbtest.Watched(t, r.store)
	accounts := account.New(counted, gate, r.Rules())
	known := r.logsIn("ada", from(1))
	for _, from := range []account.Client{from(2), known} {
		made := statements.During(func() {
			if _, _, err := accounts.LogIn(t.Context(), "ada", dbtest.Password, from); err != nil {
				t.Error(err)
			}
		})
		if len(made) != 2 {
			t.Errorf("%d statements: %q", len(made), made)
		}
	}
}

func TestALoginThatSucceedsForgivesNobodyElsesFailures(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for range 4 {
		r.fails("ada", from(1))
	}
	r.logsIn("ada", from(2))
	r.logsIn("ada", from(2))
	r.fails("ada", from(1))
	if r.fails("ada", from(1)) == 0 {
		t.Error("the owner's logins hand out new guesses")
	}
}

func TestADayWithoutFailuresIsAFreshStart(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for range 5 {
		r.fails("ada", from(1))
	}
	r.waits("23 hours")
	r.fails("ada", from(1))
	if r.fails("ada", from(1)) == 0 {
		t.Error("failures are forgotten within a day")
	}
	if removed, err := r.Purge(t.Context()); err != nil || removed.Throttles != 0 {
		t.Errorf("%+v purged, %v", removed, err)
	}
	r.waits("25 hours")
	for range 5 {
		if wait := r.fails("ada", from(1)); wait != 0 {
			t.Errorf("after a day it waits %s", wait)
		}
	}
	r.waits("25 hours")
	if removed, err := r.Purge(t.Context()); err != nil || removed.Throttles != 7 { // the name, the address, and what was written down of both, in two kinds and in all
		t.Errorf("%+v purged, %v", removed, err)
	}
}

func TestSignUpsAreLimitedByAddressAndInAll(t *testing.T) {
	t.Parallel()
	r := newRegister(t, func(rules *account.Rules) { rules.SignupsPerHour, rules.SignupsPerDay = 2, 3 })
	n := 0
	join := func(from account.Client) time.Duration {
		n++
		_, err := r.SignUp(t.Context(), account.Application{Username: fmt.Sprintf("user-%d", n), Password: dbtest.Password}, from)
		if err == nil {
			return 0
		}
		return throttled(t, err)
	}
	for range 2 {
		if wait := join(at("2001:db8::1")); wait != 0 {
			t.Errorf("sign-up %d waits %s", n, wait)
		}
		_, err := r.SignUp(t.Context(), account.Application{Username: "user-1", Password: "x"}, at("2001:db8::1"))
		problems(t, err) // a form that is wrong counts for nothing, and is told what is wrong all the same
	}
	if wait := join(at("2001:db8::2")); wait < 59*time.Minute || wait > time.Hour {
		t.Errorf("the third of an address waits %s", wait)
	}
	_, err := r.SignUp(t.Context(), account.Application{Username: "user-1", Password: "x"}, at("2001:db8::1"))
	problems(t, err)
	if wait := join(at("192.0.2.1")); wait != 0 {
		t.Errorf("another address waits %s", wait)
	}
	if wait := join(at("192.0.2.2")); wait < 23*time.Hour || wait > 24*time.Hour {
		t.Errorf("the fourth in all waits %s", wait)
	}
	if r.count() != 3 {
		t.Errorf("%d accounts", r.count())
	}
	_, err = r.Add(t.Context(), account.Application{Username: "friend", Password: dbtest.Password}, account.RoleAuthor)
	noError(t, err) // the owner's way is open
	r.waits("1 day")
	if wait := join(at("192.0.2.2")); wait != 0 {
		t.Errorf("the next day it waits %s", wait)
	}
}

func TestUnlessRulesSayOtherwiseThirtySignUpsAnHourAndAThousandADay(t *testing.T) {
	t.Parallel()
	if rules := newRegister(t).Rules(); rules.SignupsPerHour != 30 || rules.SignupsPerDay != 1000 {
		t.Errorf("%+v", rules)
	}
}
