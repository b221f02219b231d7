package account_test

import (
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func ofLooms(rules *account.Rules) { rules.Blog = "Of Looms" }

func TestAPasswordIsNotMadeOfWhatOthersKnow(t *testing.T) {
	t.Parallel()
	r := newRegister(t, ofLooms)
	for pw, want := range map[string]string{
		"my name is ada":        "Choose a password that does not contain your username.",
		"seven lovelace herons": "Choose a password that does not contain the name in your email address.",
		"seven Of Looms herons": "", // so short a title may be one of the words
		"engines & looms":       "This password is little more than names that others know.",
		"engines and herons":    "",
	} {
		_, err := r.SignUp(t.Context(), account.Application{Username: "ada", Email: "lovelace@engines.example", Password: pw}, account.Client{})
		if got := problems(t, err).Of("password"); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("password %q: %q, want %q", pw, got, want)
		}
		dbtest.Exec(t, r.store, "DELETE FROM users")
	}
}

func TestANewPasswordIsNotMadeOfWhatOthersKnow(t *testing.T) {
	t.Parallel()
	r := newRegister(t, ofLooms)
	r.user("ada")
	token := r.link("ada")
	for pw, want := range map[string]string{
		"my name is ada":  "Choose a password that does not contain your username.",
		"looms 123456789": "This password is little more than names that others know.",
	} {
		err := r.ResetPassword(t.Context(), token, pw, account.Client{})
		if got := problems(t, err).Of("password"); !strings.HasPrefix(got, want) {
			t.Errorf("password %q: %q, want %q", pw, got, want)
		}
	}
	noError(t, r.ResetPassword(t.Context(), token, "seven looms and herons", account.Client{}))
}
