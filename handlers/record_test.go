package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

func TestARecordIsOnesOwnAndComesInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	bob := dbtest.User(t, s.store, "bob")
	adas, bobs := s.as(t, "ada"), s.as(t, "bob")
	dbtest.Exec(t, s.store, `INSERT INTO events (kind, user_id, username, actor, browser, address, detail)
		SELECT 'password-reset', $1, 'ada', 'owen', 'Firefox on Linux', '192.0.2.7', '<i>' || n FROM generate_series(1, 70) AS n`, ada)
	dbtest.Exec(t, s.store, "INSERT INTO events (kind, user_id, username) VALUES ('joined', $1, 'bob')", bob)
	settings := adas.get("/settings").wants(http.StatusOK)
	if rows := settings.page.Find("#record .row").Length(); rows != 10 {
		t.Errorf("%d lines stand on the page of settings", rows)
	}
	settings.says("#record .row:first-child .row-words", "Password set with a link <i>70")
	settings.says("#record .row:first-child .hint", "by owen")
	settings.hasNot("#record .row:contains('192.0.2.7')") // that is where owen was
	older := settings.has("#record #older a:not([data-hx-get])").AttrOr("href", "")
	page := adas.get(older).wants(http.StatusOK).isPage().wantsHeader("Cache-Control", "no-store")
	if rows := page.page.Find("#record .row").Length(); rows != 50 {
		t.Errorf("%d lines stand on the first page", rows)
	}
	next := page.has("#older a").AttrOr("data-hx-get", "")
	part := adas.htmx().get(next).wants(http.StatusOK).isFragment("record-before-" + strings.TrimPrefix(next, "/settings/record?before="))
	if rows := part.page.Find(".row").Length(); rows != 11 || part.page.Find("[autofocus]").Length() != 1 {
		t.Errorf("%d lines came in place", rows)
	}
	part.hasNot("#older")
	part.says(".row:last-child", "Logged in")
	adas.get("/settings/record").wants(http.StatusOK).says("#record .row:first-child", "<i>70")
	adas.get("/settings/record?before=1").wants(http.StatusOK).isPage().says(".empty", "90 days")
	for _, no := range []string{"x", "0", "-1", "99999999999999999999"} {
		adas.get("/settings/record?before=" + no).wants(http.StatusBadRequest)
	}
	if rows := bobs.get("/settings/record").page.Find(".row").Length(); rows != 2 {
		t.Errorf("bob sees %d lines", rows)
	}
	s.visitor(t).get("/settings/record").leadsTo("/login?next=%2Fsettings%2Frecord")
}
