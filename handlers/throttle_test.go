package handlers_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

const wrong = "eight grey herons"

// behindProxy is a blog whose proxy is this machine.
func behindProxy(o *handlers.Options) {
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128")}
}

// from sends as the proxy does for a client at that address.
func (b *browser) from(address string) *browser { return b.with("X-Forwarded-For", address) }

// throttles has that name tried too often, and then sets how long it must wait, so that
// the words are the same from one second to the next.
func (s *site) throttles(t *testing.T, name string) {
	t.Helper()
	for range 5 {
		s.visitor(t).post("/login", login(name, wrong)).wants(http.StatusUnprocessableEntity)
	}
	s.waitsNearlyTenMinutes(t)
}

func (s *site) waitsNearlyTenMinutes(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE throttles SET throttled_until = now() + interval '570 seconds' WHERE kind = 'account'")
}

// isThrottled asserts a 429 with the form again, which says how long to wait.
func (a *answer) isThrottled(form string) *answer {
	a.t.Helper()
	a.wants(http.StatusTooManyRequests).wantsHeader("Cache-Control", "no-store").wantsHeader("Set-Cookie", "")
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || seconds < 1 {
		a.t.Errorf("Retry-After is %q", a.Header.Get("Retry-After"))
	}
	a.says(form+" [role=alert]", "Try again in ")
	a.says(form+" [role=alert]", "Request "+a.Header.Get("X-Request-Id"))
	a.hasNot("[aria-invalid]") // it is no field's fault
	a.hasNot("[type=password][value]")
	if strings.Contains(a.body, dbtest.Password) {
		a.t.Errorf("the password comes back: %s", a.body)
	}
	return a
}

func TestATooOftenFailedLoginIsAskedToWait(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.throttles(t, "ada")
	sent := merged(login(" Ada", dbtest.Password), url.Values{"next": {"/new"}})
	b := s.visitor(t)
	s.keeps(t, func() {
		page := b.post("/login", sent).isThrottled("#login").isPage()
		part := b.htmx().post("/login", sent).isThrottled("#login").isFragment("login")
		again := b.htmx().post("/login", merged(sent, url.Values{"again": {"yes"}})).isThrottled("#login-again").isFragment("login-again")
		for _, a := range []*answer{page, part, again} {
			a.says("[role=alert]", "Too many log-ins have failed. Try again in 10 minutes.")
			keepsTyped(t, a, sent, "username", "next")
			a.has("[type=password][autofocus]")
		}
	})
	if b.session() != "" {
		t.Error("somebody refused is logged in")
	}
	b.post("/login", login("ada", "")).refuses("#login", "password") // what is missing is said all the same
}

func TestWhileThrottledARightPasswordIsAnsweredLikeAWrongOneAndAKnownNameLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.throttles(t, "ada")
	s.throttles(t, "eve")
	for _, b := range []*browser{s.visitor(t), s.visitor(t).htmx()} {
		s.waitsNearlyTenMinutes(t)
		want := b.post("/login", login("ada", wrong)).isThrottled("#login")
		for _, sent := range []url.Values{login("ada", dbtest.Password), login("eve", dbtest.Password), login("eve", wrong)} {
			s.waitsNearlyTenMinutes(t)
			got := b.post("/login", sent).isThrottled("#login")
			if whole(got) != whole(want) {
				t.Errorf("%v is answered\n%s\nnot\n%s", sent, whole(got), whole(want))
			}
		}
	}
}

// whole is an answer with its headers, but for what is each request's own, and for the name it was about.
func whole(a *answer) string {
	a.Header.Del("Date")
	if seconds, _ := strconv.Atoi(a.Header.Get("Retry-After")); seconds > 560 && seconds <= 570 {
		a.Header.Set("Retry-After", "570") // but for the seconds that went by
	}
	text := fmt.Sprint(a.StatusCode, a.Header, a.body)
	return strings.NewReplacer(a.Header.Get("X-Request-Id"), "ID", `value="eve"`, `value="ada"`).Replace(text)
}

func TestAHundredGuessesFromAHundredAddressesAreThrottledAcrossARestart(t *testing.T) {
	t.Parallel()
	s := newSite(t, behindProxy)
	dbtest.User(t, s.store, "ada")
	ada := s.visitor(t).from("198.51.100.1")
	ada.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	ada.post("/logout", url.Values{}).leadsTo("/login")
	looked, begun := 0, time.Now()
	for n := range 100 {
		if n == 50 {
			s = siteOn(t, s.store, behindProxy)
		}
		address := fmt.Sprintf("192.0.2.%d", n)
		if n%2 == 1 {
			address = fmt.Sprintf("2001:db8:0:%x::1", n)
		}
		if s.visitor(t).from(address).post("/login", login("ada", wrong)).StatusCode == http.StatusUnprocessableEntity {
			looked++
		}
	}
	if looked != 5 && time.Since(begun) < 30*time.Second { // when the sixth may be
		t.Errorf("%d of 100 guesses were looked at, want 5", looked)
	}
	s.visitor(t).from("203.0.113.1").post("/login", login("ada", dbtest.Password)).isThrottled("#login")
	known := s.withCookie(t, "device="+ada.cookie("device")).from("203.0.113.1")
	known.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
}

