package mail_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/mailtest"
)

// joins makes an account that names an address.
func (o *office) joins(name, email string) account.User {
	o.t.Helper()
	user, err := o.Accounts.SignUp(o.t.Context(), account.Application{Username: name, Email: email, Password: dbtest.Password}, account.Client{})
	noError(o.t, err)
	return user
}

// confirmation finds the token in a mail that asks to confirm.
func (o *office) confirmation(got mailtest.Mail) account.Token {
	o.t.Helper()
	found := regexp.MustCompile(`https://blog\.example\.org/email/([\w-]{43})\n`).FindStringSubmatch(parsed(o.t, got).text)
	if found == nil {
		o.t.Fatalf("no link to confirm in %s", got.Content)
	}
	return account.Token(found[1])
}

// joiningOffice is an office on a blog that anybody may join, with nobody's address confirmed but ada's.
func joiningOffice(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.Accounts = account.New(o.Store, gate, account.Rules{Signup: account.SignupOpen, PasswordMin: 8, Mail: true})
	dbtest.Exec(t, o.Store, "UPDATE users SET email_confirmed_at = now() WHERE email IS NOT NULL")
	return o
}

func TestAnAddressIsConfirmedByWhoReadsIt(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	zoe := o.joins("zoe", "zoe@example.org")
	if _, _, err := o.Accounts.LogIn(t.Context(), "zoe@example.org", dbtest.Password, account.Client{}); err == nil {
		t.Error("an address logs in before it is confirmed")
	}
	o.delivers()
	mails := o.server.Mails()
	if len(mails) != 1 || mails[0].To != "zoe@example.org" {
		t.Fatalf("sent %+v", mails)
	}
	token := o.confirmation(mails[0])
	if row := dbtest.One[string](t, o.Store, "SELECT string_agg(o::text, ' ') FROM outbox AS o"); strings.Contains(row, string(token)) {
		t.Errorf("the outbox holds the secret: %s", row)
	}
	noError(t, o.Accounts.ConfirmEmail(t.Context(), token, account.Client{}))
	if err := o.Accounts.ConfirmEmail(t.Context(), token, account.Client{}); !errors.Is(err, account.ErrNoConfirmation) {
		t.Errorf("a second time: %v", err)
	}
	if user, _, err := o.Accounts.LogIn(t.Context(), "Zoe@example.org", dbtest.Password, account.Client{}); err != nil || user.ID != zoe.ID {
		t.Errorf("a confirmed address logs in %+v, %v", user, err)
	}
}

func TestWhoNamesAnothersAddressLearnsAndGetsNothing(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	zoe := o.joins("zoe", "ada@example.org")
	o.delivers()
	mails := o.server.Mails()
	if len(mails) != 1 || mails[0].To != "ada@example.org" || strings.Contains(mails[0].Content, "/email/") || !strings.Contains(mails[0].Content, "another account") {
		t.Fatalf("sent %+v", mails)
	}
	ada, _, err := o.Accounts.LogIn(t.Context(), "ada@example.org", dbtest.Password, account.Client{})
	if err != nil || ada.Username != "ada" {
		t.Errorf("ada's address logs in %+v, %v", ada, err)
	}
	if at, err := o.Accounts.EmailOf(t.Context(), zoe); err != nil || at != (account.Email{Address: "ada@example.org", Waiting: "ada@example.org"}) {
		t.Errorf("zoe sees %+v, %v", at, err)
	}
	o.asks("ada@example.org")
	o.delivers()
	if owner, err := o.Accounts.OwnerOfLink(t.Context(), o.token(o.server.Mails()[1])); err != nil || owner.Username != "ada" {
		t.Errorf("the address leads to %+v, %v", owner, err)
	}
}

