package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

// stales has the last proof of everybody's password be long ago.
func (s *site) stales(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE sessions SET proven_at = now() - interval '11 minutes'")
}

// happened compares the kinds of the newest events of a user, newest first.
func (s *site) happened(t *testing.T, username string, want ...string) {
	t.Helper()
	got := dbtest.One[string](t, s.store, `SELECT coalesce(string_agg(kind, ' ' ORDER BY id DESC), '') FROM (
		SELECT id, kind FROM events WHERE user_id = (SELECT id FROM users WHERE username = $1) ORDER BY id DESC LIMIT $2) AS last`, username, len(want))
	if got != strings.Join(want, " ") {
		t.Errorf("what happened to %s is %q, want %q", username, got, want)
	}
}

func telling(name, about string) url.Values { return url.Values{"name": {name}, "about": {about}} }

func replacing(current, password string) url.Values {
	return url.Values{account.CurrentPassword: {current}, "password": {password}}
}

func TestSettingsAreOnesOwnAndOnOnePage(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	page := ada.get("/settings").wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store")
	page.has("nav a[href='/settings'][aria-current=page]")
	for _, part := range []string{"Profile", "Username", "Password", "Sessions", "Record", "Your data", "Delete account"} {
		page.has("section h2:contains('" + part + "')")
	}
	page.hasNot("[type=password][value]")
	s.visitor(t).get("/settings").leadsTo("/login?next=%2Fsettings")
	s.visitor(t).get("/").hasNot("a[href='/settings']")
}

func TestAProfileIsSavedAndShown(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
		ada := s.as(t, "ada")
		form := ada.get("/settings").form("#profile")
		done := send(ada).submit(form, telling("  Ada <b> Lovelace ", "Counts\r\ntides.\r\n"))
		if inPlace {
			done.wants(http.StatusOK).isFragment("profile").has("[data-announce='Your profile is saved.'] button[autofocus]")
		} else {
			done.leadsTo("/settings?done=profile#profile-part")
			ada.get("/settings?done=profile").says(".notice", "Your profile is saved.")
		}
		if got := dbtest.One[string](t, s.store, "SELECT display_name || '|' || about FROM users"); got != "Ada <b> Lovelace|Counts\ntides." {
			t.Errorf("kept %q", got)
		}
		s.happened(t, "ada", "profile-changed", "logged-in")
		again := ada.get("/settings").form("#profile")
		send(ada).submit(again, nil) // the same again is written down once
		s.happened(t, "ada", "profile-changed", "logged-in")
		reader := s.visitor(t)
		for _, path := range []string{"/", "/@ada/" + post.Slug(), "/@ada"} {
			reader.get(path).says("a[rel=author][href='/@ada'] bdi", "Ada <b> Lovelace")
		}
		author := reader.get("/@ada")
		author.says("h1", "Ada <b> Lovelace")
		author.says(".username", "@ada")
		author.says(".page-header .prose", "Counts tides.")
		ada.get("/dashboard").says("h1", "Welcome, Ada <b> Lovelace")
	})
}

func TestChangesOfAProfileAreThrottled(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for n := range 30 {
		ada.post("/settings/profile", telling("Ada", strings.Repeat("a", n))).leadsTo("/settings?done=profile#profile-part")
	}
	ada.post("/settings/profile", telling("Ada", strings.Repeat("a", 29))).leadsTo("/settings?done=profile#profile-part") // changes nothing
	for _, send := range []*browser{ada, ada.htmx()} {
		page := send.post("/settings/profile", telling("Ada L", "kept")).isThrottled("#profile")
		page.says("#profile textarea", "kept")
	}
	if n := dbtest.One[int](t, s.store, "SELECT count(*) FROM events WHERE kind = 'profile-changed'"); n != 30 {
		t.Errorf("%d changes are written down", n)
	}
}

