package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// sessionOf is the id of the browser's session.
func (s *site) sessionOf(t *testing.T, username, browser string) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `SELECT s.id::text FROM sessions AS s JOIN users AS u ON u.id = s.user_id
		WHERE u.username = $1 AND s.browser = $2`, username, browser)
}

// loggedIn is a browser of that kind in which ada has logged in.
func (s *site) loggedIn(t *testing.T, userAgent string) *browser {
	t.Helper()
	b := s.visitor(t).with("User-Agent", userAgent)
	b.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	return b
}

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	safari  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
)

func TestSessionsAreListedInWordsAndThisOneIsMarked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	ada, bob := s.loggedIn(t, firefox), s.as(t, "bob")
	s.loggedIn(t, safari)
	s.loggedIn(t, "sitecheck/1.0")
	dbtest.Exec(t, s.store, "UPDATE sessions SET seen_at = '2026-11-22 14:05:30Z', created_at = now() WHERE browser LIKE 'Safari%'")
	dbtest.Exec(t, s.store, "UPDATE sessions SET seen_at = greatest(seen_at, now() - interval '13 days')")
	page := ada.get("/settings").wants(http.StatusOK)
	if rows := page.page.Find("#sessions .row"); rows.Length() != 3 {
		t.Fatalf("%d sessions are listed: %s", rows.Length(), rows.Text())
	}
	page.says("#sessions .row:first-child .row-words", "Firefox on Linux This session")
	page.says("#sessions .row:first-child .hint", "127.0.0.1 now")
	page.hasNot("#sessions .row:first-child button")
	page.says("#sessions .row:nth-child(2)", "Unknown browser")
	page.says("#sessions .row:nth-child(3) .row-words", "Safari on iPhone")
	page.says("#sessions .row:nth-child(3) .hint", "127.0.0.1 last seen")
	page.has("#sessions .row:nth-child(3) time[datetime$=Z]")
	page.hasNot("#sessions [name=current]") // it was proven a moment ago
	one := bob.get("/settings")
	one.says("#sessions .row", "This session")
	one.hasNot("#sessions form")
}

func TestASessionIsEnded(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.User(t, s.store, "ada")
		ada, other, third := s.loggedIn(t, firefox), s.loggedIn(t, safari), s.loggedIn(t, "curl/8")
		end, _ := ada.get("/settings").has("#sessions .row:contains('Safari') button").Attr("formaction")
		before := ada.session()
		done := send(ada).post(end, url.Values{})
		if inPlace {
			done.wants(http.StatusOK).isFragment("sessions").has("#sessions[data-announce='That session has ended.'] .row[autofocus]")
			if rows := done.page.Find(".row").Length(); rows != 2 {
				t.Errorf("%d sessions are listed", rows)
			}
		} else {
			done.leadsTo("/settings#sessions-part")
		}
		isNobody(t, other)
		third.get("/dashboard").wants(http.StatusOK)
		ada.get("/dashboard").wants(http.StatusOK)
		s.happened(t, "ada", "session-ended", "logged-in")
		if ada.session() != before {
			t.Error("a fresh session was renewed")
		}
		send(ada).post(end, url.Values{}).wants(http.StatusNotFound) // it has ended already
		s.happened(t, "ada", "session-ended", "logged-in")
	})
}

func TestAllOtherSessionsAreEnded(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.User(t, s.store, "ada")
		dbtest.User(t, s.store, "bob")
		ada, other, bob := s.loggedIn(t, firefox), s.loggedIn(t, safari), s.as(t, "bob")
		form := ada.get("/settings").form("#ending")
		for range 2 { // again is harmless
			done := send(ada).submit(form, nil)
			if inPlace {
				done.wants(http.StatusOK).isFragment("sessions").has("#sessions[data-announce='Every other session has ended.']")
				done.hasNot("form, button")
			} else {
				done.leadsTo("/settings#sessions-part")
			}
		}
		isNobody(t, other)
		bob.get("/dashboard").wants(http.StatusOK)
		ada.get("/dashboard").wants(http.StatusOK)
		s.happened(t, "ada", "session-ended", "logged-in")
	})
}

func TestEndingSessionsAsksForThePasswordOnceTenMinutesHavePassed(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.User(t, s.store, "ada")
		ada, other := s.loggedIn(t, firefox), s.loggedIn(t, safari)
		s.stales(t)
		page := ada.get("/settings")
		page.has("#ending [name=current][autocomplete=current-password]")
		end, _ := page.has("#sessions .row button").Attr("formaction")
		s.keeps(t, func() {
			for _, path := range []string{end, "/settings/sessions/ending"} {
				send(ada).post(path, url.Values{}).refuses("#ending", "current").says("[role=alert]", "Enter the password you have now.")
				refused := send(ada).post(path, url.Values{"current": {"seven gray herons"}}).refuses("#ending", "current")
				if inPlace {
					refused.isFragment("sessions")
				}
			}
		})
		before := ada.session()
		stolen := s.visitor(t)
		stolen.client.Jar.SetCookies(stolen.home(), []*http.Cookie{{Name: "session", Value: before, Path: "/"}})
		done := send(ada).post(end, url.Values{"current": {dbtest.Password}})
		if inPlace {
			done.wants(http.StatusOK).isFragment("sessions").hasNot("[name=current]")
		} else {
			done.leadsTo("/settings#sessions-part")
		}
		isNobody(t, other)
		isNobody(t, stolen) // the old token opens nothing
		if ada.session() == before {
			t.Error("the session has its old token")
		}
		ada.get("/settings").wants(http.StatusOK).hasNot("#ending")
		s.happened(t, "ada", "session-ended") // and no log-in
		if s.count(t, "sessions") != 1 {
			t.Error("more than this session is left")
		}
	})
}

func TestEndingAllOthersAfterAProofKeepsTheNewSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada, other := s.loggedIn(t, firefox), s.loggedIn(t, safari)
	s.stales(t)
	ada.post("/settings/sessions/ending", url.Values{"current": {dbtest.Password}}).leadsTo("/settings#sessions-part")
	isNobody(t, other)
	ada.get("/settings").wants(http.StatusOK)
}

func TestEndingThisSessionIsLoggingOut(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.User(t, s.store, "ada")
		ada := s.loggedIn(t, firefox)
		s.stales(t)
		done := send(ada).post("/settings/sessions/"+s.sessionOf(t, "ada", "Firefox on Linux")+"/ending", url.Values{})
		if inPlace {
			done.goesOn("/login")
		} else {
			done.leadsTo("/login")
		}
		isNobody(t, ada)
		s.happened(t, "ada", "logged-out", "logged-in")
	})
}

func TestSessionsOfOthersAreNotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	ada, bob := s.loggedIn(t, firefox), s.as(t, "bob")
	s.keeps(t, func() {
		for _, id := range []string{s.sessionOf(t, "ada", "Firefox on Linux"), uuid.NewString(), "x"} {
			bob.post("/settings/sessions/"+id+"/ending", url.Values{}).wants(http.StatusNotFound).isPage()
			bob.htmx().post("/settings/sessions/"+id+"/ending", url.Values{}).wants(http.StatusNotFound).has(".wrong")
		}
	})
	ada.get("/dashboard").wants(http.StatusOK)
	s.happened(t, "bob", "logged-in")
}