func TestAChangedAddressIsConfirmedFirstAndTheOldOneIsTold(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	ada, _, err := o.Accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	noError(t, err)
	o.asks("ada")
	o.delivers()
	oldLink := o.token(o.server.Mails()[0])
	noError(t, o.Accounts.ChangeEmail(t.Context(), ada, " Lovelace@Example.org ", account.Client{}))
	if at, _ := o.Accounts.EmailOf(t.Context(), ada); at != (account.Email{Address: "ada@example.org", Confirmed: true, Waiting: "lovelace@example.org"}) {
		t.Errorf("while it waits: %+v", at)
	}
	o.delivers()
	if warned := o.server.Mails()[2]; warned.To != "ada@example.org" || !strings.Contains(warned.Content, "another address instead") || strings.Contains(warned.Content, "lovelace") {
		t.Errorf("the address that is to be left is told %+v", warned)
	}
	noError(t, o.Accounts.ConfirmEmail(t.Context(), o.confirmation(o.server.Mails()[1]), account.Client{}))
	o.delivers()
	told := o.server.Mails()[3]
	if told.To != "ada@example.org" || !strings.Contains(told.Content, "no longer the one") || strings.Contains(told.Content, "lovelace") {
		t.Errorf("the old address is told %+v", told)
	}
	if at, _ := o.Accounts.EmailOf(t.Context(), ada); at != (account.Email{Address: "lovelace@example.org", Confirmed: true}) {
		t.Errorf("afterwards: %+v", at)
	}
	if _, err := o.Accounts.OwnerOfLink(t.Context(), oldLink); !errors.Is(err, account.ErrNoLink) {
		t.Errorf("a link that went to the old address still works: %v", err)
	}
}

func TestOfTwoAccountsThatMayConfirmAnAddressOneHasIt(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	o.joins("zoe", "shared@example.org")
	o.joins("joe", "shared@example.org")
	o.delivers()
	first, second := o.confirmation(o.server.Mails()[0]), o.confirmation(o.server.Mails()[1])
	noError(t, o.Accounts.ConfirmEmail(t.Context(), first, account.Client{}))
	if err := o.Accounts.ConfirmEmail(t.Context(), second, account.Client{}); !errors.Is(err, account.ErrTaken) {
		t.Errorf("the second is answered %v", err)
	}
	if n := dbtest.One[int](t, o.Store, "SELECT count(*) FROM users WHERE email = 'shared@example.org' AND email_confirmed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d accounts have it", n)
	}
}

func TestAMailThatIsNotWantedAnyMoreIsNotSent(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	ada, _, err := o.Accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	noError(t, err)
	noError(t, o.Accounts.ChangeEmail(t.Context(), ada, "mistyped@example.org", account.Client{}))
	noError(t, o.Accounts.ChangeEmail(t.Context(), ada, "lovelace@example.org", account.Client{}))
	o.delivers()
	to := map[string]int{}
	for _, mail := range o.server.Mails() {
		to[mail.To]++
	}
	if to["mistyped@example.org"] != 0 || to["lovelace@example.org"] != 1 {
		t.Errorf("sent %v", to)
	}
}

func TestNobodyGetsMoreThanThreeLinksAnHour(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	for n := range 5 { // under two names, from anywhere
		dbtest.Exec(t, o.Store, "DELETE FROM throttles")
		o.asks([]string{"ada", "ada@example.org"}[n%2])
		o.delivers()
	}
	for n := range 12 { // by strangers, whose own limits do not add up
		o.joins("reader-"+strconv.Itoa(n), "victim@example.org")
	}
	o.delivers()
	to := map[string]int{}
	for _, mail := range o.server.Mails() {
		to[mail.To]++
	}
	if to["ada@example.org"] != 3 || to["victim@example.org"] != 10 {
		t.Errorf("sent %v", to)
	}
	withheld := dbtest.One[string](t, o.Store, "SELECT string_agg(kind || ' ' || state, ', ' ORDER BY id) FROM outbox WHERE answer LIKE 'not sent%: there were enough%'")
	if withheld != "link failed, link failed, confirm waiting, confirm waiting" {
		t.Errorf("withheld are %s", withheld)
	}
	o.passes("1 hour")
	dbtest.Exec(t, o.Store, "DELETE FROM throttles")
	o.asks("ada")
	o.delivers()
	if got := len(o.server.Mails()); got != 16 { // what waited comes, too
		t.Errorf("%d mails after an hour", got)
	}
}

