package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func joining(username, email, password string) url.Values {
	return url.Values{"username": {username}, "email": {email}, "password": {password}}
}

func TestSigningUpMakesAnAccountLogsInAndLandsOnTheDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t)
	form := b.get("/signup").wants(http.StatusOK).isPage().form("#signup")
	b.submit(form, joining(" Ada ", "Ada@Example.org", dbtest.Password)).leadsTo("/dashboard")
	b.get("/dashboard").wants(http.StatusOK).says("h1", "Welcome, ada")
	row := dbtest.One[string](t, s.store, "SELECT concat_ws(' ', username, email, role) FROM users")
	if row != "ada ada@example.org owner" {
		t.Errorf("kept %q", row)
	}
	hash := dbtest.One[string](t, s.store, "SELECT password_hash FROM users")
	if !strings.HasPrefix(hash, "$argon2id$") || strings.Contains(hash, dbtest.Password) {
		t.Errorf("the password is kept as %q", hash)
	}
	if s.count(t, "sessions") != 1 {
		t.Error("signing up does not log in once")
	}
}

func TestSigningUpInPlaceGoesOnToWhereOneWantedToBe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t)
	form := b.get("/signup?next=/new").form("#signup")
	b.htmx().submit(form, joining("ada", "", dbtest.Password)).goesOn("/new")
	b.get("/new").wants(http.StatusOK)
	if s.count(t, "users WHERE email IS NULL") != 1 {
		t.Error("the account without an email is not kept")
	}
}

func TestSignupRefusesWhatCannotBeAnAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org'")
	const good = "five brown owls"
	cases := map[string]struct {
		sent   url.Values
		fields []string
	}{
		"nothing typed":          {joining("", "", ""), []string{"username", "password"}},
		"short name":             {joining("bo", "", good), []string{"username"}},
		"name in other letters":  {joining("bób", "", good), []string{"username"}},
		"name with NUL":          {joining("bob\x00", "", good), []string{"username"}},
		"name with bad UTF-8":    {joining("bob\xff", "", good), []string{"username"}},
		"name with markup":       {joining(`"><script>`, "", good), []string{"username"}},
		"long name":              {joining(strings.Repeat("b", 33), "", good), []string{"username"}},
		"reserved name":          {joining("Admin", "", good), []string{"username"}},
		"taken name":             {joining("ADA", "", good), []string{"username"}},
		"no email address":       {joining("bob", "at home", good), []string{"email"}},
		"email with NUL":         {joining("bob", "b\x00b@example.org", good), []string{"email"}},
		"email with a name":      {joining("bob", "Bob <bob@example.org>", good), []string{"email"}},
		"short password":         {joining("bob", "", "secret7"), []string{"password"}},
		"common password":        {joining("bob", "", "password1"), []string{"password"}},
		"name in the password":   {joining("herons", "", dbtest.Password), []string{"password"}},
		"endless password":       {joining("bob", "", strings.Repeat("long ", 1000)), []string{"password"}},
		"everything at once":     {joining("x", "y", "z"), []string{"username", "email", "password"}},
		"fields only in address": {nil, []string{"username", "password"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := s.visitor(t)
			s.keeps(t, func() {
				sent := merged(c.sent, url.Values{"next": {"/new"}})
				page := b.post("/signup?username=bob&password=five+brown+owls", sent).refuses("#signup", c.fields...).isPage()
				part := b.htmx().post("/signup", sent).refuses("#signup", c.fields...).isFragment("signup")
				for _, a := range []*answer{page, part} {
					keepsTyped(t, a, sent, "username", "email", "next")
				}
			})
			if b.session() != "" {
				t.Error("somebody refused is logged in")
			}
		})
	}
}

