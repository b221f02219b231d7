package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

func chosen(theme, next string) url.Values { return url.Values{"theme": {theme}, "next": {next}} }

func TestColoursAreChosenInThisBrowserAndThePageComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t)
	b.get("/?before=").has("html[data-theme=auto] .theme button[value=auto][aria-pressed=true]")
	s.keeps(t, func() {
		for _, theme := range []string{"dark", "light", "auto"} {
			form := b.get("/login?next=%2Fnew").form(".theme")
			if form.action != "/theme" || form.fields.Get("next") != "/login?next=%2Fnew" {
				t.Errorf("the switch sends %v to %q", form.fields, form.action)
			}
			b.post(form.action, merged(form.fields, url.Values{"theme": {theme}})).leadsTo("/login?next=%2Fnew")
			page := b.get("/nothing-here").wants(http.StatusNotFound)
			page.has("html[data-theme=" + theme + "]")
			if on := page.page.Find(".theme [aria-pressed=true]"); on.Length() != 1 || on.AttrOr("value", "") != theme {
				t.Errorf("the switch shows %q, want %q", on.AttrOr("value", ""), theme)
			}
		}
	})
}

func TestTheBrowserKnowsTheColoursBeforeTheStylesheetComes(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(t)
	for theme, want := range map[string][]string{
		"auto": {"light dark", "#fbfaf7", "#15171c"}, "light": {"light", "#fbfaf7"}, "dark": {"dark", "#15171c"},
	} {
		b.post("/theme", chosen(theme, "")).leadsTo("/")
		page := b.get("/")
		got := []string{page.has("head meta[name=color-scheme]").AttrOr("content", "")}
		for _, bar := range page.has("head meta[name=theme-color]").EachIter() {
			got = append(got, bar.AttrOr("content", ""))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s says %q, want %q", theme, got, want)
		}
	}
}

func TestTheCookieOfColoursLastsAYear(t *testing.T) {
	t.Parallel()
	cookies := newSite(t).visitor(t).post("/theme", chosen("dark", "/")).Cookies()
	if len(cookies) != 1 || cookies[0].Raw != "theme=dark; max-age=31536000; path=/; HttpOnly; SameSite=Lax" {
		t.Errorf("the cookies are %v", cookies)
	}
	cookies = newSite(t, overHTTPS).visitor(t).post("/theme", chosen("dark", "/")).Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-theme" || !cookies[0].Secure || cookies[0].Path != "/" {
		t.Errorf("over HTTPS the cookies are %v", cookies)
	}
}

func TestUnknownColoursAreRefused(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(t)
	for _, theme := range []string{"", "sepia", "Dark", "dark light", `dark"><script>`} {
		if cookies := b.post("/theme", chosen(theme, "/")).wants(http.StatusBadRequest).Cookies(); len(cookies) != 0 {
			t.Errorf("%q is kept: %v", theme, cookies)
		}
	}
	b.with("Cookie", `theme="><script>`).get("/").has("html[data-theme=auto]")
}

func TestChoosingColoursLeadsToNoOtherSite(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(t)
	for _, next := range []string{"", "https://example.org/", "//example.org", `/\example.org`, "/\t/example.org", "javascript:x", "login"} {
		b.post("/theme", chosen("dark", next)).leadsTo("/")
	}
	b.post("/theme?next=/login", chosen("dark", "")).leadsTo("/")
}

func TestAnotherSiteChoosesNoColours(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(t).with("Sec-Fetch-Site", "cross-site")
	if cookies := b.post("/theme", chosen("dark", "/")).wants(http.StatusForbidden).Cookies(); len(cookies) != 0 {
		t.Errorf("it did: %v", cookies)
	}
}

func TestColoursAreChosenInPlaceByLoadingThePageAgain(t *testing.T) {
	t.Parallel()
	newSite(t).visitor(t).htmx().post("/theme", chosen("dark", "/login")).goesOn("/login")
}

// A text that only the page has would be lost, and a secret does not belong into a form.
func TestTheSwitchIsNotWhereLeavingThePageLosesSomething(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	ada := s.as(t, "ada")
	ada.get("/dashboard").has(".theme")
	ada.get("/new").hasNot(".theme")
	ada.get("/posts/" + post.ID.String() + "/edit").hasNot(".theme")
	s.visitor(t).post("/posts", url.Values{"id": {randomToken()}, "title": {"T"}, "body": {"B"}}).wants(http.StatusUnauthorized).hasNot(".theme")
	s.visitor(t).get("/reset/" + randomToken()).hasNot(".theme")
	s.visitor(t).get("/signup?invitation=" + randomToken()).hasNot(".theme")
}

func TestAfterAFormWasRefusedTheSwitchReturnsToThePageItStoodOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.visitor(t).with("Referer", s.url+"/login?next=%2Fnew").post("/login", login("ada", "wrong")).wants(http.StatusUnprocessableEntity)
	if next := page.form(".theme").fields.Get("next"); next != "/login?next=%2Fnew" {
		t.Errorf("it returns to %q", next)
	}
}
