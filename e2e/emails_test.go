package e2e

import (
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

// confirmation is the path of the link that the user of that name was mailed to confirm the address they have named.
func (s *site) confirmation(t *testing.T, username string) string {
	t.Helper()
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", username)
	email := dbtest.One[string](t, s.store, "SELECT email FROM confirmations WHERE user_id = $1", id)
	token, err := s.accounts.NewConfirmation(t.Context(), id, email)
	if err != nil {
		t.Fatal(err)
	}
	return "/email/" + string(token)
}

// names has the user of that name ask for an address.
func (s *site) names(t *testing.T, username, email string) {
	t.Helper()
	user := account.User{ID: dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", username), Username: username}
	if err := s.accounts.ChangeEmail(t.Context(), user, email, account.Client{}); err != nil {
		t.Fatal(err)
	}
}

func TestAnAddressNamedAtSigningUpIsConfirmedByItsLink(t *testing.T) {
	inBothModes(t, func(t *testing.T, s *site, b *tab) {
		b.opens("/signup")
		b.types(field("Username"), "ada")
		b.types(field("Email"), "Ada@example.org")
		b.types(field("Password"), dbtest.Password)
		b.presses(button("Sign up"))
		b.sees(heading("Welcome, ada"))
		b.opens(s.confirmation(t, "ada"))
		b.sees(heading("Confirm your address"))
		b.reads("Make ada@example.org the address of the account ada?")
		b.presses(button("Confirm"))
		b.sees(heading("Your address is confirmed"))
		b.isAt("/email")
		if got := dbtest.One[string](t, s.store, "SELECT email FROM users WHERE email_confirmed_at IS NOT NULL"); got != "ada@example.org" {
			t.Errorf("it is %s", got)
		}
	})
}
