package handlers_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

const newPassword = "eight brown owls"

func choosing(password string) url.Values { return url.Values{"password": {password}} }

// link is the path of a new link to set the password of the user of that name.
func (s *site) link(t *testing.T, name string) string {
	t.Helper()
	token, err := s.accounts.NewLink(t.Context(), name, "", account.Client{})
	if err != nil {
		t.Fatal(err)
	}
	return "/reset/" + string(token)
}

func TestALinkLeadsToAFormForANewPasswordThatEndsAllSessions(t *testing.T) {
	t.Parallel()
	for name, save := range map[string]func(*browser, sheet){
		"plain": func(b *browser, form sheet) { b.submit(form, choosing(newPassword)).leadsTo("/login?changed=yes") },
		"htmx": func(b *browser, form sheet) {
			b.htmx().submit(form, choosing(newPassword)).goesOn("/login?changed=yes")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			dbtest.User(t, s.store, "ada")
			dbtest.User(t, s.store, "bob")
			elsewhere, bob, b, link := s.as(t, "ada"), s.as(t, "bob"), s.visitor(t), s.link(t, "ada")
			page := b.get(link).wants(http.StatusOK).isPage()
			page.says("main", "For the account ada.")
			save(b, page.form("#reset"))
			b.get("/login?changed=yes").wants(http.StatusOK).says("main", "Your password is changed")
			isNobody(t, elsewhere)
			bob.get("/dashboard").wants(http.StatusOK)
			if s.count(t, "sessions") != 1 || s.count(t, "resets") != 0 {
				t.Error("more is left than bob's session")
			}
			b.post("/login", login("ada", dbtest.Password)).refuses("#login", "password")
			b.post("/login", login("ada", newPassword)).leadsTo("/dashboard")
		})
	}
}

func TestLookingAtALinkUsesNothingUp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada, link := s.as(t, "ada"), s.link(t, "ada")
	s.keeps(t, func() {
		for range 3 {
			s.visitor(t).get(link).wants(http.StatusOK)
			s.visitor(t).do(http.MethodHead, link, nil).wants(http.StatusOK)
			ada.get(link).wants(http.StatusOK)
		}
	})
	s.visitor(t).post(link, choosing(newPassword)).leadsTo("/login?changed=yes")
}

func TestALinkSaysTheSameWhetherItWasUsedIsTooOldOrNeverWas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	used, expired := s.link(t, "ada"), s.link(t, "bob")
	s.visitor(t).post(used, choosing(newPassword)).leadsTo("/login?changed=yes")
	dbtest.Exec(t, s.store, "UPDATE resets SET expires_at = now()")
	b := s.visitor(t)
	said := func(a *answer) string {
		a.wants(http.StatusNotFound).wantsHeader("Cache-Control", "no-store").wantsHeader("Referrer-Policy", "no-referrer")
		return strings.ReplaceAll(a.body, a.Header.Get("X-Request-Id"), "")
	}
	want := map[string]string{}
	s.keeps(t, func() {
		for name, path := range map[string]string{
			"used": used, "too old": expired, "unknown": "/reset/" + randomToken(), "nonsense": "/reset/ada", "long": "/reset/" + strings.Repeat("A", 3000),
		} {
			for how, a := range map[string]*answer{
				"page": b.get(path), "form": b.post(path, choosing(newPassword)),
				"short": b.post(path, choosing("x")), "part": b.htmx().post(path, choosing(newPassword)),
			} {
				got := said(a)
				if how != "part" {
					a.isPage().says("h1", "This link does not work")
					a.has("main a[href='/forgot']")
					how = "page"
				}
				if want[how] == "" {
					want[how] = got
				}
				if got != want[how] {
					t.Errorf("a link that is %s says\n%s\nwant\n%s", name, got, want[how])
				}
			}
		}
	})
}

func TestAPasswordThatCannotBeChosenIsToldAtItsField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b, link := s.visitor(t), s.link(t, "ada")
	s.keeps(t, func() {
		for password, words := range map[string]string{
			"": "Use at least 8 characters.", "short": "Use at least 8 characters.", "password1": "easy to guess", "ada likes tea": "contain your username",
		} {
			page := b.post(link+"?password="+url.QueryEscape(newPassword), choosing(password)).refuses("#reset", "password").isPage()
			part := b.htmx().post(link, choosing(password)).refuses("#reset", "password").isFragment("reset")
			for _, a := range []*answer{page, part} {
				a.says("#reset [role=alert]", words)
				a.wantsHeader("Cache-Control", "no-store").wantsHeader("Referrer-Policy", "no-referrer")
				if a.form("#reset").action != link {
					t.Errorf("the form leads to %s", a.form("#reset").action)
				}
			}
		}
	})
}

