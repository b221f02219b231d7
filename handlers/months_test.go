package handlers_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"miniblog/internal/dbtest"
)

func written(year int, month time.Month, day int) func(*dbtest.NewPost) {
	return func(p *dbtest.NewPost) { p.WrittenAt = time.Date(year, month, day, 12, 0, 0, 0, time.UTC) }
}

func hrefs(found *goquery.Selection) []string {
	return found.Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
}

func TestTheArchiveLeadsToYearsMonthsAndPosts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Old"), written(2024, 12, 31))
	dbtest.Post(t, s.store, ada, titled("Spring"), written(2026, 3, 1))
	dbtest.Post(t, s.store, ada, titled("Late spring"), written(2026, 3, 31))
	dbtest.Post(t, s.store, ada, titled("Autumn"), written(2026, 10, 5))
	dbtest.Post(t, s.store, ada, titled("Gone"), written(2023, 1, 1), deleted)
	dbtest.Post(t, s.store, ada, titled("Begun"), written(2022, 1, 1), draft)
	b := s.visitor(t)
	page := b.get("/archive").wants(http.StatusOK).isPage()
	page.has("footer a[href='/archive'][aria-current=page]")
	if got := fmt.Sprint(hrefs(page.has("main a"))); got != "[/archive/2026 /archive/2026/10 /archive/2026/03 /archive/2024 /archive/2024/12]" {
		t.Errorf("it leads to %s", got)
	}
	year := b.get("/archive/2026").wants(http.StatusOK).isPage()
	year.says("h1", "2026")
	if got := fmt.Sprint(hrefs(year.has(".archive-line a"))); got != "[/@ada/autumn /@ada/late-spring /@ada/spring]" {
		t.Errorf("2026 has %s", got)
	}
	year.says(".archive > h2 + ul time[datetime='2026-10-05T12:00:00Z']", "5")
	year.says(".archive > h2 a[href='/archive/2026/03']", "March")
	year.says(".archive-line .by", "ada")
	year.has("nav.pager a[rel=prev][href='/archive/2024']")
	year.hasNot("nav.pager a[rel=next]")
	month := b.get("/archive/2026/03").wants(http.StatusOK).isPage()
	month.says("h1", "March 2026")
	month.has("header a[href='/archive/2026']")
	if got := fmt.Sprint(hrefs(month.has(".archive-line a"))); got != "[/@ada/late-spring /@ada/spring]" {
		t.Errorf("March has %s", got)
	}
	month.says("nav.pager a[rel=prev][href='/archive/2024/12']", "December 2024")
	month.says("nav.pager a[rel=next][href='/archive/2026/10']", "October 2026")
	for _, none := range []string{
		"/archive/2025", "/archive/2026/04", "/archive/2026/3", "/archive/2026/13", "/archive/2026/00", "/archive/26", "/archive/02026",
		"/archive/0000", "/archive/0000/01", "/archive/x", "/archive/2026/march", "/archive/2022", "/archive/2023", "/archive/-026", "/archive/2026/", "/archive/2026/03/01",
	} {
		b.get(none).wants(http.StatusNotFound).isPage()
	}
}

func TestAnEmptyArchiveSaysSo(t *testing.T) {
	t.Parallel()
	newSite(t).visitor(t).get("/archive").wants(http.StatusOK).isPage().says(".empty", "Nothing was published yet.")
}

func TestTheArchivesOlderPostsComeInPlaceOfTheLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	fill(t, s, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	lines := func(a *answer) int { return a.page.Find(".archive-line").Length() }
	first := b.get("/archive/2026/03")
	second := b.htmx().get(olderThan(first)).wants(http.StatusOK)
	roots := second.page.Find("body").Children()
	if roots.Length() != 1 || second.has("[autofocus]").Length() != 1 {
		t.Errorf("in place came %s", second.body)
	}
	third := b.get(olderThan(second)).wants(http.StatusOK).isPage()
	if lines(first) != 20 || lines(second) != 20 || lines(third) != 5 || olderThan(third) != "" {
		t.Errorf("%d, %d and %d lines", lines(first), lines(second), lines(third))
	}
	b.get("/archive/2026/03?before=x").wants(http.StatusBadRequest)
	b.get("/archive/2026/03?before=0.00000000-0000-0000-0000-000000000000").wants(http.StatusOK).has(".empty a[href='/archive/2026/03']")
}
