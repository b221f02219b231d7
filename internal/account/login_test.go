package account_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

func TestOneLogsInByNameOrEmailHoweverTyped(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	r.user("bob")
	dbtest.Exec(t, r.store, "UPDATE users SET email = username || '@example.org'")
	for _, name := range []string{"ada", "ADA", " ada\n", "ada@example.org", "Ada@Example.ORG "} {
		if user, _, err := r.LogIn(t.Context(), name, dbtest.Password, account.Client{}); err != nil || user != ada {
			t.Errorf("LogIn(%q) = %+v, %v", name, user, err)
		}
	}
}

func TestTheOwnerIsTheOwnerOnceLoggedIn(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	owner, err := r.Add(t.Context(), account.Application{Username: "ada", Password: dbtest.Password}, account.RoleOwner)
	noError(t, err)
	if user, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); err != nil || user != owner {
		t.Errorf("LogIn = %+v, %v, want %+v", user, err, owner)
	}
}

func TestAnUnknownNameIsRefusedLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	dbtest.Exec(t, r.store, "SELECT create_user(gen_random_uuid(), 'nohash', NULL, '', 'author', 'import', 'open', NULL)")
	want := refusal(t, r, "ada", "wrong horse")
	if want.Of("password") == "" || len(want) != 1 {
		t.Fatalf("a wrong password: %v", want)
	}
	for _, c := range [][2]string{
		{"nobody", dbtest.Password},
		{"nobody@example.org", dbtest.Password},
		{"nohash", dbtest.Password},
		{"nohash", " "},
		{"ada", strings.ToUpper(dbtest.Password)},
		{"ada", dbtest.Password + " "},
		{"ada", " " + dbtest.Password},
		{"ada", dbtest.Password + "\x00"},
		{"ada", "\xff"},
		{"ada", strings.Repeat("x", password.MaxBytes+1)},
		{"ada", dbtest.Password + strings.Repeat(" ", 1<<20)},
		{"ad\x00a", dbtest.Password},
		{"ada\x00", dbtest.Password},
		{"ada\xff", dbtest.Password},
		{"ada" + strings.Repeat("a", 300), dbtest.Password},
		{"' OR 1=1 --", dbtest.Password},
		{"%", dbtest.Password},
	} {
		dbtest.Exec(t, r.store, "DELETE FROM throttles") // or ada's would be throttled
		if got := refusal(t, r, c[0], c[1]); !reflect.DeepEqual(got, want) {
			t.Errorf("LogIn(%.30q, %.30q): %v, want %v", c[0], c[1], got, want)
		}
	}
}

func refusal(t *testing.T, r *register, name, pw string) fault.Invalid {
	t.Helper()
	user, _, err := r.LogIn(t.Context(), name, pw, account.Client{})
	if err == nil || user != (account.User{}) {
		t.Errorf("LogIn(%.30q, %.30q) let in %+v", name, pw, user)
	}
	return problems(t, err)
}

func TestAnEmptyFieldIsSaidBeforeAnythingIsCompared(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, c := range []struct{ name, pw, fields string }{
		{"", "", "username password"}, {" ", "x", "username"}, {"ada", "", "password"},
	} {
		var fields []string
		for _, problem := range refusal(t, r, c.name, c.pw) {
			fields = append(fields, problem.Field)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("LogIn(%q, %q): problems with %q, want %q", c.name, c.pw, got, c.fields)
		}
	}
}

func TestALoginRenewsAHashOfAnotherCost(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	current := r.hash()
	_, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	noError(t, err)
	if r.hash() != current {
		t.Error("a hash of today's cost was replaced")
	}

	cheap := cheapHash(dbtest.Password)
	dbtest.Exec(t, r.store, "UPDATE users SET password_hash = $1", cheap)
	refusal(t, r, "ada", "wrong horse")
	if r.hash() != cheap {
		t.Error("a wrong password replaced the hash")
	}
	for range 2 {
		if user, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); err != nil || user != ada {
			t.Errorf("LogIn = %+v, %v", user, err)
		}
		if password.NeedsRehash(r.hash()) {
			t.Errorf("kept %s", r.hash())
		}
	}
}

func TestADamagedHashIsOurMistakeAndNotTheirs(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET password_hash = 'plain text'")
	_, _, err := r.LogIn(t.Context(), "ada", "plain text", account.Client{})
	var refused fault.Invalid
	if !errors.Is(err, password.ErrMalformed) || errors.As(err, &refused) {
		t.Errorf("got %v, want ErrMalformed", err)
	}
}

