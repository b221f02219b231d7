package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// owned is a blog whose owner is ada, and in which bob writes.
func owned(t *testing.T) (s *site, ada *browser, bob uuid.UUID) {
	t.Helper()
	s = newSite(t)
	dbtest.Owner(t, s.store, "ada")
	bob = dbtest.User(t, s.store, "bob")
	return s, s.as(t, "ada"), bob
}

// at is where something is done to an account.
func (s *site) at(id uuid.UUID, action string) string {
	return "/admin/users/" + id.String() + "/" + action
}

// stale lets the time pass for which a session's password is proven.
func (s *site) stale(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE sessions SET proven_at = now() - interval '10 minutes'")
}

// events are what was done by somebody to somebody else, in order, as "disabled bob by ada".
func (s *site) events(t *testing.T) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `
		SELECT coalesce(string_agg(concat_ws(' ', kind, username, 'by', actor, nullif(detail, '')), ', ' ORDER BY id), '')
		FROM events WHERE actor <> ''`)
}

func TestTheOwnerFindsPeopleByAPlainFormAndInPlace(t *testing.T) {
	t.Parallel()
	s, ada, _ := owned(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "grace"))
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'hopper@example.org', display_name = 'Dr. <b>' WHERE username = 'grace'")
	all := ada.get("/admin").wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store")
	if n := all.has("#people article").Length(); n != 3 {
		t.Errorf("%d people", n)
	}
	all.says("#people article:last-of-type", "graceDr. <b>")
	all.has("#people article:nth-of-type(1) h2 a[href='/@ada']")
	all.has(".masthead nav a[href='/admin'][aria-current=page]")
	for _, q := range []string{"GRA", "hopper@", "dr."} {
		found := ada.get("/admin?q=" + url.QueryEscape(q)).wants(http.StatusOK).isPage()
		found.has("[name=q][value='" + q + "']")
		part := ada.htmx().get("/admin?q=" + url.QueryEscape(q)).wants(http.StatusOK).isFragment("people")
		part.has("[data-announce='1 person.']")
		for _, a := range []*answer{found, part} {
			if a.has("article").Length() != 1 {
				t.Errorf("%s finds %s", q, a.page.Find("article").Text())
			}
			a.says("article h2", "grace")
		}
	}
	ada.get("/admin?q=%22%3E%3Cscript%3E").says("#people .empty", `“"><script>”`)
	ada.get("/admin?q=%00").wants(http.StatusOK).hasNot("#people article")
	ada.get("/admin?q=%ff&after=%ff").wants(http.StatusOK)
	ada.get("/admin?after=zzz").wants(http.StatusOK).says("#people", "Nobody follows.")
}

func TestManyPeopleComeInPages(t *testing.T) {
	t.Parallel()
	s, ada, _ := owned(t)
	dbtest.Exec(t, s.store, `SELECT create_user(gen_random_uuid(), 'user-' || lpad(n::text, 3, '0'), NULL, '-', 'author', 'import', 'open', NULL)
		FROM generate_series(1, 60) AS n`)
	next := ada.get("/admin?q=user").has("#more-people a").AttrOr("href", "")
	page := ada.get(next).wants(http.StatusOK).isPage()
	page.has("[name=q][value=user]")
	part := ada.htmx().get(next).wants(http.StatusOK).isFragment("people-after-user-050")
	for _, a := range []*answer{page, part} {
		if a.has("article").Length() != 10 {
			t.Errorf("%d people are on the second page", a.page.Find("article").Length())
		}
		a.hasNot("#more-people")
	}
	part.has("article:first-of-type a[autofocus]")
}