func TestOfTwoFormsOfOneLinkAtOnceOneWins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	link := s.link(t, "ada")
	passwords, statuses := []string{newPassword, "nine white geese"}, [2]int{}
	var both sync.WaitGroup
	for i, password := range passwords {
		b := s.visitor(t)
		both.Go(func() { statuses[i] = b.post(link, choosing(password)).StatusCode })
	}
	both.Wait()
	if statuses != [2]int{303, 404} && statuses != [2]int{404, 303} {
		t.Fatalf("they were answered %v", statuses)
	}
	for i, password := range passwords {
		if got := s.visitor(t).post("/login", login("ada", password)).StatusCode; (got == 303) != (statuses[i] == 303) {
			t.Errorf("the form answered %d, its password %d", statuses[i], got)
		}
	}
}

func TestALinkAsksWhoeverWasLoggedInToLogInAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	for _, name := range []string{"ada", "bob"} {
		b, link := s.as(t, name), s.link(t, "ada")
		b.submit(b.get(link).wants(http.StatusOK).isPage().form("#reset"), choosing(newPassword)).leadsTo("/login?changed=yes")
		if b.session() != "" || s.count(t, "sessions") != 0 {
			t.Errorf("%s is still logged in", name)
		}
		b.get("/login?changed=yes").wants(http.StatusOK).says("main", "Your password is changed")
	}
}

func TestALinkIsUsedFromThisBlogsOwnPageAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b, link := s.visitor(t), s.link(t, "ada")
	s.keeps(t, func() {
		b.with("Sec-Fetch-Site", "cross-site").post(link, choosing(newPassword)).wants(http.StatusForbidden).isPage()
		b.with("Sec-Fetch-Site", "same-site").with("Origin", "null").post(link, choosing(newPassword)).wants(http.StatusForbidden)
		b.without("Sec-Fetch-Site").with("Origin", "https://elsewhere.example").post(link, choosing(newPassword)).wants(http.StatusForbidden)
		b.without("Sec-Fetch-Site").with("Origin", "null").post("/login", login("ada", dbtest.Password)).wants(http.StatusForbidden)
		b.htmx().with("Sec-Fetch-Site", "cross-site").post(link, choosing(newPassword)).wants(http.StatusForbidden)
	})
	// What a browser sends over plain HTTP, where it names no site, from a page that lets it name no referrer.
	s.as(t, "ada").without("Sec-Fetch-Site").with("Origin", "null").post(link, choosing(newPassword)).leadsTo("/login?changed=yes")
}

