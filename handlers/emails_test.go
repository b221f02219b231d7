package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

// confirmation is the path of a link that confirms the address for the user of that name.
func (s *site) confirmation(t *testing.T, name, email string) string {
	t.Helper()
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", name)
	if err := s.accounts.ChangeEmail(t.Context(), account.User{ID: id, Username: name}, email, account.Client{}); err != nil {
		t.Fatal(err)
	}
	token, err := s.accounts.NewConfirmation(t.Context(), id, email)
	if err != nil {
		t.Fatal(err)
	}
	return "/email/" + string(token)
}

func TestALinkConfirmsAnAddressOnce(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(*browser, sheet){
		"plain": func(b *browser, form sheet) { b.submit(form, nil).leadsTo("/email") },
		"htmx":  func(b *browser, form sheet) { b.htmx().submit(form, nil).goesOn("/email") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withMail(t)
			dbtest.User(t, s.store, "ada")
			dbtest.User(t, s.store, "bob")
			link := s.confirmation(t, "ada", "ada@example.org")
			for _, b := range []*browser{s.visitor(t), s.as(t, "bob")} { // opening it uses nothing up
				s.keeps(t, func() {
					b.get(link).wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store").wantsHeader("Referrer-Policy", "no-referrer")
					b.htmx().get(link).wants(http.StatusOK).isFragment("confirm-email")
				})
			}
			b := s.visitor(t)
			page := b.get(link)
			page.says("main", "ada@example.org")
			press(b, page.form("#confirm-email"))
			b.get("/email").wants(http.StatusOK).isPage().says("h1", "Your address is confirmed")
			if got := dbtest.One[string](t, s.store, "SELECT email FROM users WHERE username = 'ada' AND email_confirmed_at IS NOT NULL"); got != "ada@example.org" {
				t.Errorf("it is %s", got)
			}
			s.keeps(t, func() {
				b.get(link).wants(http.StatusNotFound).says("main", "works once, for 24 hours")
				b.post(link, nil).wants(http.StatusNotFound)
				b.htmx().post(link, nil).wants(http.StatusNotFound).wantsHeader("HX-Retarget", "#status")
				b.get("/email/x").wants(http.StatusNotFound)
				b.post("/email/"+strings.Repeat("A", 43), url.Values{}).wants(http.StatusNotFound)
			})
		})
	}
}

func TestAnAddressThatIsAnothersByNowIsNotConfirmed(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	first, second := s.confirmation(t, "ada", "we@example.org"), s.confirmation(t, "bob", "we@example.org")
	b := s.visitor(t)
	b.post(first, nil).leadsTo("/email")
	s.keeps(t, func() {
		b.post(second, nil).wants(http.StatusConflict).isPage().says("[role=alert]", "confirmed for another account")
		b.htmx().post(second, nil).wants(http.StatusConflict).isFragment("confirm-email")
	})
}

func TestAnAddressIsConfirmedFromThisBlogsOwnPageAlone(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	link := s.confirmation(t, "ada", "ada@example.org")
	b := s.visitor(t)
	s.keeps(t, func() {
		b.with("Sec-Fetch-Site", "cross-site").post(link, nil).wants(http.StatusForbidden).isPage()
		b.without("Sec-Fetch-Site").with("Origin", "https://elsewhere.example").post(link, nil).wants(http.StatusForbidden)
	})
	b.without("Sec-Fetch-Site").with("Origin", "null").post(link, nil).leadsTo("/email")
}

// Whether somebody has an account with an address is the same to who names it.
func TestSigningUpWithAKnownAddressIsAnsweredLikeAnyOther(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T, ...func(*handlers.Options)) *site{"with mail": withMail, "without": newSite} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			dbtest.User(t, s.store, "ada")
			dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
			var got [2]string
			for i, email := range []string{"ada@example.org", "new@example.org"} {
				b := s.visitor(t)
				a := b.post("/signup", joining(fmt.Sprintf("joan%d", i), email, dbtest.Password))
				a.leadsTo("/dashboard")
				if b.session() == "" {
					t.Errorf("%s logs nobody in", email)
				}
				got[i] = fmt.Sprint(a.StatusCode, a.body, a.Header["Location"], len(a.Cookies()))
			}
			if got[0] != got[1] {
				t.Errorf("a known address is answered\n%s\nanother\n%s", got[0], got[1])
			}
			s.visitor(t).post("/login", login("ada@example.org", dbtest.Password)).leadsTo("/dashboard")
			if owner := dbtest.One[string](t, s.store, "SELECT u.username FROM sessions AS s JOIN users AS u ON u.id = s.user_id ORDER BY s.created_at DESC LIMIT 1"); owner != "ada" {
				t.Errorf("ada's address logs in %s", owner)
			}
		})
	}
}