// keepsTyped asserts that the form still holds what was typed, as far as HTML can hold it.
func keepsTyped(t *testing.T, a *answer, sent url.Values, fields ...string) {
	t.Helper()
	for _, field := range fields {
		got := a.page.Find("[name="+field+"]").AttrOr("value", "")
		if want := asShown(sent.Get(field)); asShown(got) != want {
			t.Errorf("%s holds %q after a refusal, want %q", field, got, want)
		}
	}
}

// asShown is a text as a browser shows it: what is no character becomes U+FFFD.
func asShown(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

func TestTwoWhoSignUpUnderOneNameAtOnceMakeOneAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var statuses [2]int
	var all sync.WaitGroup
	for i := range statuses {
		b := s.visitor(t)
		all.Go(func() {
			statuses[i] = b.post("/signup", joining("ada", "ada@example.org", dbtest.Password)).StatusCode
		})
	}
	all.Wait()
	if statuses != [2]int{303, 422} && statuses != [2]int{422, 303} {
		t.Errorf("they were answered %v, want one account and one refusal", statuses)
	}
	if s.count(t, "users") != 1 {
		t.Error("there is not one account")
	}
}

func TestNobodyJoinsABlogThatTakesNoAccounts(t *testing.T) {
	t.Parallel()
	for mode, words := range map[account.Signup]string{
		account.SignupClosed: "takes no new accounts", account.SignupInvite: "needs an invitation",
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			store := dbtest.Store(t)
			closed := siteOn(t, store, func(o *handlers.Options) { o.Accounts = accountsOf(store, mode) })
			b, sent := closed.visitor(t), joining("ada", "", dbtest.Password)
			closed.keeps(t, func() {
				b.get("/signup").wants(http.StatusForbidden).isPage().says("main", words)
				b.post("/signup", sent).wants(http.StatusForbidden).isPage().says("main", words)
				b.post("/signup", joining("", "", "")).wants(http.StatusForbidden)
				b.send("POST", "/signup", "text/plain", "x").wants(http.StatusForbidden)
				b.htmx().get("/signup").wants(http.StatusForbidden).wantsHeader("HX-Retarget", "#status")
				b.htmx().post("/signup", sent).wants(http.StatusForbidden).wantsHeader("HX-Retarget", "#status")
				b.htmx().get("/signup/username?username=ada").wants(http.StatusNotFound)
			})
			b.get("/").hasNot("a[href^='/signup']")
			b.get("/login?next=/new").hasNot("a[href^='/signup']")
		})
	}
}

func TestAUsernameIsCheckedAsItsFieldIsLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	taken := b.htmx().get("/signup/username?username=Ada").wants(http.StatusOK).isFragment("signup-username-field")
	taken.says("[role=alert]", "taken")
	taken.has("[name=username][aria-invalid=true][value=Ada]")
	taken.hasNot("[autofocus]")
	free := b.htmx().get("/signup/username?username=bob").wants(http.StatusOK).isFragment("signup-username-field")
	free.hasNot("[role=alert], [aria-invalid]")
	b.htmx().get("/signup/username?username=%00%ff").wants(http.StatusOK).has("[aria-invalid=true]")
	b.get("/signup/username?username=ada").wants(http.StatusOK).isPage().says("#signup [role=alert]", "taken")
}

func TestWhoIsLoggedInNeedsNoNewAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	ada.get("/signup").leadsTo("/dashboard")
	ada.get("/signup?next=/new").leadsTo("/new")
	ada.get("/signup?next=//evil.example").leadsTo("/dashboard")
}

func TestAPageWithAnInvitationIsKeptInNoCache(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(t)
	for _, path := range []string{"/signup?invitation=secret", "/signup/username?invitation=secret&username=ada"} {
		b.get(path).wants(http.StatusOK).wantsHeader("Cache-Control", "no-store").wantsHeader("Referrer-Policy", "same-origin")
	}
	if kept := b.get("/signup").wants(http.StatusOK).Header.Get("Cache-Control"); kept == "no-store" {
		t.Error("a page without one is kept in none either")
	}
}
