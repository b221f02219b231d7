package account_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

func TestSigningUpMakesAnAccountThatCanLogIn(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	user, err := r.SignUp(t.Context(), account.Application{Username: " Ada ", Email: " Ada@Example.ORG ", Password: dbtest.Password}, account.Client{})
	noError(t, err)
	if user.Username != "ada" || user.Role != account.RoleOwner || user.ID.Version() != 7 {
		t.Errorf("signed up as %+v", user)
	}
	if got := dbtest.One[string](t, r.store, "SELECT username || ' ' || email || ' ' || role FROM users"); got != "ada ada@example.org owner" {
		t.Errorf("kept %q", got)
	}
	if hash := dbtest.One[string](t, r.store, "SELECT password_hash FROM users"); !strings.HasPrefix(hash, "$argon2id$") {
		t.Errorf("kept the password as %q", hash)
	}
	if found, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); err != nil || found != user {
		t.Errorf("logged in as %+v, %v, want %+v", found, err, user)
	}
}

func TestAnEmailIsOptionalForEverybody(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, name := range []string{"ada", "bob"} {
		_, err := r.SignUp(t.Context(), account.Application{Username: name, Email: "  ", Password: dbtest.Password}, account.Client{})
		noError(t, err)
	}
	if n := dbtest.One[int](t, r.store, "SELECT count(*) FROM users WHERE email IS NULL"); n != 2 {
		t.Errorf("%d accounts without an email, want 2", n)
	}
}

func TestAUsernameObeysItsRules(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	for username, want := range map[string]string{
		"":                       "Choose a username",
		" \t":                    "Choose a username",
		"ab":                     "A username has 3 to 32",
		"abc":                    "",
		strings.Repeat("a", 32):  "",
		strings.Repeat("a", 33):  "A username has 3 to 32",
		"a_b-9":                  "",
		"-_-":                    "",
		"UPPER":                  "",
		"  blanks-around\n":      "",
		"in side":                "A username has 3 to 32",
		"a.b":                    "A username has 3 to 32",
		"a@b":                    "A username has 3 to 32",
		"ädä":                    "A username has 3 to 32",
		"аdа":                    "A username has 3 to 32", // Cyrillic
		"ada/../x":               "A username has 3 to 32",
		"ad\x00a":                "A username has 3 to 32",
		"ada\xff":                "A username has 3 to 32",
		"abc\ndef":               "A username has 3 to 32",
		"ada":                    "That username is taken",
		" ADA ":                  "That username is taken",
		"admin":                  "That name is kept",
		"Login":                  "That name is kept",
		"everyone":               "That name is kept",
		"admin2":                 "",
		"' OR ''='":              "A username has 3 to 32",
		strings.Repeat("x", 1e5): "A username has 3 to 32",
	} {
		got, err := r.UsernameProblem(t.Context(), username)
		if err != nil || !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("UsernameProblem(%.40q) = %q, %v, want %q", username, got, err, want)
		}
		if want == "" {
			continue
		}
		_, err = r.SignUp(t.Context(), account.Application{Username: username, Password: dbtest.Password}, account.Client{})
		if found := problems(t, err).Of("username"); found != got {
			t.Errorf("SignUp(%.40q): %q, want %q", username, found, got)
		}
	}
	if r.count() != 1 {
		t.Errorf("%d accounts", r.count())
	}
}

func TestEveryPageOfTheBlogIsAReservedName(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, page := range strings.Fields("signup login logout dashboard new posts settings forgot reset tags search archive healthz readyz assets") {
		if got, err := r.UsernameProblem(t.Context(), page); err != nil || got == "" {
			t.Errorf("%s is free: %v", page, err)
		}
	}
}