// cookie is what the browser keeps under that name, or "".
func (b *browser) cookie(name string) string {
	for _, cookie := range b.client.Jar.Cookies(b.home()) {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	return ""
}

func TestOnlyATrustedProxySaysWhereALoginComesFrom(t *testing.T) {
	t.Parallel()
	for trusted, options := range map[bool][]func(*handlers.Options){true: {behindProxy}, false: nil} {
		s := newSite(t, options...)
		s.visitor(t).from("192.0.2.1").post("/login", login("ada", wrong)).wants(http.StatusUnprocessableEntity)
		dbtest.Exec(t, s.store, "UPDATE throttles SET count = 100 WHERE kind = 'address'")
		other := s.visitor(t).from("192.0.2.1, 192.0.2.2").post("/login", login("bob", wrong))
		if (other.StatusCode == http.StatusUnprocessableEntity) != trusted {
			t.Errorf("with a trusted proxy (%v) another address is answered %d", trusted, other.StatusCode)
		}
		s.visitor(t).from("192.0.2.3, 192.0.2.1").post("/login", login("bob", wrong)).isThrottled("#login")
	}
}

func TestATextOnItsWayThroughTheLoginPageOutlivesItsThrottle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	asked := b.post("/posts", merged(awkwardly("Low tide"), url.Values{"id": {uuid.NewString()}})).wants(http.StatusUnauthorized)
	form := asked.form("#login")
	s.throttles(t, "ada")
	waiting := b.submit(form, login("ada", dbtest.Password)).isThrottled("#login").isPage()
	again := waiting.form("#login")
	for name, value := range form.fields {
		if got := again.fields.Get(name); name != "username" && got != value[0] {
			t.Errorf("%s comes back as %q, want %q", name, got, value[0])
		}
	}
	dbtest.Exec(t, s.store, "UPDATE throttles SET throttled_until = now()")
	editor := b.goesOnAs("ada", waiting)
	if got := editor.has("textarea").Text(); got != awkward {
		t.Errorf("the editor holds %q", got)
	}
}

func TestWhoIsLoggedInWritesOnWhileTheirAccountIsThrottled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	s.throttles(t, "ada")
	before := s.count(t, "throttles")
	for n := range 20 {
		ada.post("/posts", text(fmt.Sprint("Tide ", n), "Text.")).wants(http.StatusSeeOther)
	}
	ada.get("/dashboard").wants(http.StatusOK)
	if s.count(t, "throttles") != before {
		t.Error("writing is counted")
	}
}

func TestTooManySignUpsAreAskedToWait(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	s := siteOn(t, store, behindProxy, func(o *handlers.Options) {
		o.Accounts = account.New(store, password.New(0, 0), account.Rules{Signup: account.SignupOpen, PasswordMin: 8, SignupsPerHour: 1})
	})
	s.visitor(t).from("192.0.2.1").post("/signup", joining("ada", "", dbtest.Password)).leadsTo("/dashboard")
	sent := merged(joining("bob", "bob@example.org", dbtest.Password), url.Values{"next": {"/new"}})
	b := s.visitor(t).from("192.0.2.1")
	s.keeps(t, func() {
		page := b.post("/signup", sent).isThrottled("#signup").isPage()
		part := b.htmx().post("/signup", sent).isThrottled("#signup").isFragment("signup")
		for _, a := range []*answer{page, part} {
			a.says("[role=alert]", "Too many accounts have been made here. Try again in 60 minutes.")
			keepsTyped(t, a, sent, "username", "email", "next")
		}
	})
	s.visitor(t).from("192.0.2.2").post("/signup", sent).leadsTo("/new")
}

func TestTheWaitIsSaidInRoundWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.throttles(t, "ada")
	for wait, words := range map[string]string{ // each with seconds to spare for a slow machine
		"80 seconds": "seconds.", "110 seconds": "in 2 minutes.", "89.5 minutes": "in 90 minutes.", "100 minutes": "in 2 hours.", "23.5 hours": "in 24 hours.",
	} {
		dbtest.Exec(t, s.store, "UPDATE throttles SET count = 100, throttled_until = now() + $1::interval", wait)
		s.visitor(t).post("/login", login("ada", wrong)).isThrottled("#login").says("[role=alert]", words)
	}
}

func TestADevicesCookieOutlivesItsSession(t *testing.T) {
	t.Parallel()
	const lasting = "; max-age=34560000; path=/; HttpOnly; "
	for prefix, c := range map[string]struct {
		options []func(*handlers.Options)
		flags   string
	}{"": {nil, "SameSite=Lax"}, "__Host-": {[]func(*handlers.Options){overHTTPS}, "secure; SameSite=Lax"}} {
		s := newSite(t, c.options...)
		dbtest.User(t, s.store, "ada")
		first := s.visitor(t).post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
		token := first.Cookies()[1].Value
		if got, want := first.Header.Values("Set-Cookie")[1], prefix+"device="+token+lasting+c.flags; got != want {
			t.Errorf("the cookie is %q, want %q", got, want)
		}
		b := s.withCookie(t, prefix+"device="+token)
		for _, cookie := range b.post("/logout", url.Values{}).wants(http.StatusSeeOther).Cookies() {
			if strings.Contains(cookie.Name, "device") {
				t.Errorf("logging out sets %v", cookie)
			}
		}
		b.get("/dashboard").wants(http.StatusSeeOther) // it opens nothing
		s.throttles(t, "ada")
		s.visitor(t).post("/login", login("ada", dbtest.Password)).wants(http.StatusTooManyRequests)
		again := b.post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
		if again.Cookies()[1].Value == token {
			t.Error("a login takes over the token from before")
		}
	}
}