func TestAFullGateIsBusy(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "ada")
	narrow := password.New(1, time.Nanosecond)
	accounts := account.New(store, narrow, account.Rules{Signup: account.SignupOpen, PasswordMin: 8})
	for name, try := range map[string]func() error{
		"a known name": func() error {
			_, _, err := accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
			return err
		},
		"an unknown one": func() error {
			_, _, err := accounts.LogIn(t.Context(), "nobody", dbtest.Password, account.Client{})
			return err
		},
		"a new one": func() error {
			_, err := accounts.SignUp(t.Context(), account.Application{Username: "newcomer", Password: dbtest.Password}, account.Client{})
			return err
		},
	} {
		if !becomesBusy(try, narrow) {
			t.Errorf("%s was never refused", name)
		}
	}
}

// becomesBusy tries while others hash, until it is turned away.
func becomesBusy(try func() error, gate *password.Gate) bool {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 2 {
		go func() {
			for ctx.Err() == nil {
				_, _ = gate.Hash(ctx, "a password that keeps the gate shut")
			}
		}()
	}
	for range 50 {
		if errors.Is(try(), fault.ErrBusy) {
			return true
		}
	}
	return false
}

func TestADatabaseThatIsAwayIsNotAWrongPassword(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	tokens, err := r.StartSession(t.Context(), r.user("ada"), account.Client{})
	noError(t, err)
	for name, try := range map[string]func() error{
		"LogIn": func() error { _, _, err := r.LogIn(ctx, "ada", dbtest.Password, account.Client{}); return err },
		"SignUp": func() error {
			_, err := r.SignUp(ctx, account.Application{Username: "newcomer"}, account.Client{})
			return err
		},
		"UsernameProblem": func() error { _, err := r.UsernameProblem(ctx, "newcomer"); return err },
		"Session":         func() error { _, err := r.Session(ctx, tokens.Session, account.Client{}); return err },
		"StartSession": func() error {
			_, err := r.StartSession(ctx, account.User{}, account.Client{Session: tokens.Session})
			return err
		},
		"EndSession": func() error { return r.EndSession(ctx, tokens.Session, account.Client{}) },
		"Purge":      func() error { _, err := r.Purge(ctx); return err },
		"List":       func() error { return r.List(ctx, func(account.Entry) error { return nil }) },
	} {
		if err := try(); !db.IsAway(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// hash is the one password hash that is kept.
func (r *register) hash() string {
	r.t.Helper()
	return dbtest.One[string](r.t, r.store, "SELECT password_hash FROM users")
}

// cheapHash is a PHC string of a lower cost than today's.
func cheapHash(pw string) string {
	salt := []byte("sixteen bytes...")
	tag := argon2.IDKey([]byte(pw), salt, 1, 8192, 1, 32)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=8192,t=1,p=1$%s$%s", argon2.Version, encode(salt), encode(tag))
}

// The hash was made by a real werkzeug: see internal/password/testdata/vectors.py.
func TestTheFirstLoginWithAnImportedPasswordRenewsItsHash(t *testing.T) {
	t.Parallel()
	const theirs = "scrypt:1024:8:2$IO6aag88pSUP4F6C$154962d6a8d54e3eef4bcbc6e00fd50ae40f68016fb4a44bb286f84762fb0b8158bd2bffdfeb9424e754b16147db74b8bdfe1ada051e49c38b9f34c19387d336"
	r := newRegister(t)
	ada := r.user("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET password_hash = $1", theirs)
	refusal(t, r, "ada", "eight grey herons")
	if r.hash() != theirs {
		t.Error("a wrong password replaced the hash")
	}
	for range 2 {
		if user, _, err := r.LogIn(t.Context(), "ada", "seven grey herons", account.Client{}); err != nil || user != ada {
			t.Errorf("LogIn = %+v, %v", user, err)
		}
		if password.NeedsRehash(r.hash()) {
			t.Errorf("kept %s", r.hash())
		}
	}
}

// A turn counts as a failure until its password was right.
func TestManyLogInsWithTheRightPasswordAtOnceDoNotCloseTheName(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			user, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
			for errors.Is(err, fault.ErrBusy) { // a machine with other things to do: it may be tried again
				user, _, err = r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
			}
			if err != nil || user != ada {
				t.Errorf("LogIn = %+v, %v", user, err)
			}
		})
	}
	all.Wait()
}

// An older account must not take over the log-in by an address that another one named first.
func TestAnAddressThatNobodyHasConfirmedIsTheFirstOnesThatNamedIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	bob := r.user("bob")
	dbtest.Exec(t, r.store, "UPDATE users SET created_at = now() - interval '1 year'")
	ada, err := r.SignUp(t.Context(), account.Application{Username: "ada", Email: "ada@example.org", Password: "eight brown owls"}, account.Client{})
	noError(t, err)
	noError(t, r.ChangeEmail(t.Context(), bob, "ada@example.org", account.Client{}))
	if user, _, err := r.LogIn(t.Context(), "ada@example.org", "eight brown owls", account.Client{}); err != nil || user.ID != ada.ID {
		t.Errorf("it logs in %+v, %v", user, err)
	}
}