func TestAPageWithALinkIsKeptNowhereAndNamesItToNobody(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newSite(t, func(o *handlers.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	dbtest.User(t, s.store, "ada")
	link := s.link(t, "ada")
	for _, b := range []*browser{s.visitor(t), s.as(t, "ada")} {
		b.get(link).wants(http.StatusOK).wantsHeader("Cache-Control", "no-store").wantsHeader("Referrer-Policy", "no-referrer")
		b.htmx().get(link).wants(http.StatusOK).isFragment("reset").wantsHeader("Cache-Control", "no-store")
	}
	b := s.visitor(t)
	b.post(link, choosing("x")).wants(http.StatusUnprocessableEntity)
	b.with("Sec-Fetch-Site", "cross-site").post(link, choosing("x")).wants(http.StatusForbidden)
	b.do(http.MethodPut, link, nil).wants(http.StatusMethodNotAllowed)
	b.get(link + "/more").wants(http.StatusNotFound)
	dbtest.Exec(t, s.store, "ALTER TABLE resets RENAME TO mislaid")
	b.get(link).wants(http.StatusInternalServerError)
	dbtest.Exec(t, s.store, "ALTER TABLE mislaid RENAME TO resets")
	b.post(link, choosing(newPassword)).leadsTo("/login?changed=yes")
	b.get(link).wants(http.StatusNotFound)
	token := strings.TrimPrefix(link, "/reset/")
	if lines := log.String(); !strings.Contains(lines, "route=/reset/:token") || strings.Contains(lines, token) || strings.Contains(lines, newPassword) {
		t.Errorf("the log: %s", lines)
	}
}

func TestWithoutMailOneIsToldToAskTheOwner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.visitor(t).get("/login").has("a[href='/forgot']")
	for _, b := range []*browser{s.visitor(t), s.as(t, "ada")} {
		page := b.get("/forgot").wants(http.StatusOK).isPage()
		page.says("main", "Ask its owner for a link")
		page.hasNot("main form")
	}
}

// withMail is a blog with a mail server. Nothing is sent: who does that is no part of the server.
func withMail(t *testing.T, options ...func(*handlers.Options)) *site {
	t.Helper()
	store := dbtest.Store(t)
	accounts := account.New(store, password.New(0, time.Minute), account.Rules{Signup: account.SignupOpen, PasswordMin: 8, Mail: true})
	return siteOn(t, store, append(options, func(o *handlers.Options) { o.Accounts = accounts })...)
}

func asking(name string) url.Values { return url.Values{"username": {name}} }

func TestALinkIsAskedForByAnyNameInTheSameWords(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now() WHERE username = 'ada'")
	for who, b := range map[string]*browser{"nobody": s.visitor(t), "bob": s.as(t, "bob")} {
		form := b.get("/forgot").wants(http.StatusOK).isPage().form("#forgot")
		want := ""
		for _, name := range []string{"ada", " Ada@Example.org", "bob", "eve", "eve@example.org", "a\x00b", "\xff", strings.Repeat("a", 5000), `"><b>`} {
			dbtest.Exec(t, s.store, "DELETE FROM throttles")
			before := s.count(t, "outbox")
			plain := b.submit(form, asking(name))
			plain.leadsTo("/forgot?asked=yes")
			b.htmx().submit(form, asking(name)).goesOn("/forgot?asked=yes")
			got := fmt.Sprint(plain.StatusCode, plain.body, b.get("/forgot?asked=yes").wants(http.StatusOK).isPage().body)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s asks for %.20q and is told\n%s\nwant\n%s", who, name, got, want)
			}
			if s.count(t, "outbox") != before+2 || s.count(t, "resets") != 0 {
				t.Errorf("asking for %.20q is not written down once a time, or looked up", name)
			}
		}
	}
}

func TestNothingTypedIsToldAtItsField(t *testing.T) {
	t.Parallel()
	s := withMail(t)
	b := s.visitor(t)
	s.keeps(t, func() {
		for _, name := range []string{"", " \t"} {
			b.post("/forgot?username=ada", asking(name)).refuses("#forgot", "username").isPage()
			b.htmx().post("/forgot", asking(name)).refuses("#forgot", "username").isFragment("forgot")
		}
		b.with("Sec-Fetch-Site", "cross-site").post("/forgot", asking("ada")).wants(http.StatusForbidden).isPage()
		b.without("Sec-Fetch-Site").with("Origin", "null").post("/forgot", asking("ada")).wants(http.StatusForbidden)
	})
}

func TestWithoutMailNothingIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.keeps(t, func() {
		s.visitor(t).post("/forgot", asking("ada")).leadsTo("/forgot")
		s.visitor(t).get("/forgot?asked=yes").wants(http.StatusOK).says("main", "Ask its owner")
	})
}

// Median times of 200 tries each or more, in an order left to chance: whoever listens learns from the time no more than from the words.
func TestAskingForALinkTakesTheSameTimeForAnyName(t *testing.T) {
	s := withMail(t)
	dbtest.User(t, s.store, "ada")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
	b := s.visitor(t)
	took := map[string][]time.Duration{}
	measure := func() (known, unknown time.Duration) {
		for range 200 {
			dbtest.Exec(t, s.store, "DELETE FROM throttles")
			names := []string{"ada", "eve"}
			if rand.IntN(2) == 0 {
				slices.Reverse(names)
			}
			for _, name := range names {
				begun := time.Now()
				b.post("/forgot", asking(name)).leadsTo("/forgot?asked=yes")
				took[name] = append(took[name], time.Since(begun))
			}
		}
		return median(took["ada"]), median(took["eve"])
	}
	var known, unknown time.Duration
	for range 5 { // on a busy machine the medians themselves jump: then more tries say more
		known, unknown = measure()
		t.Logf("known %s, unknown %s", known, unknown)
		if difference := float64(known-unknown) / float64(unknown); math.Abs(difference) < 0.1 {
			return
		}
	}
	t.Errorf("a known name takes %s, an unknown one %s", known, unknown)
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
