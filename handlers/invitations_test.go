package handlers_test

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// ownedInMode is a blog of ada's with that mode of signing up.
func ownedInMode(t *testing.T, mode account.Signup) (s *site, ada *browser) {
	t.Helper()
	store := dbtest.Store(t)
	s = siteOn(t, store, func(o *handlers.Options) { o.Accounts = accountsOf(store, mode) })
	dbtest.Owner(t, s.store, "ada")
	return s, s.as(t, "ada")
}

// invites makes an invitation through the page, and returns its path.
func (s *site) invites(t *testing.T, owner *browser, uses string) string {
	t.Helper()
	a := owner.post("/admin/invitations", url.Values{"uses": {uses}, "days": {"7"}}).wants(http.StatusOK)
	return strings.TrimPrefix(a.has("input[readonly]").AttrOr("value", ""), s.url)
}

func TestAnInvitationIsShownOnceAndLetsSomebodyJoin(t *testing.T) {
	t.Parallel()
	s, ada := ownedInMode(t, account.SignupInvite)
	form := ada.get("/admin/invitations").wants(http.StatusOK).isPage().form("#invite")
	if form.fields.Get("uses") != "1" || form.fields.Get("days") != "7" {
		t.Errorf("the form begins with %v", form.fields)
	}
	page := ada.submit(form, nil).wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store")
	part := ada.htmx().submit(form, url.Values{"uses": {" 3 "}}).wants(http.StatusOK).isFragment("invitations")
	part.has("input[readonly][autofocus]")
	link := page.has("input[readonly]").AttrOr("value", "")
	if !regexp.MustCompile(`^` + regexp.QuoteMeta(s.url) + `/signup\?invitation=[\w-]{43}$`).MatchString(link) {
		t.Errorf("the link is %s", link)
	}
	ada.get("/admin/invitations").hasNot("input[readonly]")
	b := s.visitor(t)
	b.get("/").hasNot("a[href^='/signup']")
	joining1 := b.get(strings.TrimPrefix(link, s.url)).wants(http.StatusOK).isPage().form("#signup")
	check, _ := b.get(strings.TrimPrefix(link, s.url)).has("#signup [name=username]").Attr("data-hx-get")
	b.htmx().get(check + "&username=ada").wants(http.StatusOK).isFragment("signup-username-field").has("[data-hx-get='" + check + "'][aria-invalid]")
	b.submit(joining1, joining("bob", "", dbtest.Password)).leadsTo("/dashboard")
	s.visitor(t).submit(joining1, joining("joe", "", dbtest.Password)).wants(http.StatusForbidden).says("main", "This invitation was used")
	ada.get("/admin/invitations").says(".invitations", "1 of 1")
	ada.get("/admin/invitations").says(".invitations article:last-of-type", "Used up")
	if s.count(t, "events WHERE kind = 'invited' AND username = 'ada'") != 2 {
		t.Error("it is not in the record")
	}
}

func TestAnInvitationThatCannotBeIsToldAtItsFields(t *testing.T) {
	t.Parallel()
	s, ada := ownedInMode(t, account.SignupInvite)
	s.keeps(t, func() {
		for _, c := range []struct {
			uses, days string
			fields     []string
		}{
			{"", "", []string{"uses", "days"}}, {"0", "7", []string{"uses"}}, {"1001", "366", []string{"uses", "days"}}, {"1", "-1", []string{"days"}},
			{"many", "7", []string{"uses"}}, {"99999999999999999999", "7", []string{"uses"}}, {"1.5", "7", []string{"uses"}},
		} {
			sent := url.Values{"uses": {c.uses}, "days": {c.days}}
			page := ada.post("/admin/invitations", sent).refuses("#invite", c.fields...).isPage()
			part := ada.htmx().post("/admin/invitations", sent).refuses("#invite", c.fields...).isFragment("invitations")
			keepsTyped(t, page, sent, "uses", "days")
			keepsTyped(t, part, sent, "uses", "days")
		}
		ada.with("Sec-Fetch-Site", "cross-site").post("/admin/invitations", url.Values{"uses": {"1"}, "days": {"1"}}).wants(http.StatusForbidden)
	})
}

