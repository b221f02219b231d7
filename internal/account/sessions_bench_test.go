package account_test

import (
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

// BenchmarkSession finds who a session belongs to, as each request with a cookie does.
func BenchmarkSession(b *testing.B) {
	store := dbtest.Store(b)
	accounts := account.New(store, gate, account.Rules{Signup: account.SignupOpen, PasswordMin: 8})
	ada := account.User{ID: dbtest.User(b, store, "ada"), Username: "ada", Role: account.RoleAuthor, TimeZone: "UTC", PasswordNumber: 1}
	tokens, err := accounts.StartSession(b.Context(), ada, account.Client{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := accounts.Session(b.Context(), tokens.Session, account.Client{}); err != nil {
			b.Fatal(err)
		}
	}
}
