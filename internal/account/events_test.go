package account_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// events are what was written down, the oldest first, with lines such as "logged-in ada Firefox on Linux 192.0.2.1".
func (r *register) events() []string {
	r.t.Helper()
	return dbtest.One[[]string](r.t, r.store, `
		SELECT coalesce(array_agg(concat_ws(' ', kind, nullif(username, ''), nullif(actor, ''), nullif(browser, ''), host(address)) ORDER BY id), '{}')
		FROM events`)
}

func TestWhatHappensToAnAccountIsWrittenDown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := newRegister(t, func(rules *account.Rules) { rules.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	here := at("192.0.2.1")
	here.Browser = "Firefox on Linux"
	ada, err := r.SignUp(t.Context(), account.Application{Username: "ada", Password: dbtest.Password}, here)
	noError(t, err)
	tokens, err := r.StartSession(t.Context(), ada, here)
	noError(t, err)
	r.fails("ada", here)
	r.fails("my secret typed as a name", here)
	noError(t, r.EndSession(t.Context(), tokens.Session, here))
	link, err := r.NewLink(t.Context(), "ada", account.CommandLine, account.Client{})
	noError(t, err)
	noError(t, r.ResetPassword(t.Context(), link, "eight brown owls", here))
	want := []string{
		"joined ada Firefox on Linux 192.0.2.1", "logged-in ada Firefox on Linux 192.0.2.1",
		"login-refused ada Firefox on Linux 192.0.2.1", "login-refused Firefox on Linux 192.0.2.1",
		"logged-out ada Firefox on Linux 192.0.2.1", "link-made ada command line", "password-reset ada Firefox on Linux 192.0.2.1",
	}
	if got := r.events(); !slices.Equal(got, want) {
		t.Errorf("written down:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if lines := strings.Count(log.String(), "msg=account"); lines != len(want) {
		t.Errorf("%d lines in the log, want %d: %s", lines, len(want), log.String())
	}
	for _, secret := range []string{"my secret", string(tokens.Session), string(link), "owls"} {
		if strings.Contains(log.String(), secret) || strings.Contains(strings.Join(r.events(), " "), secret) {
			t.Errorf("%q is written down", secret)
		}
	}
}

func TestTheRecordCanOnlyBeAddedTo(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.fails("ada", account.Client{})
	for _, statement := range []string{
		"UPDATE events SET kind = 'joined'", "DELETE FROM events", "TRUNCATE events",
		"UPDATE events SET created_at = now() - interval '91 days'",
	} {
		if _, err := r.store.Pool.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if len(r.events()) != 1 {
		t.Errorf("the record is %v", r.events())
	}
}

func TestTheRecordIsKeptForNinetyDays(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, age := range []string{"89 days 23:59", "90 days", "1 year"} {
		dbtest.Exec(t, r.store, "INSERT INTO events (kind, created_at, detail) VALUES ('joined', now() - $1::interval, $1)", age)
	}
	removed, err := r.Purge(t.Context())
	if left := dbtest.One[string](t, r.store, "SELECT string_agg(detail, ', ') FROM events"); err != nil || removed.Events != 2 || left != "89 days 23:59:00" {
		t.Errorf("%d removed, %v, left %s", removed.Events, err, left)
	}
}

func TestWhatIsTriedOverAndOverIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for range 20 {
		r.fails("ada", at("192.0.2.1"))
	}
	r.fails("ada", at("192.0.2.2"))
	want := []string{"login-refused ada 192.0.2.1", "login-throttled ada 192.0.2.1", "login-throttled ada 192.0.2.2"}
	if got := r.events(); !slices.Equal(got, want) {
		t.Errorf("written down:\n%s", strings.Join(got, "\n"))
	}
}

// Else whoever measures could tell a name that somebody has, and nothing hides it once no
// password is hashed.
func TestAKnownNameIsWrittenDownNoOftenerThanAnUnknownOne(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, name := range []string{"ada", "nobody"} { // until both are throttled
		for n := range 6 {
			r.fails(name, from(n))
		}
	}
	r.fails("primed", at("198.51.100.1"))
	for name, from := range map[string]account.Client{"ada": at("198.51.100.1"), "nobody": at("198.51.100.1"), "ada ": at("203.0.113.1"), "nobody ": at("203.0.113.2")} {
		before := len(r.events())
		if r.fails(name, from) == 0 {
			t.Errorf("%q is not throttled", name)
		}
		if wrote := len(r.events()) - before; wrote != 1 {
			t.Errorf("%q is written down %d times", name, wrote)
		}
		r.fails(name, from)
		if wrote := len(r.events()) - before; wrote != 1 {
			t.Errorf("%q is written down again: %d times", name, wrote)
		}
	}
}

func TestNobodyFillsTheRecord(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for n := range 100 {
		r.fails("ada", at(fmt.Sprintf("2001:db8::%x", n+1))) // of one /64
	}
	if got := len(r.events()); got != 2 {
		t.Errorf("from one network %d are written down", got)
	}
	for n := range 100 {
		r.fails("ada", at(fmt.Sprintf("2001:db8:0:%x::1", n+1)))
	}
	if got := len(r.events()); got > 20 {
		t.Errorf("of one name %d are written down", got)
	}
	before := len(r.events())
	for n := range 40 {
		r.fails(fmt.Sprintf("nobody-%d", n), at("192.0.2.1"))
	}
	if got := len(r.events()) - before; got != 20 {
		t.Errorf("of many names from one address %d are written down", got)
	}
}

func TestWhatIsNotDoneIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	_, err := r.SignUp(t.Context(), account.Application{Username: "ada", Password: dbtest.Password}, account.Client{})
	if !errors.As(err, new(fault.Invalid)) {
		t.Errorf("a taken name: %v", err)
	}
	_, err = r.StartSession(t.Context(), account.User{}, account.Client{})
	if !errors.Is(err, fault.ErrUnauthenticated) || len(r.events()) != 0 {
		t.Errorf("%v; written down: %v", err, r.events())
	}
}
