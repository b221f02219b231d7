package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func invited(rules *account.Rules) { rules.Signup = account.SignupInvite }

// joins tries to make an account.
func (r *register) joins(name string, invitation account.Token) error {
	_, err := r.SignUp(r.t.Context(), account.Application{Username: name, Password: dbtest.Password, Invitation: invitation}, account.Client{})
	return err
}

// invitation is the one that there is.
func (r *register) invitation() account.Invitation {
	r.t.Helper()
	list, more, err := r.Invitations(r.t.Context(), time.Now().Add(time.Hour), uuid.Max)
	noError(r.t, err)
	if len(list) != 1 || more {
		r.t.Fatalf("the invitations are %+v", list)
	}
	return list[0]
}

func TestAnInvitationLetsInAsManyAsItSays(t *testing.T) {
	t.Parallel()
	r := newRegister(t, invited)
	token, err := r.Invite(t.Context(), 2, 7, account.By{})
	noError(t, err)
	for n, want := range []error{nil, nil, fault.ErrForbidden} {
		if err := r.joins(fmt.Sprintf("user-%d", n), token); !errors.Is(err, want) {
			t.Errorf("joining %d: %v, want %v", n, err, want)
		}
	}
	if got := r.invitation(); got.Live() || got.Used != 2 || got.Uses != 2 || got.MadeBy != "" || got.Expired || !got.RevokedAt.IsZero() {
		t.Errorf("it is %+v", got)
	}
	if row := dbtest.One[string](t, r.store, "SELECT i::text FROM invitations AS i"); len(row) == 0 || strings.Contains(row, string(token)) {
		t.Errorf("the table holds the secret: %s", row)
	}
	r.record(t, "invited by command line 2 × in 7 days")
}

func TestOfTwentyWithOneUseOneGetsIn(t *testing.T) {
	t.Parallel()
	r := newRegister(t, invited)
	token, err := r.Invite(t.Context(), 1, 1, account.By{})
	noError(t, err)
	var in, out int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			err := r.joins(fmt.Sprintf("user-%d", n), token)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				in++
			case errors.Is(err, fault.ErrForbidden):
				out++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in != 1 || out != 19 || r.count() != 1 {
		t.Errorf("%d got in, %d did not, there are %d accounts", in, out, r.count())
	}
}

func TestAnInvitationEndsWhenItIsTakenBackOrTooOld(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*register){
		"taken back": func(r *register) {
			for range 2 {
				noError(r.t, r.RevokeInvitation(r.t.Context(), r.invitation().ID, account.By{}))
			}
			r.record(r.t, "invited by command line 1 × in 1 days", "invitation-revoked by command line")
		},
		"too old": func(r *register) { dbtest.Exec(r.t, r.store, "UPDATE invitations SET expires_at = now()") },
	} {
		r := newRegister(t, invited)
		token, err := r.Invite(t.Context(), 1, 1, account.By{})
		noError(t, err)
		end(r)
		if err := r.joins("joe", token); !errors.Is(err, fault.ErrForbidden) || r.invitation().Live() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnInvitationKeepsToItsMeasure(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, uses := range []int{-1, 0, 1001, 1 << 40} {
		_, err := r.Invite(t.Context(), uses, 0, account.By{})
		if got := problems(t, err); got.Of("uses") == "" || got.Of("days") == "" {
			t.Errorf("%d uses are fine: %v", uses, err)
		}
	}
	for _, days := range []int{0, 366} {
		_, err := r.Invite(t.Context(), 1, days, account.By{})
		if got := problems(t, err); got.Of("uses") != "" || got.Of("days") == "" {
			t.Errorf("%d days are fine: %v", days, err)
		}
	}
	_, err := r.Invite(t.Context(), 1000, 365, account.By{})
	noError(t, err)
	if err := r.RevokeInvitation(t.Context(), uuid.New(), account.By{}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an invitation that never was: %v", err)
	}
	r.invitation()
}

func TestInvitationsAreForgottenLongAfterTheyExpired(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	_, err := r.Invite(t.Context(), 1, 1, account.By{})
	noError(t, err)
	dbtest.Exec(t, r.store, "UPDATE invitations SET expires_at = now() - interval '29 days'")
	purge(t, r)
	r.invitation()
	dbtest.Exec(t, r.store, "UPDATE invitations SET expires_at = now() - interval '30 days'")
	purge(t, r)
	if dbtest.One[int](t, r.store, "SELECT count(*) FROM invitations") != 0 {
		t.Error("it is kept")
	}
}

func TestTheModeThatTheOwnerSetsHoldsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := account.By{Owner: account.User{ID: dbtest.Owner(t, r.store, "ada"), Username: "ada"}}
	if !r.CanJoin() {
		t.Error("an open blog is closed")
	}
	for range 2 {
		noError(t, r.SetSignup(t.Context(), account.SignupClosed, ada))
	}
	if r.CanJoin() || !errors.Is(r.joins("joe", ""), fault.ErrForbidden) {
		t.Error("a closed blog is open")
	}
	if set, err := r.SignupSet(t.Context()); err != nil || set != account.SignupClosed {
		t.Errorf("%s is set, %v", set, err)
	}
	noError(t, r.SetSignup(t.Context(), "", ada))
	if !r.CanJoin() {
		t.Error("it is not as the settings say")
	}
	noError(t, r.joins("joe", ""))
	if err := r.SetSignup(t.Context(), "ajar", ada); !errors.Is(err, fault.ErrMalformed) {
		t.Errorf("it can be ajar: %v", err)
	}
	got := dbtest.One[string](t, r.store, "SELECT string_agg(username || ': ' || detail, ', ' ORDER BY id) FROM events WHERE kind = 'signup-changed'")
	if got != "ada: closed, ada: as the settings say: open" {
		t.Errorf("the record is %q", got)
	}
}

func TestWhoFillsInTheDecoyIsRefusedLikeAnybody(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for _, name := range []string{"joe", "ada"} {
		_, err := r.SignUp(t.Context(), account.Application{Username: name, Password: dbtest.Password, Decoy: "x"}, account.Client{})
		if got := problems(t, err); len(got) != 1 || got.Of("password") == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r.count() != 1 || dbtest.One[int](t, r.store, "SELECT count(*) FROM throttles") != 0 {
		t.Error("something was written")
	}
}

// Pages ask for the mode, those that say what went wrong as well: a database that does not
// answer must not hold them.
func TestWhoMayJoinIsRememberedWhileTheDatabaseDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	dbtest.Exec(t, r.store, "UPDATE settings SET signup = 'closed'")
	_, err := r.Mode(t.Context())
	noError(t, err)
	tx, err := r.store.Pool.Begin(t.Context())
	noError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), "LOCK TABLE settings")
	noError(t, err)
	begun := time.Now()
	for range 100 {
		if r.CanJoin() {
			t.Error("a closed blog invites")
		}
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %s", took)
	}
}
