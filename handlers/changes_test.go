package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// changed is a post of ada's that was a draft, was published and changed twice, and may be seen.
func changed(t *testing.T, s *site) dbtest.NewPost {
	t.Helper()
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"), draft)
	dbtest.Exec(t, s.store, "ALTER TABLE versions DISABLE TRIGGER versions_stay")
	dbtest.Exec(t, s.store, "UPDATE versions SET created_at = created_at - interval '1 day'")
	dbtest.Exec(t, s.store, "ALTER TABLE versions ENABLE TRIGGER versions_stay")
	author := blog.Author{ID: post.AuthorID, Username: "ada"}
	for base, body := range []string{"Published text.", "Changed text.", "Changed text, twice."} {
		intent := blog.Save
		if base == 0 {
			intent = blog.Publish
		}
		if _, err := s.blog.Revise(t.Context(), author, post.ID, blog.Origin{Base: base + 1}, blog.Draft{Title: "Low tide", Body: body}, intent); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true, updated_at = published_at + interval '2 days'")
	return post
}

func TestReadersSeeWhatWasChangedWhereTheAuthorLetsThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	changed(t, s)
	b := s.visitor(t)
	b.get("/@ada/low-tide").says(".byline a.edited[href='/@ada/low-tide/changes']", "Edited")
	page := b.get("/@ada/low-tide/changes").wants(http.StatusOK).isPage()
	page.says(".comparison del", "Published")
	page.says(".comparison ins", "Changed")
	if n := page.has("ol.versions li").Length(); n != 3 {
		t.Errorf("%d versions are listed", n)
	}
	page.says("ol.versions li:last-child .badge", "As published")
	page.says("ol.versions li:first-child .badge", "Shown now")
	next := page.has("ol.versions li:first-child a:contains('What changed')").AttrOr("href", "")
	compared := b.get(next).wants(http.StatusOK).isPage()
	compared.says(".comparison ins", "twice")
	compared.hasNot(".comparison del:contains('Published')")
	if strings.Contains(page.body+compared.body, "Every harbour") {
		t.Error("what was written before it was published is shown")
	}
	for _, hidden := range []string{"?from=1&to=4", "?from=2&to=1", "?from=2", "?from=x&to=4", "?from=2&to=9"} {
		b.get("/@ada/low-tide/changes" + hidden).wants(http.StatusNotFound).isPage()
	}
	a := b.get("/@Ada/low-tide/changes").wants(http.StatusMovedPermanently)
	if to := a.Header.Get("Location"); to != "/@ada/low-tide/changes" {
		t.Errorf("it leads to %s", to)
	}
	s.as(t, "ada").post("/posts/"+dbtest.One[string](t, s.store, "SELECT id::text FROM posts")+"/details", url.Values{"slug": {"ebb"}, "shows_changes": {"yes"}})
	a = b.get("/@ada/low-tide/changes").wants(http.StatusMovedPermanently)
	if to := a.Header.Get("Location"); to != "/@ada/ebb/changes" {
		t.Errorf("the old address leads to %s", to)
	}
}

func TestWhatWasChangedIsNotShownOtherwise(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := changed(t, s)
	b := s.visitor(t)
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = false")
	b.get("/@ada/low-tide/changes").wants(http.StatusNotFound).isPage()
	s.as(t, "ada").get("/@ada/low-tide/changes").wants(http.StatusNotFound)
	page := b.get("/@ada/low-tide")
	page.says(".byline span.edited", "Edited")
	page.hasNot("a[href$='/changes']")
	dbtest.Exec(t, s.store, "UPDATE posts SET updated_at = published_at + interval '50 seconds'")
	b.get("/@ada/low-tide").hasNot(".edited")
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true, deleted_at = now() WHERE id = $1", post.ID)
	b.get("/@ada/low-tide/changes").wants(http.StatusGone)
	b.get("/@ada/never/changes").wants(http.StatusNotFound)
	b.get("/@eve/low-tide/changes").wants(http.StatusNotFound)
}

func TestAPostThatWasNeverChangedSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true")
	page := s.visitor(t).get("/@ada/low-tide/changes").wants(http.StatusOK).isPage()
	page.says("main", "The text is as it was published.")
	page.hasNot(".comparison")
}

func TestOlderChangesComeOnAnotherPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := changed(t, s)
	dbtest.Exec(t, s.store, `INSERT INTO versions (post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base)
		SELECT $1, $2, n, 'saved', 'T', 'Text ' || n, 2, sha256(convert_to('T' || E'\n' || 'Text ' || n, 'UTF8')), gen_random_uuid(), 0, 0, 0
		FROM generate_series(5, 60) AS n`, post.ID, post.AuthorID)
	dbtest.Exec(t, s.store, "UPDATE posts SET version = 60")
	b := s.visitor(t)
	page := b.get("/@ada/low-tide/changes")
	if n := page.has("ol.versions li").Length(); n != 50 {
		t.Errorf("%d versions are listed", n)
	}
	older := b.get(page.has(".older a").AttrOr("href", "")).wants(http.StatusOK)
	if n := older.has("ol.versions li").Length(); n != 9 {
		t.Errorf("then %d", n)
	}
	older.hasNot(".older")
}