func TestAProfileThatCannotBeShownIsToldAtItsField(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	dbtest.User(t, s.store, "bob")
	dbtest.User(t, s.store, "pay")
	dbtest.User(t, s.store, "kate")
	dbtest.User(t, s.store, "eve")
	dbtest.Exec(t, s.store, "UPDATE users SET role = 'owner', display_name = 'Kate of the Harbour' WHERE username = 'kate'")
	dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Eve Stone' WHERE username = 'eve'")
	long := strings.Repeat("a", 61)
	for name, c := range map[string]struct {
		sent   url.Values
		fields []string
		words  string
	}{
		"long name":             {telling(long, "x"), []string{"name"}, "at most 60"},
		"control":               {telling("Ada\x07", ""), []string{"name"}, "cannot be seen"},
		"two lines":             {telling("Ada\nOwner", ""), []string{"name"}, "cannot be seen"},
		"turned around":         {telling("Ada\u202eadmin", ""), []string{"name"}, "cannot be seen"},
		"no width":              {telling("Ada\u200b", ""), []string{"name"}, "cannot be seen"},
		"blank letters":         {telling("\u3164\u3164", ""), []string{"name"}, "cannot be seen"},
		"NUL":                   {telling("Ada\x00", ""), []string{"name"}, "cannot be seen"},
		"bad UTF-8":             {telling("Ada\xff", ""), []string{"name"}, "cannot be seen"},
		"another's username":    {telling("BOB", "x"), []string{"name"}, "somebody else"},
		"another's, full-width": {telling("ｂｏｂ", ""), []string{"name"}, "somebody else"},
		"reserved":              {telling("Admin", ""), []string{"name"}, "kept for the blog"},
		"emoji style":           {telling("ada\ufe0f", ""), []string{"name"}, "cannot be seen"},
		"text style":            {telling("admin\ufe0e", ""), []string{"name"}, "cannot be seen"},
		"joiner":                {telling("ad\u034fa", ""), []string{"name"}, "cannot be seen"},
		"Mongolian":             {telling("ada\u180b", ""), []string{"name"}, "cannot be seen"},
		"Khmer":                 {telling("a\u17b4da", ""), []string{"name"}, "cannot be seen"},
		"supplement":            {telling("ada\U000e0100", ""), []string{"name"}, "cannot be seen"},
		"mixed alphabets":       {telling("\u0430da", ""), []string{"name"}, "alphabets"},
		"another's, Cyrillic":   {telling("\u0440\u0430\u0443", ""), []string{"name"}, "somebody else"},
		"an owner's name":       {telling("ＫＡＴＥ  of the Harbour", ""), []string{"name"}, "somebody else"},
		"the blog's title":      {telling("harbour NOTES", ""), []string{"name"}, "kept for the blog"},
		"about turned around":   {telling("Ada", "a\u202eb"), []string{"about"}, "cannot be kept"},
		"about isolated":        {telling("Ada", "a\u2067b"), []string{"about"}, "cannot be kept"},
		"long about":            {telling("Ada", strings.Repeat("é", 501)), []string{"about"}, "500"},
		"about with NUL":        {telling("Ada", "a\x00"), []string{"about"}, "cannot be kept"},
		"both":                  {telling(long, strings.Repeat("a", 501)), []string{"name", "about"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.keeps(t, func() {
				page := ada.post("/settings/profile", c.sent).refuses("#profile", c.fields...).isPage()
				part := ada.htmx().post("/settings/profile", c.sent).refuses("#profile", c.fields...).isFragment("profile")
				for _, a := range []*answer{page, part} {
					a.says("#profile [role=alert]", c.words)
					keepsTyped(t, a, c.sent, "name")
					if got := a.page.Find("#profile textarea").Text(); asShown(got) != asShown(c.sent.Get("about")) {
						t.Errorf("about holds %q", got)
					}
				}
			})
		})
	}
	// One's own username is no other's, and the limits are characters.
	ada.post("/settings/profile", telling("ADA", strings.Repeat("é", 500))).leadsTo("/settings?done=profile#profile-part")
	ada.post("/settings/profile", telling(strings.Repeat("é", 60), "")).leadsTo("/settings?done=profile#profile-part")
	for _, name := range []string{"Eve Stone", "Ада", "Zoë Ødegård", "Ada \u2764\ufe0f", "\U0001f3f3\ufe0f Ada", "Ελένη Ada", "محمد"} {
		ada.post("/settings/profile", telling(name, "\u200fשלום")).leadsTo("/settings?done=profile#profile-part")
	}
	ada.post("/settings/profile", telling("", "")).leadsTo("/settings?done=profile#profile-part")
}

func TestPasswordChangedOnOneBrowserTheOtherIsOutAtItsVeryNextRequest(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := withMail(t)
		dbtest.User(t, s.store, "ada")
		dbtest.User(t, s.store, "bob")
		dbtest.Exec(t, s.store, "UPDATE users SET email = username || '@example.org'")
		ada, other, bob, link := s.as(t, "ada"), s.as(t, "ada"), s.as(t, "bob"), s.link(t, "ada")
		other.get("/dashboard").wants(http.StatusOK)
		before := ada.session()
		form := ada.get("/settings").form("#password")
		done := send(ada).submit(form, replacing(dbtest.Password, newPassword))
		isNobody(t, other)
		if inPlace {
			done.wants(http.StatusOK).has("#password[data-announce^='Your password is changed.'] button[autofocus]")
			if rows := done.page.Find("hx-partial[hx-target='#sessions'] .row").Length(); rows != 1 {
				t.Errorf("%d sessions are listed", rows)
			}
		} else {
			done.leadsTo("/settings?done=password#password-part")
			ada.get("/settings?done=password").says(".notice", "Your password is changed.")
		}
		ada.get("/dashboard").wants(http.StatusOK)
		bob.get("/dashboard").wants(http.StatusOK)
		if ada.session() == before || s.count(t, "sessions") != 2 || s.count(t, "resets") != 0 {
			t.Error("the session is the old one, or more is left than one session each")
		}
		s.visitor(t).get(link).wants(http.StatusNotFound)
		s.happened(t, "ada", "password-changed", "link-made")
		if mails := dbtest.One[string](t, s.store, "SELECT string_agg(kind, ' ') FROM outbox"); mails != "notice" {
			t.Errorf("the mails are %q", mails)
		}
		s.visitor(t).post("/login", login("ada", dbtest.Password)).refuses("#login", "password")
		s.visitor(t).post("/login", login("ada", newPassword)).leadsTo("/dashboard")
	})
}

