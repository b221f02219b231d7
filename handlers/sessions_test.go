package handlers_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

func login(username, password string) url.Values {
	return url.Values{"username": {username}, "password": {password}}
}

func TestLoginLeadsToTheDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	form := b.get("/login").wants(http.StatusOK).isPage().form("#login")
	b.submit(form, login("Ada ", dbtest.Password)).leadsTo("/dashboard")
	b.get("/dashboard").wants(http.StatusOK).isPage().says("h1", "Welcome, ada")
}

func TestLoginInPlaceGoesOnToThePageAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org'")
	b := s.visitor(t)
	asked := b.get("/new?draft=1").wants(http.StatusSeeOther).Header.Get("Location")
	form := b.get(asked).wants(http.StatusOK).form("#login")
	b.htmx().submit(form, login("ADA@example.org", dbtest.Password)).goesOn("/new?draft=1")
	b.get("/login?next=/new").leadsTo("/new")
	b.get("/login").leadsTo("/dashboard")
}

func TestLoginRefusesTheWrongNameOrPasswordInTheSameWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	const wrong = "Wrong username or password."
	cases := map[string]struct {
		sent   url.Values
		fields []string
		words  string
	}{
		"wrong password":      {login("ada", "eight grey herons"), []string{"password"}, wrong},
		"unknown name":        {login("eve", dbtest.Password), []string{"password"}, wrong},
		"name with NUL":       {login("eve\x00", dbtest.Password), []string{"password"}, wrong},
		"name with bad UTF-8": {login("eve\xff", dbtest.Password), []string{"password"}, wrong},
		"endless name":        {login(strings.Repeat("ada", 1000), dbtest.Password), []string{"password"}, wrong},
		"endless password":    {login("ada", strings.Repeat("x", 60_000)), []string{"password"}, wrong},
		"name in markup":      {login(`"><b>ada`, dbtest.Password), []string{"password"}, wrong},
		"nothing typed":       {login(" ", ""), []string{"username", "password"}, "Enter your username"},
		"no password":         {login("ada", ""), []string{"password"}, "Enter your password."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b, sent := s.visitor(t), merged(c.sent, url.Values{"next": {"/new"}})
			s.keeps(t, func() {
				page := b.post("/login?username=ada&password=seven+grey+herons", sent).refuses("#login", c.fields...).isPage()
				part := b.htmx().post("/login", sent).refuses("#login", c.fields...).isFragment("login")
				for _, a := range []*answer{page, part} {
					a.says("#login [role=alert]", c.words)
					keepsTyped(t, a, sent, "username", "next")
				}
			})
			if b.session() != "" {
				t.Error("somebody refused is logged in")
			}
		})
	}
}

func TestLoginEndsTheSessionThatTheBrowserHad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.as(t, "ada")
	before, hash := b.session(), dbtest.One[[]byte](t, s.store, "SELECT token_hash FROM sessions")
	b.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	if b.session() == before || b.session() == "" {
		t.Error("the token did not change at login")
	}
	if dbtest.One[int](t, s.store, "SELECT count(*) FROM sessions WHERE token_hash = $1", hash) != 0 || s.count(t, "sessions") != 1 {
		t.Error("the session from before login is still there")
	}
	s.withCookie(t, "session="+before).get("/dashboard").wants(http.StatusSeeOther)
}

// withCookie is a browser with that cookie and no others.
func (s *site) withCookie(t *testing.T, cookie string) *browser {
	t.Helper()
	return s.visitor(t).with("Cookie", cookie)
}

func TestATokenPlantedBeforeLoginIsWorthNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	planted := randomToken()
	answer := s.withCookie(t, "session="+planted).post("/login", login("ada", dbtest.Password))
	answer.leadsTo("/dashboard")
	if answer.Cookies()[0].Value == planted {
		t.Error("login took over a token from outside")
	}
	s.withCookie(t, "session="+planted).get("/dashboard").wants(http.StatusSeeOther)
}

func randomToken() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func TestLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	elsewhere := s.as(t, "ada")
	for name, leave := range map[string]func(b *browser, form sheet){
		"plain": func(b *browser, form sheet) { b.submit(form, nil).leadsTo("/login") },
		"htmx":  func(b *browser, form sheet) { b.htmx().submit(form, nil).goesOn("/login") },
	} {
		t.Run(name, func(t *testing.T) {
			b := s.as(t, "ada")
			token := b.session()
			leave(b, b.get("/dashboard").form("nav form[action='/logout']"))
			if b.session() != "" || s.count(t, "sessions") != 1 {
				t.Error("the session did not end, or others ended with it")
			}
			s.withCookie(t, "session="+token).get("/dashboard").wants(http.StatusSeeOther)
			b.post("/logout", url.Values{}).leadsTo("/login")
		})
	}
	elsewhere.get("/dashboard").wants(http.StatusOK)
}

func TestGettingTheLogoutPageEndsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	form := ada.get("/logout").wants(http.StatusOK).isPage().form("main form")
	ada.get("/dashboard").wants(http.StatusOK)
	ada.submit(form, nil).leadsTo("/login")
}