func TestAnEmailObeysItsRules(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	_, err := r.SignUp(t.Context(), account.Application{Username: "taken", Email: "ada@example.org", Password: dbtest.Password}, account.Client{})
	noError(t, err)
	const notOne = "That is not an email address"
	longest := strings.Repeat("a", 254-len("@example.org")) + "@example.org"
	n := 0
	for email, want := range map[string]string{
		"bob@example.org":                   "",
		"b.o+b_tag@mail.example.org":        "",
		"BOB2@EXAMPLE.ORG":                  "",
		"jürgen@müller.example":             "",
		"me@localhost":                      "",
		longest:                             "",
		"a" + longest:                       notOne,
		"bob":                               notOne,
		"@example.org":                      notOne,
		"bob@":                              notOne,
		"bob@@example.org":                  notOne,
		"bob smith@example.org":             notOne,
		"Bob <bob@example.org>":             notOne,
		"<bob@example.org>":                 notOne,
		"bob@example.org, eve@example.org":  notOne,
		"bob@example.org\r\nBcc: eve@x.org": notOne,
		"bob\x00@example.org":               notOne,
		"bob\xff@example.org":               notOne,
		`"bob smith"@example.org`:           notOne,
		"ada@example.org":                   "", // whose it is nobody is told
		" Ada@Example.org":                  "",
	} {
		n++
		_, err := r.SignUp(t.Context(), account.Application{Username: fmt.Sprintf("user-%d", n), Email: email, Password: dbtest.Password}, account.Client{})
		if got := problems(t, err).Of("email"); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("email %.60q: %q, want %q", email, got, want)
		}
	}
	if r.count() != 9 {
		t.Errorf("%d accounts, want 9", r.count())
	}
}

func TestAPasswordObeysItsRules(t *testing.T) {
	t.Parallel()
	r := newRegister(t, func(rules *account.Rules) { rules.PasswordMin = 10 })
	for pw, want := range map[string]string{
		"":                                       "Use at least 10 characters",
		"nine char":                              "Use at least 10 characters",
		"ten chars!":                             "",
		"十文字の合言葉です。":                             "",
		"my name is ada":                         "Choose a password that does not contain your username",
		"my name is ADA":                         "Choose a password that does not contain your username",
		"1234567890":                             "This password is easy to guess",
		strings.Repeat("x", password.MaxBytes+1): "This password is too long",
		"not text \xff\xff":                      "This password has characters",
	} {
		_, err := r.SignUp(t.Context(), account.Application{Username: "ada", Password: pw}, account.Client{})
		if got := problems(t, err).Of("password"); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("password %.40q: %q, want %q", pw, got, want)
		}
		dbtest.Exec(t, r.store, "DELETE FROM users")
	}
}

func TestEverythingThatIsWrongIsSaidAtOnceInTheOrderOfTheForm(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	_, err := r.SignUp(t.Context(), account.Application{Username: "!", Email: "!", Password: "!"}, account.Client{})
	var fields []string
	for _, problem := range problems(t, err) {
		fields = append(fields, problem.Field)
	}
	if got := strings.Join(fields, " "); got != "username email password" {
		t.Errorf("the problems are with %s", got)
	}
}

func TestOfTwentyWhoWantANameAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	var joined atomic.Int64
	var done sync.WaitGroup
	for range 20 {
		done.Go(func() {
			_, err := r.SignUp(t.Context(), account.Application{Username: "ada", Password: dbtest.Password}, account.Client{})
			var refused fault.Invalid
			switch {
			case err == nil:
				joined.Add(1)
			case !errors.As(err, &refused) || !strings.Contains(refused.Of("username"), "taken"):
				t.Error(err)
			}
		})
	}
	done.Wait()
	if joined.Load() != 1 || r.count() != 1 {
		t.Errorf("%d joined, %d accounts", joined.Load(), r.count())
	}
}

func TestOnlyAnOpenBlogLetsPeopleJoinByThemselves(t *testing.T) {
	t.Parallel()
	ada := account.Application{Username: "ada", Password: dbtest.Password}
	for _, mode := range []account.Signup{account.SignupInvite, account.SignupClosed, ""} {
		r := newRegister(t, func(rules *account.Rules) { rules.Signup = mode })
		if r.CanJoin() || r.Rules().Signup != mode {
			t.Errorf("%q: anybody can join", mode)
		}
		for _, application := range []account.Application{ada, {}} {
			if _, err := r.SignUp(t.Context(), application, account.Client{}); !errors.Is(err, fault.ErrForbidden) {
				t.Errorf("%q: signing up: %v", mode, err)
			}
		}
		if user, err := r.Add(t.Context(), ada, account.RoleOwner); err != nil || user.Role != account.RoleOwner || r.count() != 1 {
			t.Errorf("%q: the owner's way: %+v, %v", mode, user, err)
		}
	}
	if !newRegister(t).CanJoin() {
		t.Error("nobody can join an open blog")
	}
}