func TestWhoCannotLogInGetsNoLink(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	o.asks("ada")
	dbtest.Exec(t, o.Store, "UPDATE users SET disabled_at = now() WHERE username = 'ada'")
	o.delivers()
	o.outbox()
	if _, err := o.Accounts.NewLink(t.Context(), "ada", "", account.Client{}); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("NewLink = %v", err)
	}
}

// Who gets into an account for a moment must not keep it by an address that is confirmed later.
func TestNoAddressIsConfirmedThatWasAskedForBeforeThePasswordChanged(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(o *office, ada account.User) error{
		"changed": func(o *office, ada account.User) error {
			_, err := o.Accounts.ChangePassword(o.t.Context(), ada, dbtest.Password, "eight brown owls", account.Client{})
			return err
		},
		"reset": func(o *office, _ account.User) error {
			token, err := o.Accounts.NewLink(o.t.Context(), "ada", "", account.Client{})
			if err != nil {
				return err
			}
			return o.Accounts.ResetPassword(o.t.Context(), token, "eight brown owls", account.Client{})
		},
		"disabled": func(o *office, ada account.User) error {
			return o.Accounts.Disable(o.t.Context(), ada.ID, account.By{})
		},
	} {
		o := joiningOffice(t)
		ada, _, err := o.Accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
		noError(t, err)
		noError(t, o.Accounts.ChangeEmail(t.Context(), ada, "thief@example.net", account.Client{}))
		o.delivers()
		token := o.confirmation(o.server.Mails()[0])
		noError(t, change(o, ada))
		if err := o.Accounts.ConfirmEmail(t.Context(), token, account.Client{}); !errors.Is(err, account.ErrNoConfirmation) {
			t.Errorf("%s: %v", what, err)
		}
		if email := dbtest.One[string](t, o.Store, "SELECT email FROM users WHERE username = 'ada'"); email != "ada@example.org" {
			t.Errorf("%s: the address is %s", what, email)
		}
	}
}

func TestALinkDiesWithTheUnconfirmedAddressItWentTo(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	zoe := o.joins("zoe", "typo@example.org")
	link, err := o.Accounts.NewLink(t.Context(), "zoe", "", account.Client{})
	noError(t, err)
	noError(t, o.Accounts.ChangeEmail(t.Context(), zoe, "zoe@example.org", account.Client{}))
	if _, err := o.Accounts.OwnerOfLink(t.Context(), link); !errors.Is(err, account.ErrNoLink) {
		t.Errorf("it still works: %v", err)
	}
}

// Whoever reads a mistyped address must not get the account by it.
func TestALinkToSetAPasswordGoesToAConfirmedAddressAlone(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	o.joins("frank", "mistyped@example.org")
	o.delivers()
	confirm := o.confirmation(o.server.Mails()[0])
	for _, name := range []string{"frank", "mistyped@example.org"} {
		o.asks(name)
	}
	o.delivers()
	if sent := len(o.server.Mails()); sent != 1 {
		t.Errorf("%d mails", sent)
	}
	noError(t, o.Accounts.ConfirmEmail(t.Context(), confirm, account.Client{}))
	o.asks("frank")
	o.delivers()
	o.token(o.server.Mails()[1])
}

func TestALinkThatIsTriedAgainIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	o := joiningOffice(t)
	o.server.Refuses(451, [3]int{4, 3, 0}, "come back later")
	o.asks("ada")
	for range 3 {
		o.delivers()
		o.passes("1 hour")
	}
	if n := dbtest.One[int](t, o.Store, "SELECT count(*) FROM events WHERE kind = 'link-made'"); n != 1 {
		t.Errorf("it is written down %d times", n)
	}
}