func TestASessionEndsByAge(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	cases := map[string]struct {
		ages  string
		alive bool
	}{
		"idle for nearly 14 days": {"seen_at = now() - interval '13 days 23 hours', created_at = now() - interval '14 days'", true},
		"idle for 14 days":        {"seen_at = now() - interval '14 days'", false},
		"nearly 30 days old":      {"created_at = now() - interval '29 days 23 hours'", true},
		"30 days old":             {"created_at = now() - interval '30 days'", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			ada := s.as(t, "ada")
			dbtest.Exec(t, s.store, "UPDATE sessions SET "+c.ages)
			if c.alive {
				ada.get("/dashboard").wants(http.StatusOK)
				if s.count(t, "sessions WHERE seen_at > now() - interval '1 minute'") != 1 {
					t.Error("the session's use was not noted")
				}
			} else {
				isNobody(t, ada)
			}
			dbtest.Exec(t, s.store, "DELETE FROM sessions")
		})
	}
}

func TestATokenThatOpensNothingIsNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	hash := func() string {
		s.as(t, "ada")
		raw := dbtest.One[[]byte](t, s.store, "SELECT token_hash FROM sessions LIMIT 1")
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	for name, token := range map[string]string{
		"never given":           randomToken(),
		"what the table keeps":  hash(),
		"nonsense":              "ada",
		"too long":              strings.Repeat("A", 5000),
		"in another encoding":   randomToken() + "=",
		"with quotes":           `"` + randomToken() + `"`,
		"not ASCII":             "\xc3\xa4\x80",
		"another blog's format": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
	} {
		t.Run(name, func(t *testing.T) { isNobody(t, s.withCookie(t, "session="+token)) })
	}
}

// isNobody asserts that a browser with a cookie is not logged in. It keeps the cookie:
// a late answer that took it away would take one that was given meanwhile.
func isNobody(t *testing.T, b *browser) {
	t.Helper()
	home := b.get("/").wants(http.StatusOK).isPage()
	home.has("nav a[href='/login']")
	home.wantsHeader("Set-Cookie", "")
	b.get("/dashboard").leadsTo("/login?next=%2Fdashboard")
	b.post("/posts", url.Values{"title": {"T"}, "body": {"B"}}).wants(http.StatusUnauthorized)
	b.htmx().get("/new").wants(http.StatusUnauthorized)
}

func TestTheSessionOfAnAccountThatIsGoneIsNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	dbtest.Exec(t, s.store, "DELETE FROM users")
	isNobody(t, ada)
}

func TestTheSessionCookieIsForThisBlogsServerAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	answer := b.post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
	if got, want := answer.Header.Get("Set-Cookie"), "session="+b.session()+"; max-age=2592000; path=/; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("the cookie is %q, want %q", got, want)
	}
	id := dbtest.One[string](t, s.store, "SELECT id::text FROM users")
	b.post("/logout", url.Values{}).wantsHeader("Set-Cookie",
		"session=; max-age=0; path=/; HttpOnly; SameSite=Lax, left="+id+"; max-age=60; path=/; HttpOnly; SameSite=Lax")
	b.get("/login").has("body[data-left='" + id + "']")
	b.get("/login").hasNot("[data-left]") // told once
	b.post("/logout", url.Values{}).wantsHeader("Set-Cookie", "session=; max-age=0; path=/; HttpOnly; SameSite=Lax")
}

// overHTTPS is a blog that is reached over HTTPS, through a proxy.
func overHTTPS(o *handlers.Options) { o.URL = &url.URL{Scheme: "https", Host: "blog.example"} }

func TestOverHTTPSTheSessionCookieIsBoundToTheHost(t *testing.T) {
	t.Parallel()
	s := newSite(t, overHTTPS)
	dbtest.User(t, s.store, "ada")
	answer := s.visitor(t).post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
	cookie := answer.Cookies()[0]
	want := "__Host-session=" + cookie.Value + "; max-age=2592000; path=/; HttpOnly; secure; SameSite=Lax"
	if got := answer.Header.Get("Set-Cookie"); got != want {
		t.Errorf("the cookie is %q, want %q", got, want)
	}
	s.withCookie(t, "__Host-session="+cookie.Value).get("/dashboard").wants(http.StatusOK)
	s.withCookie(t, "session="+cookie.Value).get("/dashboard").wants(http.StatusSeeOther)
}

func TestASessionThatEndedIsRenewedAboveWhatOneWasDoing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	text := url.Values{"title": {"T"}, "body": {"B"}}
	asked := b.htmx().post("/posts", text).wants(http.StatusUnauthorized).isFragment("login-again")
	asked.wantsHeader("HX-Retarget", "#login-again").wantsHeader("HX-Reswap", "outerHTML").wantsHeader("Cache-Control", "no-store")
	form := asked.form("#login-again")
	wrong := b.htmx().submit(form, login("ada", "eight grey herons")).refuses("#login-again", "password").isFragment("login-again")
	done := b.htmx().submit(wrong.form("#login-again"), login("ada", dbtest.Password)).wants(http.StatusOK)
	done.isFragment("login-again").has("[data-announce]")
	b.htmx().post("/posts", text).goesOn("/@ada/t")
	s.visitor(t).submit(form, login("ada", dbtest.Password)).leadsTo("/dashboard")
}