func TestARevokedInvitationLetsNobodyIn(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(*browser, sheet){
		"plain": func(b *browser, form sheet) { b.submit(form, nil).leadsTo("/admin/invitations") },
		"htmx": func(b *browser, form sheet) {
			b.htmx().submit(form, nil).wants(http.StatusOK).isFragment("invitations").says(".invitations", "Revoked")
		},
	} {
		s, ada := ownedInMode(t, account.SignupInvite)
		link := s.invites(t, ada, "5")
		old := s.visitor(t).get(link).form("#signup")
		form := ada.get("/admin/invitations").form(".invitations form")
		press(ada, form)
		press(ada, form) // twice is harmless
		s.visitor(t).get(link).wants(http.StatusForbidden).says("main", "taken back")
		s.visitor(t).submit(old, joining("bob", "", dbtest.Password)).wants(http.StatusForbidden)
		ada.get("/admin/invitations").hasNot(".invitations form")
		if s.count(t, "users") != 1 || s.count(t, "events WHERE kind = 'invitation-revoked'") != 1 {
			t.Errorf("%s: somebody joined, or it is not in the record once", name)
		}
		s.keeps(t, func() {
			ada.post("/admin/invitations/"+randomID()+"/revocation", url.Values{}).wants(http.StatusNotFound)
			ada.post("/admin/invitations/x/revocation", url.Values{}).wants(http.StatusNotFound)
			ada.with("Sec-Fetch-Site", "cross-site").submit(form, nil).wants(http.StatusForbidden)
		})
	}
}

func TestOfManyWithOneUseOfAnInvitationOneJoins(t *testing.T) {
	t.Parallel()
	s, ada := ownedInMode(t, account.SignupInvite)
	for round, names := range [][]string{{"bob", "joe"}, {"kim", "lee"}, {"max", "nan"}, {"pat", "ray", "sam", "tom", "una", "vic"}} {
		form := s.visitor(t).get(s.invites(t, ada, "1")).form("#signup")
		statuses := make([]int, len(names))
		var all sync.WaitGroup
		for i, name := range names {
			b := s.visitor(t)
			all.Go(func() { statuses[i] = b.submit(form, joining(name, "", dbtest.Password)).StatusCode })
		}
		all.Wait()
		slices.Sort(statuses)
		want := append([]int{http.StatusSeeOther}, slices.Repeat([]int{http.StatusForbidden}, len(names)-1)...)
		if !slices.Equal(statuses, want) || s.count(t, "users") != round+2 {
			t.Errorf("they were answered %v, and there are %d accounts", statuses, s.count(t, "users"))
		}
	}
}

