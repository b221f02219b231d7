package account_test

import (
	"errors"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// gate is shared by all tests: each hash takes a processor for 20 ms, or much
// longer under the race detector, so the wait is long.
var gate = password.New(0, time.Minute)

// register is the accounts of a blog with a database of its own.
type register struct {
	*account.Accounts
	t     *testing.T
	store *db.Store
}

// newRegister is open for signing up unless options change it.
func newRegister(t *testing.T, options ...func(*account.Rules)) *register {
	t.Helper()
	rules := account.Rules{Signup: account.SignupOpen, PasswordMin: 8}
	for _, option := range options {
		option(&rules)
	}
	store := dbtest.Store(t)
	return &register{Accounts: account.New(store, gate, rules), t: t, store: store}
}

// user is an account of that name with dbtest.Password.
func (r *register) user(name string) account.User {
	r.t.Helper()
	return account.User{ID: dbtest.User(r.t, r.store, name), Username: name, Role: account.RoleAuthor, TimeZone: "UTC", PasswordNumber: 1}
}

// count is how many accounts there are.
func (r *register) count() int {
	r.t.Helper()
	return dbtest.One[int](r.t, r.store, "SELECT count(*) FROM users")
}

// problems are what is wrong with a form, or a failed test when err is something else.
func problems(t *testing.T, err error) fault.Invalid {
	t.Helper()
	var found fault.Invalid
	if err != nil && !errors.As(err, &found) {
		t.Fatalf("%v is not Invalid", err)
	}
	return found
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
