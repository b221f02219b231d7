package account_test

import (
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func TestANewBlogHasNoAccounts(t *testing.T) {
	t.Parallel()
	if n := newRegister(t).count(); n != 0 {
		t.Errorf("%d accounts are there before anybody joined", n)
	}
}

func TestAPasswordStaysGoodHoweverOldItIs(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET created_at = now() - interval '20 years'")
	if user, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); err != nil || user != ada {
		t.Errorf("logged in as %+v, %v", user, err)
	}
}