func TestAPasswordIsChangedByWhoKnowsItAlone(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for name, c := range map[string]struct {
		sent  url.Values
		field string
		words string
	}{
		"nothing":        {url.Values{}, "password", "at least 8"},
		"no present one": {replacing("", newPassword), "current", "Enter the password you have now."},
		"a wrong one":    {replacing("seven gray herons", newPassword), "current", "That is not the password you have now."},
		"too short":      {replacing(dbtest.Password, "short"), "password", "at least 8"},
		"common":         {replacing(dbtest.Password, "password1"), "password", "easy to guess"},
		"of the name":    {replacing(dbtest.Password, "ada likes tea"), "password", "your username"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Exec(t, s.store, "DELETE FROM throttles")
			s.keeps(t, func() {
				page := ada.post("/settings/password?current="+url.QueryEscape(dbtest.Password), c.sent).refuses("#password", c.field).isPage()
				part := ada.htmx().post("/settings/password", c.sent).refuses("#password", c.field).isFragment("password")
				for _, a := range []*answer{page, part} {
					a.says("#password [role=alert]", c.words)
					if strings.Contains(a.body, newPassword) {
						t.Error("the new password comes back")
					}
				}
			})
		})
	}
	ada.get("/dashboard").wants(http.StatusOK)
}

func TestGuessingThePresentPasswordIsThrottled(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for range 5 {
		ada.post("/settings/password", replacing("seven gray herons", newPassword)).wants(http.StatusUnprocessableEntity)
	}
	s.keeps(t, func() {
		for path, id := range map[string]string{"/settings/password": "password", "/settings/deletion": "deletion"} {
			page := ada.post(path, replacing(dbtest.Password, newPassword)).wants(http.StatusTooManyRequests).isPage()
			part := ada.htmx().post(path, replacing(dbtest.Password, newPassword)).wants(http.StatusTooManyRequests).isFragment(id)
			for _, a := range []*answer{page, part} {
				a.says("#"+id+" [role=alert]", "Too many log-ins have failed.")
				if a.Header.Get("Retry-After") == "" {
					t.Error("nothing says when to try again")
				}
			}
		}
	})
}

func TestOfTwoPasswordsChangedAtOnceOneStands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	passwords, statuses := []string{newPassword, "nine white geese"}, [2]int{}
	var both sync.WaitGroup
	for i, password := range passwords {
		b := s.as(t, "ada")
		both.Go(func() {
			a := b.post("/settings/password", replacing(dbtest.Password, password))
			statuses[i] = a.StatusCode
			if a.Header.Get("Location") != "/settings?done=password#password-part" {
				statuses[i] = 0
			}
		})
	}
	both.Wait()
	if statuses != [2]int{303, 0} && statuses != [2]int{0, 303} {
		t.Fatalf("they were answered %v", statuses)
	}
	for i, password := range passwords {
		if got := s.visitor(t).post("/login", login("ada", password)).StatusCode; (got == 303) != (statuses[i] == 303) {
			t.Errorf("the form answered %d, its password %d", statuses[i], got)
		}
	}
}

func TestSettingsAreChangedFromThisBlogsOwnPagesAlone(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	other := dbtest.One[string](t, s.store, "SELECT id::text FROM sessions")
	s.keeps(t, func() {
		for path, sent := range map[string]url.Values{
			"/settings/profile":                       telling("Eve", ""),
			"/settings/username":                      renaming("countess"),
			"/settings/password":                      replacing(dbtest.Password, newPassword),
			"/settings/sessions/ending":               replacing(dbtest.Password, ""),
			"/settings/sessions/" + other + "/ending": replacing(dbtest.Password, ""),
			"/settings/export":                        {},
			"/settings/deletion":                      replacing(dbtest.Password, ""),
		} {
			ada.with("Sec-Fetch-Site", "cross-site").post(path, sent).wants(http.StatusForbidden)
			ada.with("Sec-Fetch-Site", "same-site").htmx().post(path, sent).wants(http.StatusForbidden)
			ada.without("Sec-Fetch-Site").with("Origin", "null").post(path, sent).wants(http.StatusForbidden)
			s.visitor(t).post(path, sent).leadsTo("/login")
		}
	})
	s.happened(t, "ada", "logged-in")
}

// An address that says so can be opened by anybody, at any time.
func TestTheSettingsSayThatSomethingWasDoneOnlyWhenItWas(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for _, part := range []string{"password", "profile", "username", "email", "x"} {
		ada.get("/settings?done=" + part).wants(http.StatusOK).hasNot(".notice")
	}
	ada.post("/settings/profile", telling("Ada", "")).leadsTo("/settings?done=profile#profile-part")
	ada.get("/settings?done=profile").has("#profile-part .notice")
	ada.get("/settings?done=password").hasNot(".notice")
	dbtest.Exec(t, s.store, "INSERT INTO events (kind, user_id, username, created_at) SELECT 'password-changed', id, username, now() - interval '3 minutes' FROM users")
	ada.get("/settings?done=password").hasNot(".notice")
}
