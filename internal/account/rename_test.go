package account_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// renamed gives the user another name.
func (r *register) renamed(user account.User, username string) account.User {
	r.t.Helper()
	user, err := r.Rename(r.t.Context(), user, username, account.Client{})
	noError(r.t, err)
	return user
}

// ever are all names that accounts have or had.
func (r *register) ever() string {
	r.t.Helper()
	return dbtest.One[string](r.t, r.store, "SELECT string_agg(username, ' ' ORDER BY username) FROM usernames")
}

func TestAnAccountThatGetsAnotherNameLogsInWithIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.renamed(r.user("ada"), " Countess ")
	if ada.Username != "countess" {
		t.Errorf("it is %q", ada.Username)
	}
	user, _, err := r.LogIn(t.Context(), "countess", dbtest.Password, account.Client{})
	noError(t, err)
	if user.ID != ada.ID || user.Username != "countess" {
		t.Errorf("logged in as %+v", user)
	}
	r.fails("ada", account.Client{})
	detail := dbtest.One[string](t, r.store, "SELECT username || ': ' || detail FROM events WHERE kind = 'username-changed'")
	if detail != "ada: ada → countess" {
		t.Errorf("written down as %q", detail)
	}
}

func TestANameThatWasSomebodysIsNobodyElses(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.renamed(r.user("ada"), "countess"), r.user("bob")
	r.user("eve")
	dbtest.Exec(t, r.store, "DELETE FROM users WHERE username = 'eve'")
	for _, name := range []string{"ada", "countess", "eve", " ADA "} {
		_, err := r.Rename(t.Context(), bob, name, account.Client{})
		if got := problems(t, err).Of("username"); got != "That username is taken. Choose another." {
			t.Errorf("renamed to %q: %q", name, got)
		}
		_, err = r.SignUp(t.Context(), account.Application{Username: name, Password: dbtest.Password}, account.Client{})
		if got := problems(t, err).Of("username"); got != "That username is taken. Choose another." {
			t.Errorf("signed up as %q: %q", name, got)
		}
		_, err = r.Add(t.Context(), account.Application{Username: name, Password: dbtest.Password}, account.RoleAuthor)
		if got := problems(t, err).Of("username"); !strings.Contains(got, "an account has it, or had it once") {
			t.Errorf("added %q: %q", name, got)
		}
		noError(t, r.SetProfile(t.Context(), ada, "Ada", "", "", account.Client{})) // her own name of once
		if got := problems(t, r.SetProfile(t.Context(), bob, name, "", "", account.Client{})).Of("name"); got == "" {
			t.Errorf("bob is shown as %q", name)
		}
	}
	if back := r.renamed(ada, "ada"); back.Username != "ada" || r.ever() != "ada bob countess eve" {
		t.Errorf("back as %q, and there were %s", back.Username, r.ever())
	}
}

func TestANewNameObeysTheRulesOfOldOnes(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	for name, want := range map[string]string{
		"": "Choose a username.", "ab": "A username has 3 to 32", "a.b": "A username has 3 to 32", "ad\x00a": "A username has 3 to 32", "admin": "That name is kept",
	} {
		_, err := r.Rename(t.Context(), ada, name, account.Client{})
		if got := problems(t, err).Of("username"); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if same := r.renamed(ada, "ADA"); same != ada || len(r.events()) != 0 {
		t.Errorf("the same name made %+v and %v", same, r.events())
	}
}

func TestNamesAreChangedThreeTimesADay(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	r.user("bob")
	for _, name := range []string{"ada-1", "ada-2", "ada-3"} {
		_, err := r.Rename(t.Context(), ada, "bob", account.Client{}) // what is refused counts for nothing
		problems(t, err)
		ada = r.renamed(ada, name)
	}
	_, err := r.Rename(t.Context(), ada, "ada-4", account.Client{})
	var throttled fault.Throttled
	if !errors.As(err, &throttled) || throttled.Words != "You have changed your username very often." {
		t.Errorf("got %v", err)
	}
	if r.ever() != "ada ada-1 ada-2 ada-3 bob" {
		t.Errorf("there were %s", r.ever())
	}
	dbtest.Exec(t, r.store, "UPDATE throttles SET throttled_until = now() WHERE kind = 'username'")
	r.renamed(ada, "ada-4")
}

func TestAClosedAccountGetsNoName(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET disabled_at = now()")
	if _, err := r.Rename(t.Context(), ada, "countess", account.Client{}); !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("got %v", err)
	}
	if r.ever() != "ada" || len(r.events()) != 0 {
		t.Errorf("there were %s, and %v", r.ever(), r.events())
	}
}

func TestOfAccountsThatWantOneNameAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	names := []string{"ada", "bob", "eve", "joe"}
	errs := make([]error, len(names))
	var all sync.WaitGroup
	for n, name := range names {
		user := r.user(name)
		all.Go(func() { _, errs[n] = r.Rename(t.Context(), user, "wanted", account.Client{}) })
	}
	all.Wait()
	got := 0
	for _, err := range errs {
		if err == nil {
			got++
		} else if problems(t, err).Of("username") == "" {
			t.Errorf("got %v", err)
		}
	}
	held := dbtest.One[int](t, r.store, "SELECT count(*) FROM users WHERE username = 'wanted'")
	turns := dbtest.One[int](t, r.store, "SELECT sum(count) FROM throttles WHERE kind = 'username'")
	if got != 1 || held != 1 || turns != 1 || r.ever() != "ada bob eve joe wanted" {
		t.Errorf("%d were told that they have it, %d have, %d turns count, and there were %s", got, held, turns, r.ever())
	}
}

func TestANameThatIsSentTwiceIsChangedOnce(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := r.Rename(t.Context(), ada, "countess", account.Client{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := r.events(); !slices.Equal(got, []string{"username-changed ada"}) {
		t.Errorf("written down: %v", got)
	}
}