// multipartOf is a form in the other of the two encodings, and its content type.
func multipartOf(t *testing.T, fields url.Values) (kind, body string) {
	t.Helper()
	var text strings.Builder
	writer := multipart.NewWriter(&text)
	for name := range fields {
		if err := writer.WriteField(name, fields.Get(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return writer.FormDataContentType(), text.String()
}

func TestAClosedBlogRefusesEveryWayOfJoining(t *testing.T) {
	t.Parallel()
	s, ada := ownedInMode(t, account.SignupInvite)
	link := s.invites(t, ada, "9")
	invited := s.visitor(t).get(link).wants(http.StatusOK).form("#signup")
	dbtest.Exec(t, s.store, "UPDATE settings SET signup = 'open'")
	open := s.visitor(t).get("/signup").wants(http.StatusOK).form("#signup")
	ada.post("/admin/signup", url.Values{"signup": {"closed"}}).leadsTo("/admin/invitations")
	sent := joining("bob", "bob@example.org", dbtest.Password)
	s.keeps(t, func() {
		b := s.visitor(t)
		b.get("/signup").wants(http.StatusForbidden)
		b.get(link).wants(http.StatusForbidden).says("main", "takes no new accounts")
		b.get("/").hasNot("a[href^='/signup']")
		for name, form := range map[string]sheet{"without an invitation": {action: "/signup"}, "with one": invited, "from when it was open": open} {
			b.submit(form, sent).wants(http.StatusForbidden).isPage()
			b.htmx().submit(form, sent).wants(http.StatusForbidden)
			kind, body := multipartOf(t, merged(form.fields, sent))
			b.send(http.MethodPost, "/signup", kind, body).wants(http.StatusForbidden)
			b.send(http.MethodPost, "/signup?"+merged(form.fields, sent).Encode(), formType, "").wants(http.StatusForbidden)
			b.send(http.MethodPost, "/signup", "application/json", `{"username":"bob"}`).wants(http.StatusForbidden)
			if b.session() != "" {
				t.Errorf("%s: somebody refused is logged in", name)
			}
		}
		_, token, _ := strings.Cut(link, "=")
		for _, invitation := range []account.Token{"", account.Token(token)} {
			// The instance that last saw it open, too.
			_, err := s.accounts.SignUp(t.Context(), account.Application{Username: "bob", Password: dbtest.Password, Invitation: invitation}, account.Client{})
			if !errors.Is(err, fault.ErrForbidden) {
				t.Errorf("the domain says %v", err)
			}
			_, err = accountsOf(s.store, account.SignupOpen).SignUp(t.Context(), account.Application{Username: "bob", Password: dbtest.Password, Invitation: invitation}, account.Client{})
			if !errors.Is(err, fault.ErrForbidden) {
				t.Errorf("another instance says %v", err)
			}
		}
		for _, statement := range []string{
			"INSERT INTO users (id, username, password_hash) VALUES (gen_random_uuid(), 'bob', '-')",
			"SELECT create_user(gen_random_uuid(), 'bob', NULL, '-', 'author', 'visitor', 'open', NULL)",
			"SELECT create_user(gen_random_uuid(), 'bob', NULL, '-', 'author', 'visitor', 'open', token_hash) FROM invitations",
		} {
			if _, err := s.store.Pool.Exec(t.Context(), statement); err == nil {
				t.Errorf("%s is taken", statement)
			}
		}
	})
	if s.count(t, "users") != 1 || s.count(t, "throttles") != 0 {
		t.Error("something was written")
	}
}

func TestTheOwnerSetsWhoMayJoin(t *testing.T) {
	t.Parallel()
	s, ada := ownedInMode(t, account.SignupOpen)
	b := s.visitor(t)
	b.get("/").has("a[href='/signup']")
	ada.get("/admin/invitations").has("#signup-mode [value=settings][checked]")
	ada.post("/admin/signup", url.Values{"signup": {"invite"}}).leadsTo("/admin/invitations")
	b.get("/").hasNot("a[href='/signup']") // at once, although pages ask the database every few seconds only
	b.get("/signup").wants(http.StatusForbidden)
	ada.get("/admin/invitations").has("#signup-mode [value=invite][checked]")
	ada.htmx().post("/admin/signup", url.Values{"signup": {"settings"}}).wants(http.StatusOK).isFragment("signup-mode").has("[value=settings][checked]")
	b.get("/").has("a[href='/signup']")
	s.keeps(t, func() {
		ada.post("/admin/signup", url.Values{"signup": {"ajar"}}).wants(http.StatusBadRequest)
		ada.post("/admin/signup", url.Values{}).wants(http.StatusBadRequest)
		ada.post("/admin/signup", url.Values{"signup": {"settings"}}).leadsTo("/admin/invitations") // as it is
		ada.with("Sec-Fetch-Site", "cross-site").post("/admin/signup", url.Values{"signup": {"closed"}}).wants(http.StatusForbidden)
	})
	if s.count(t, "events WHERE kind = 'signup-changed'") != 2 {
		t.Error("it is not in the record twice")
	}
}

func TestWhatOnlyProgramsFillInMakesNoAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t)
	page := b.get("/signup").wants(http.StatusOK)
	page.has(".decoy input[name=subject][autocomplete=off][tabindex='-1']")
	form := page.form("#signup")
	bot := merged(joining("bob", "bob@example.org", dbtest.Password), url.Values{"subject": {"Cheap watches"}, "next": {"/new"}})
	s.keeps(t, func() {
		for _, a := range []*answer{b.submit(form, bot).isPage(), b.htmx().submit(form, bot).isFragment("signup")} {
			a.refuses("#signup", "password").says("[role=alert]", "Enter your password again, and press Sign up once more.")
			keepsTyped(t, a, bot, "username", "email", "next")
			if strings.Contains(a.body, "Cheap") {
				t.Error("the decoy comes back filled in")
			}
		}
	})
	if s.count(t, "throttles") != 0 || b.session() != "" {
		t.Error("something was written")
	}
	// A person who ever met it sends the form that came back.
	b.submit(b.submit(form, bot).form("#signup"), url.Values{"password": {dbtest.Password}}).leadsTo("/new")
	if s.count(t, "users WHERE username = 'bob' AND email = 'bob@example.org'") != 1 {
		t.Error("there is no account")
	}
}