func TestLinksToSetAPasswordAreAskedForAFewTimesAnHour(t *testing.T) {
	t.Parallel()
	s := withMail(t, behindProxy)
	dbtest.User(t, s.store, "ada")
	for _, name := range []string{"ada", "joan"} { // known and unknown alike
		for n := range 3 {
			s.visitor(t).from(fmt.Sprintf("192.0.2.%d", n)).post("/forgot", asking(name)).leadsTo("/forgot?asked=yes")
		}
		s.keeps(t, func() {
			b := s.visitor(t).from("198.51.100.1")
			b.post("/forgot", asking(" "+strings.ToUpper(name))).isThrottled("#forgot").isPage()
			b.htmx().post("/forgot", asking(name)).isThrottled("#forgot").isFragment("forgot")
		})
	}
	for n := range 30 {
		s.visitor(t).from("203.0.113.1").post("/forgot", asking(fmt.Sprintf("reader-%d", n))).leadsTo("/forgot?asked=yes")
	}
	s.visitor(t).from("203.0.113.1").post("/forgot", asking("another")).isThrottled("#forgot")
	s.visitor(t).from("203.0.113.2").post("/forgot", asking("another")).leadsTo("/forgot?asked=yes")
}

func naming(email string) url.Values { return url.Values{"email": {email}} }

func TestAnAddressIsChangedInTheSettings(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := withMail(t)
		dbtest.User(t, s.store, "ada")
		dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
		ada := s.as(t, "ada")
		ada.get("/settings").says("#email", "Confirmed ada@example.org")
		done := send(ada).submit(ada.get("/settings").form("#email"), naming(" Lovelace@Example.org"))
		if inPlace {
			done.wants(http.StatusOK).isFragment("email").has("[data-announce='A link is on its way to lovelace@example.org.'] button[autofocus]")
		} else {
			done.leadsTo("/settings?done=email#email-part")
			ada.get("/settings?done=email").says(".notice", "A link is on its way to lovelace@example.org.")
		}
		page := ada.get("/settings")
		page.says("#email", "lovelace@example.org waits to be confirmed")
		page.says("#email", "Until then it is ada@example.org.")
		if got := dbtest.One[string](t, s.store, "SELECT u.email || ' ' || o.kind || ' ' || o.recipient FROM users AS u, outbox AS o"); got != "ada@example.org confirm lovelace@example.org" {
			t.Errorf("kept %q", got)
		}
		s.happened(t, "ada", "email-asked", "logged-in")
		send(ada).submit(ada.get("/settings").form("#email"), naming(""))
		ada.get("/settings").hasNot("#email .kept")
		if dbtest.One[int](t, s.store, "SELECT count(*) FROM confirmations") != 0 || dbtest.One[int](t, s.store, "SELECT count(*) FROM users WHERE email IS NULL") != 1 {
			t.Error("taking the address away leaves something")
		}
		if dbtest.One[string](t, s.store, "SELECT recipient FROM outbox WHERE kind = 'moved'") != "ada@example.org" {
			t.Error("the old address is not told")
		}
		s.happened(t, "ada", "email-changed", "email-asked")
	})
}

func TestWithoutMailAnAddressIsTakenAtItsWord(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	ada.submit(ada.get("/settings").form("#email"), naming("ada@example.org")).leadsTo("/settings?done=email#email-part")
	ada.get("/settings?done=email").says(".notice", "Your email is changed.")
	s.visitor(t).post("/login", login("ada@example.org", dbtest.Password)).leadsTo("/dashboard")
	if s.count(t, "outbox") != 0 {
		t.Error("mail waits for a server that is not there")
	}
}

func TestAnAddressThatIsNoneIsToldAtItsField(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	s.keeps(t, func() {
		for _, typed := range []string{"at home", "Ada <ada@example.org>", "a\x00b@example.org", strings.Repeat("a", 300) + "@example.org"} {
			page := ada.post("/settings/email?email=eve@example.org", naming(typed)).refuses("#email", "email").isPage()
			part := ada.htmx().post("/settings/email", naming(typed)).refuses("#email", "email").isFragment("email")
			for _, a := range []*answer{page, part} {
				keepsTyped(t, a, naming(typed), "email")
			}
		}
		s.visitor(t).post("/settings/email", naming("eve@example.org")).leadsTo("/login")
		s.visitor(t).htmx().post("/settings/email", naming("eve@example.org")).wants(http.StatusUnauthorized)
		ada.with("Sec-Fetch-Site", "cross-site").post("/settings/email", naming("eve@example.org")).wants(http.StatusForbidden)
	})
}

func TestAnAddressIsChangedByWhoHasProvenThePasswordLately(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	ada.get("/settings").hasNot("#email [name=current]")
	s.stales(t)
	page := ada.get("/settings")
	page.has("#email [name=current]")
	form := page.form("#email")
	s.keeps(t, func() {
		ada.submit(form, naming("ada@example.org")).refuses("#email", "current").isPage()
		ada.htmx().submit(form, merged(naming("ada@example.org"), url.Values{"current": {wrong}})).refuses("#email", "current").isFragment("email")
	})
	before := ada.session()
	ada.submit(form, merged(naming("ada@example.org"), url.Values{"current": {dbtest.Password}})).leadsTo("/settings?done=email#email-part")
	if ada.session() == before || s.count(t, "sessions") != 1 || s.count(t, "confirmations") != 1 {
		t.Error("a proven password does not begin a new session in the place of the old one")
	}
	ada.get("/settings").hasNot("#email [name=current]")
}

func TestAddressesAreNotChangedWithoutEnd(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	for n := range 10 {
		ada.post("/settings/email", naming(fmt.Sprintf("ada-%d@example.org", n))).leadsTo("/settings?done=email#email-part")
	}
	s.keeps(t, func() { ada.post("/settings/email", naming("ada@example.org")).isThrottled("#email").isPage() })
}