func TestADisabledAccountIsOutAtItsVeryNextRequest(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(*browser, string){
		"plain": func(b *browser, path string) {
			b.post(path, url.Values{}).leadsTo(path[:strings.LastIndex(path, "/")])
		},
		"htmx": func(b *browser, path string) {
			b.htmx().post(path, url.Values{}).wants(http.StatusOK).isFragment("person-" + strings.Split(path, "/")[3])
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ada, bob := owned(t)
			phone, desk, link := s.as(t, "bob"), s.as(t, "bob"), s.link(t, "bob")
			press(ada, s.at(bob, "disabling"))
			press(ada, s.at(bob, "disabling")) // twice is harmless
			isNobody(t, phone)
			isNobody(t, desk)
			s.visitor(t).get(link).wants(http.StatusNotFound)
			s.visitor(t).post("/login", login("bob", dbtest.Password)).wants(http.StatusUnprocessableEntity).says("#login", "This account is disabled.")
			page := ada.get("/admin/users/" + bob.String()).wants(http.StatusOK).isPage()
			page.says("article", "Disabled")
			page.hasNot("form[action$='/link']")
			press(ada, s.at(bob, "enabling"))
			press(ada, s.at(bob, "enabling"))
			s.visitor(t).post("/login", login("bob", dbtest.Password)).leadsTo("/dashboard")
			if got := s.events(t); got != "link-made bob by , disabled bob by ada, enabled bob by ada" && got != "disabled bob by ada, enabled bob by ada" {
				t.Errorf("the record is %s", got)
			}
		})
	}
}

func TestTheOwnerGetsALinkToHandOverOnce(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	page := ada.post(s.at(bob, "link"), url.Values{}).wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store")
	part := ada.htmx().post(s.at(bob, "link"), url.Values{}).wants(http.StatusOK).isFragment("person-" + bob.String())
	first, second := page.has("input[readonly]").AttrOr("value", ""), part.has("input[readonly][autofocus]").AttrOr("value", "")
	if !strings.HasPrefix(first, s.url+"/reset/") || first == second {
		t.Errorf("the links are %s and %s", first, second)
	}
	s.visitor(t).get(strings.TrimPrefix(first, s.url)).wants(http.StatusNotFound) // the newer one works
	s.visitor(t).post(strings.TrimPrefix(second, s.url), choosing(newPassword)).leadsTo("/login?changed=yes")
	ada.get("/admin/users/" + bob.String()).hasNot("input[readonly]")
	if got := s.events(t); got != "link-made bob by ada, link-made bob by ada" {
		t.Errorf("the record is %s", got)
	}
}

func TestARoleHoldsFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	b := s.as(t, "bob")
	b.get("/admin").wants(http.StatusNotFound)
	ada.post(s.at(bob, "role"), url.Values{"role": {"owner"}}).leadsTo("/admin/users/" + bob.String())
	b.get("/admin").wants(http.StatusOK)
	part := ada.htmx().post(s.at(bob, "role"), url.Values{"role": {"author"}}).wants(http.StatusOK).isFragment("person-" + bob.String())
	part.has("[name=role][value=owner]")
	b.get("/admin").wants(http.StatusNotFound)
	s.keeps(t, func() {
		ada.post(s.at(bob, "role"), url.Values{"role": {"king"}}).wants(http.StatusBadRequest)
		ada.post(s.at(bob, "role"), url.Values{}).wants(http.StatusBadRequest)
		ada.post(s.at(bob, "role"), url.Values{"role": {"author"}}).wants(http.StatusSeeOther)
	})
	if got := s.events(t); got != "role-changed bob by ada author → owner, role-changed bob by ada owner → author" {
		t.Errorf("the record is %s", got)
	}
}

func TestRemovingAsksFirstAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	post := dbtest.Post(t, s.store, bob)
	dbtest.Post(t, s.store, bob, titled("Gone before"), deleted)
	phone := s.as(t, "bob")
	before := s.kept(t)
	ask := ada.get(s.at(bob, "removal")).wants(http.StatusOK).isPage()
	ask.says("form#ask-"+bob.String(), "Remove bob and everything they wrote?")
	ask.hasNot("[type=password]") // the log-in was a moment ago
	ada.htmx().get(s.at(bob, "removal")).wants(http.StatusOK).isFragment("person-" + bob.String())
	ada.submit(ask.form("#ask-"+bob.String()), nil).leadsTo("/admin/users/" + bob.String())
	ada.htmx().submit(ask.form("#ask-"+bob.String()), nil).wants(http.StatusOK).says("article", "Removed, kept until")
	isNobody(t, phone)
	s.visitor(t).post("/login", login("bob", dbtest.Password)).refuses("#login", "password")
	s.visitor(t).get("/@bob/" + post.Slug()).wants(http.StatusGone)
	if s.count(t, "posts WHERE deleted_at IS NULL") != 0 {
		t.Error("posts are left")
	}
	removed := ada.get("/admin").wants(http.StatusOK)
	removed.says("#person-"+bob.String(), "Removed, kept until")
	removed.hasNot("#person-" + bob.String() + " h2 a")
	ada.post(s.at(bob, "restoration"), url.Values{}).leadsTo("/admin/users/" + bob.String())
	ada.htmx().post(s.at(bob, "restoration"), url.Values{}).wants(http.StatusOK).isFragment("person-" + bob.String())
	s.visitor(t).get("/@bob/" + post.Slug()).wants(http.StatusOK)
	s.visitor(t).post("/login", login("bob", dbtest.Password)).leadsTo("/dashboard")
	if s.count(t, "posts WHERE deleted_at IS NULL") != 1 {
		t.Error("not exactly what went came back")
	}
	if before == s.kept(t) {
		t.Error("nothing happened at all")
	}
	if got := s.events(t); got != "deleted bob by ada, restored bob by ada" {
		t.Errorf("the record is %s", got)
	}
}

func TestWhatOpensOrTakesAwayAnAccountAsksForThePasswordAgain(t *testing.T) {
	t.Parallel()
	for action, sent := range map[string]url.Values{"link": {}, "removal": {}, "role": {"role": {"owner"}}} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			s, ada, bob := owned(t)
			s.stale(t)
			path, form := s.at(bob, action), "#ask-"+bob.String()
			var asked *answer
			s.keeps(t, func() {
				asked = ada.post(path, sent).wants(http.StatusUnprocessableEntity).isPage()
				asked.has(form + " [name=current][type=password]")
				asked.hasNot("[role=alert]")
				ada.htmx().post(path, sent).wants(http.StatusUnprocessableEntity).isFragment("person-" + bob.String())
				ada.submit(asked.form(form), nil).refuses(form, "current")
				ada.submit(asked.form(form), url.Values{"current": {"seven gray herons"}}).refuses(form, "current").isPage()
				ada.htmx().submit(asked.form(form), url.Values{"current": {"seven gray herons"}}).refuses(form, "current").isFragment("person-" + bob.String())
			})
			before := ada.session()
			a := ada.submit(asked.form(form), url.Values{"current": {dbtest.Password}})
			if a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusOK {
				t.Fatalf("it answered %d: %s", a.StatusCode, a.body)
			}
			if ada.session() == before || s.count(t, "sessions") != 1 {
				t.Error("the session is not a new one")
			}
			if got := s.events(t); !strings.Contains(got, " bob by ada") {
				t.Errorf("the record is %s", got)
			}
			ada.get("/admin").wants(http.StatusOK)
			a = ada.post(s.at(bob, "link"), url.Values{}) // now fresh: no further question
			if a.page.Find("[type=password]").Length() != 0 {
				t.Error("it asks again at once")
			}
		})
	}
}

func TestProvingIsThrottledLikeLoggingIn(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	s.stale(t)
	wrong := url.Values{"asked": {"yes"}, "current": {"seven gray herons"}}
	for range 5 {
		ada.post(s.at(bob, "link"), wrong).wants(http.StatusUnprocessableEntity)
	}
	s.keeps(t, func() {
		a := ada.post(s.at(bob, "link"), url.Values{"asked": {"yes"}, "current": {dbtest.Password}}).wants(http.StatusTooManyRequests)
		a.says("form [role=alert]", "Too many log-ins have failed.")
		if a.Header.Get("Retry-After") == "" {
			t.Error("it does not say when")
		}
	})
}

