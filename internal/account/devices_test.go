package account_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// knows asserts whether a device has a bucket of its own for that account: then
// strangers' failures do not keep it out.
func (r *register) knows(name string, device account.Token, want bool) {
	r.t.Helper()
	dbtest.Exec(r.t, r.store, "DELETE FROM throttles")
	for n := range 5 {
		r.fails(name, from(n))
	}
	dbtest.Exec(r.t, r.store, "CREATE TABLE devices_before AS TABLE devices")
	_, _, err := r.LogIn(r.t.Context(), name, dbtest.Password, account.Client{Device: device})
	for _, undo := range []string{"DELETE FROM devices", "INSERT INTO devices SELECT * FROM devices_before", "DROP TABLE devices_before"} {
		dbtest.Exec(r.t, r.store, undo) // the browser has another token now
	}
	if (err == nil) != want {
		r.t.Errorf("%s on %.50q: %v, want it known: %v", name, device, err, want)
	}
}

// The bucket is made in the database, where an instance of another version looks, too.
func TestTheBucketOfADeviceIsCutFromTheHashOfItsID(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	device := r.device(r.user("ada"), "")
	r.fails("ada", account.Client{Device: device})
	id := dbtest.One[string](t, r.store, "SELECT id::text FROM devices")
	sum := sha256.Sum256([]byte(id))
	want := int(binary.BigEndian.Uint32(sum[:]) >> 12)
	if got := dbtest.One[int](t, r.store, "SELECT bucket FROM throttles WHERE kind = 'device'"); got != want {
		t.Errorf("the failures on device %s are in bucket %d, want %d", id, got, want)
	}
}

func TestADeviceIsKnownToEachAccountThatHasLoggedInThere(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	first := r.device(ada, "")
	r.knows("ada", first, true)
	r.knows("bob", first, false)
	second := r.device(bob, first)
	r.knows("ada", second, true)
	r.knows("bob", second, true)
	r.knows("ada", first, false) // one planted before login is worth nothing after it
	third := r.device(bob, second)
	r.knows("ada", third, true)
	for _, no := range []account.Token{"", "x", third[:42], third + "A", "\n" + third, account.Token(strings.Repeat("A", 43))} {
		r.knows("ada", no, false)
	}
	if first == second || second == third || len(third) != 43 {
		t.Errorf("the tokens are %q, %q and %q", first, second, third)
	}
}

func TestTheTablesKeepNeitherTokenNorNameNorAddress(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	// No hash spells that name in hexadecimal digits, as one did "ada".
	token := r.device(r.user("oily-otter"), "")
	r.fails("secret typed into the wrong field", at("192.0.2.77"))
	r.fails("oily-otter", account.Client{Device: token})
	kept := dbtest.One[json.RawMessage](t, r.store, `SELECT json_build_array(
		(SELECT json_agg(d) FROM devices AS d), (SELECT json_agg(t) FROM throttles AS t))`)
	for _, no := range []string{string(token), "secret", "192.0.2", "otter"} {
		if strings.Contains(string(kept), no) {
			t.Errorf("%q is in %s", no, kept)
		}
	}
}

func TestOfAnAccountsDevicesTheLastTwentyStay(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	bobs := r.device(bob, "")
	oldest := r.device(ada, "")
	second := r.device(ada, "")
	for range 17 {
		r.device(ada, "")
	}
	newest := r.device(ada, "")
	r.knows("ada", oldest, true)
	newest = r.device(ada, newest) // the same one again crowds nobody out
	r.knows("ada", oldest, true)
	r.device(ada, "")
	r.knows("ada", oldest, false)
	r.knows("ada", second, true)
	r.knows("ada", newest, true)
	r.knows("bob", bobs, true)
	if devices := dbtest.One[int](t, r.store, "SELECT count(*) FROM devices WHERE user_id = $1", ada.ID); devices != 20 {
		t.Errorf("%d devices", devices)
	}
}

func TestADeviceIsForgottenWhenItsCookieIs(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	r.device(ada, "")
	for age, gone := range map[string]int64{"399 days": 0, "400 days": 1} {
		dbtest.Exec(t, r.store, "UPDATE devices SET seen_at = now() - $1::interval", age)
		if removed, err := r.Purge(t.Context()); err != nil || removed.Devices != gone {
			t.Errorf("after %s: %+v purged, %v", age, removed, err)
		}
		r.device(ada, "")
		dbtest.Exec(t, r.store, "DELETE FROM devices WHERE seen_at < now() - interval '1 day'")
	}
	if hours := account.DeviceMax.Hours(); hours != 400*24 {
		t.Errorf("the cookie lasts %g hours", hours)
	}
	dbtest.Exec(t, r.store, "DELETE FROM users")
	if left := dbtest.One[int](t, r.store, "SELECT count(*) FROM devices"); left != 0 {
		t.Errorf("%d devices of nobody are left", left)
	}
}

// Whoever may log in to an account of their own on a browser must not get new guesses at
// another's by doing so.
func TestALogInToAnotherAccountBuysNoGuessesAtOneThatTheBrowserKnows(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	device := r.device(ada, "")
	looked := 0
	for range 4 {
		for range 4 {
			if r.fails("ada", account.Client{Device: device}) == 0 {
				looked++
			}
		}
		device = r.device(bob, device)
	}
	if looked != 5 {
		t.Errorf("%d guesses were looked at, want 5", looked)
	}
	r.waits("30 seconds")
	r.logsIn("ada", account.Client{Device: device})
}

func TestAnAccountForgetsItsDevicesWithItsPasswordAndItsLife(t *testing.T) {
	t.Parallel()
	for how, forget := range map[string]func(r *register, ada account.User) error{
		"another password": func(r *register, ada account.User) error {
			_, err := r.ChangePassword(t.Context(), ada, dbtest.Password, newPassword, account.Client{})
			return err
		},
		"a link": func(r *register, ada account.User) error {
			return r.ResetPassword(t.Context(), r.link("ada"), newPassword, account.Client{})
		},
		"disabling": func(r *register, ada account.User) error {
			return r.Disable(t.Context(), ada.ID, account.By{})
		},
	} {
		r := newRegister(t)
		ada, bob := r.user("ada"), r.user("bob")
		device := r.device(bob, r.device(ada, ""))
		noError(t, forget(r, ada))
		if _, err := r.StartSession(t.Context(), ada, account.Client{Device: device}); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s: who had logged in before begins a session a moment late: %v", how, err)
		}
		if left := dbtest.One[string](t, r.store, "SELECT string_agg(username, ' ') FROM devices JOIN users AS u ON u.id = user_id"); left != "bob" {
			t.Errorf("%s leaves the devices of %s", how, left)
		}
		r.knows("bob", device, true)
		if how == "disabling" {
			continue
		}
		ada.PasswordNumber++
		r.device(ada, device)
		if known := dbtest.One[int](t, r.store, "SELECT count(*) FROM devices WHERE user_id = $1", ada.ID); known != 1 {
			t.Errorf("%s: the browser is remembered %d times", how, known)
		}
	}
}
