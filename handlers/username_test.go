package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func renaming(username string) url.Values { return url.Values{"username": {username}} }

func TestAUsernameIsChangedAndEveryPageHasTheNewOne(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		dbtest.Owner(t, s.store, "owner")
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
		ada, phone := s.as(t, "ada"), s.as(t, "ada")
		form := ada.get("/settings").form("#username")
		done := send(ada).submit(form, renaming(" Countess "))
		if inPlace {
			done.wants(http.StatusOK).has("#username[data-announce='Your username is changed.'] button[autofocus]")
			done.has("#username input[name=username][value=countess]")
			done.says("hx-partial[hx-target='#own-username'] #own-username", "@countess")
			done.has("hx-partial[hx-target='#password-of'] #password-of[name=username][value=countess]")
		} else {
			done.leadsTo("/settings?done=username#username-part")
			page := ada.get("/settings?done=username").wants(http.StatusOK)
			page.says("#username-part .notice", "Your username is changed.")
			page.says("#own-username", "@countess")
			page.says("#record", "Username changed ada → countess")
		}
		s.happened(t, "countess", "username-changed", "logged-in", "logged-in")
		reader := s.visitor(t)
		reader.get("/").has("article a[href='/@countess/low-tide']")
		reader.get("/@countess").wants(http.StatusOK).says("h1", "countess")
		for _, b := range []*browser{ada, phone} { // whose sessions go on
			b.get("/dashboard").wants(http.StatusOK).says("h1", "Welcome, countess")
			b.get("/@countess/low-tide").wants(http.StatusOK).has("article form[action='" + at(post, "/deletion") + "']")
			b.post("/settings/export", nil).wants(http.StatusOK)
		}
		s.as(t, "owner").get("/admin").wants(http.StatusOK).has("article h2:contains(countess)")
		reader.post("/login", login("ada", dbtest.Password)).refuses("#login", "password")
		reader.post("/login", login("countess", dbtest.Password)).leadsTo("/dashboard")
	})
}

func TestAUsernameIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'robert' WHERE username = 'bob'")
	s.keeps(t, func() {
		for username, words := range map[string]string{
			"":       "Choose a username.",
			"a b":    "A username has 3 to 32 characters",
			"admin":  "That name is kept for the blog itself.",
			"robert": "That username is taken.",
			"bob":    "That username is taken.",
		} {
			page := ada.post("/settings/username", renaming(username)).refuses("#username", "username").isPage()
			part := ada.htmx().post("/settings/username", renaming(username)).refuses("#username", "username").isFragment("username")
			for _, a := range []*answer{page, part} {
				a.says("#username [role=alert]", words)
				if got := a.has("#username [name=username]").AttrOr("value", ""); got != username {
					t.Errorf("%q came back as %q", username, got)
				}
			}
			if username == "bob" {
				s.visitor(t).post("/signup", joining(username, "", dbtest.Password)).refuses("#signup", "username")
			}
		}
	})
}

func TestAUsernameIsChangedByWhoHasProvenThePasswordLately(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, _ bool) {
		s, ada := newAuthor(t)
		ada.get("/settings").hasNot("#username [type=password]")
		s.stales(t)
		ada.get("/settings").has("#username [name=current][type=password]")
		s.keeps(t, func() {
			for _, password := range []string{"", "seven gray herons"} {
				sent := merged(renaming("countess"), url.Values{account.CurrentPassword: {password}})
				send(ada).post("/settings/username", sent).refuses("#username", "current").has("#username [name=username][value=countess]")
			}
		})
		before := ada.session()
		sent := merged(renaming("countess"), url.Values{account.CurrentPassword: {dbtest.Password}})
		send(ada).post("/settings/username", sent)
		if ada.session() == before || s.count(t, "users WHERE username = 'countess'") != 1 {
			t.Error("it is not changed, or the session not renewed")
		}
		ada.get("/settings").wants(http.StatusOK).says("#own-username", "@countess")
	})
}

func TestAUsernameIsChangedThreeTimesADay(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for _, username := range []string{"ada-1", "ada-2", "ada-3"} {
		ada.post("/settings/username", renaming(username)).leadsTo("/settings?done=username#username-part")
	}
	s.keeps(t, func() {
		page := ada.post("/settings/username", renaming("ada-4")).wants(http.StatusTooManyRequests).isPage()
		part := ada.htmx().post("/settings/username", renaming("ada-4")).wants(http.StatusTooManyRequests).isFragment("username")
		for _, a := range []*answer{page, part} {
			a.says("#username [role=alert]", "You have changed your username very often. Try again in 24 hours.")
			a.wantsHeader("Retry-After", a.Header.Get("Retry-After")).has("#username [name=username][value=ada-4]")
		}
	})
}