func TestTheOnlyOwnerStaysWhateverIsTried(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'")
	acts := map[string]url.Values{"disabling": {}, "removal": {}, "role": {"role": {"author"}}}
	s.keeps(t, func() {
		for action, sent := range acts {
			page := ada.post(s.at(id, action), sent).wants(http.StatusUnprocessableEntity).isPage()
			part := ada.htmx().post(s.at(id, action), sent).wants(http.StatusUnprocessableEntity).isFragment("person-" + id.String())
			for _, a := range []*answer{page, part} {
				a.says("[role=alert]", "You are the only owner of this blog: make somebody else an owner first.")
			}
		}
	})
	ada.post(s.at(bob, "role"), url.Values{"role": {"owner"}}).wants(http.StatusSeeOther)
	ada.htmx().post(s.at(id, "role"), url.Values{"role": {"author"}}).goesOn("/dashboard")
	ada.get("/admin").wants(http.StatusNotFound)
	ada.get("/dashboard").wants(http.StatusOK).hasNot("nav a[href='/admin']")
}

func TestAnOwnerWhoDisablesThemselvesIsOut(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	ada.post(s.at(bob, "role"), url.Values{"role": {"owner"}}).wants(http.StatusSeeOther)
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'")
	ada.post(s.at(id, "disabling"), url.Values{}).leadsTo("/dashboard")
	isNobody(t, ada)
}

func TestWhatIsDoneToAnAccountComesFromHereAndIsAboutSomebody(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	foreign := ada.with("Sec-Fetch-Site", "cross-site")
	s.keeps(t, func() {
		for _, action := range []string{"disabling", "enabling", "link", "role", "removal", "restoration"} {
			sent := url.Values{"role": {"owner"}}
			foreign.post(s.at(bob, action), sent).wants(http.StatusForbidden)
			ada.post(s.at(uuid.New(), action), sent).wants(http.StatusNotFound).isPage()
			ada.htmx().post(s.at(uuid.New(), action), sent).wants(http.StatusNotFound)
			ada.post("/admin/users/bob/"+action, sent).wants(http.StatusNotFound)
		}
		ada.get("/admin/users/" + uuid.NewString()).wants(http.StatusNotFound)
		ada.get(s.at(uuid.New(), "removal")).wants(http.StatusNotFound)
	})
}

func TestAnEntryOpensAndClosesInPlace(t *testing.T) {
	t.Parallel()
	_, ada, bob := owned(t)
	open := ada.htmx().get("/admin/users/" + bob.String()).wants(http.StatusOK).isFragment("person-" + bob.String())
	open.has(".entry-more a[autofocus]") // no button: a key that is pressed twice does nothing to anybody
	open.hasNot("button[autofocus]")
	ada.htmx().get("/admin/users/" + bob.String() + "/removal").has("a.plain[autofocus]:contains('Cancel')")
	closed := ada.htmx().get("/admin/users/" + bob.String() + "?closed=yes").wants(http.StatusOK).isFragment("person-" + bob.String())
	closed.hasNot("form, button")
	closed.has("a[autofocus]")
	ada.get("/admin/users/" + bob.String()).wants(http.StatusOK).isPage().hasNot("[autofocus]")
}

func TestAnOwnerIsNotOfferedToShutThemselvesOut(t *testing.T) {
	t.Parallel()
	s, ada, _ := owned(t)
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = 'ada'")
	own := ada.get("/admin/users/" + id.String()).wants(http.StatusOK)
	own.says(".entry", "You")
	own.hasNot(".entry form")
	own.has(".entry a[href='/settings']")
}
