package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// deletedAt puts a post into the bin at that moment.
func (s *site) deletedAt(t *testing.T, post dbtest.NewPost, at time.Time) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = $2 WHERE id = $1", post.ID, at)
}

func TestDeletedShowsWhatOneDeletedAndUntilWhenItIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	dbtest.Post(t, s.store, ada, titled("There"))
	dbtest.Post(t, s.store, bob, titled("Of bob"), deleted)
	first, last := dbtest.Post(t, s.store, ada, titled("High <i>tide</i>")), dbtest.Post(t, s.store, ada, titled(""), draft)
	s.deletedAt(t, first, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	s.deletedAt(t, last, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	page := s.as(t, "ada").get("/dashboard/deleted").wants(http.StatusOK).isPage()
	page.wantsHeader("Cache-Control", "no-store")
	page.says("h1", "Deleted")
	page.says(".hint", "What you delete is kept here for 30 days.")
	if got := articles(page); !slices.Equal(got, []string{articleOf(last), articleOf(first)}) {
		t.Errorf("it shows %v", got)
	}
	row := "#" + articleOf(first)
	page.says(row+" h2", "High <i>tide</i>")
	page.says(row+" .byline", "Deleted 22 November 2026, kept until 22 December 2026")
	page.has(row + " a[href='" + at(first, "/history") + "']")
	page.has(row + " form[method=post][action='" + at(first, "/restoration") + "'] button")
	page.hasNot("article h2 a, article a[href$='/edit'], article form[action$='/deletion'], " + row + " .badge")
	page.says("#"+articleOf(last)+" h2", "Untitled draft")
	page.says("#"+articleOf(last)+" .badge", "Draft")
}

func TestAnEmptyBinSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	page := ada.get("/dashboard/deleted").wants(http.StatusOK).isPage()
	page.says(".empty", "Nothing deleted. What you delete is kept here for 30 days.")
	page.hasNot("article, .hint")
	past := ada.get("/dashboard/deleted?before=0." + uuid.NewString()).wants(http.StatusOK).isPage()
	past.has(".empty a[href='/dashboard/deleted']")
}

func TestDeletedPostsComeInPagesPlainAndInPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	author := dbtest.User(t, s.store, "ada")
	var want []string
	for n := range 45 {
		post := dbtest.Post(t, s.store, author, titled(fmt.Sprint("Post ", n)))
		// Three at each moment, so that pages end among them: those with a higher id come first.
		s.deletedAt(t, post, time.Date(2026, 3, 1, 12, n/3, 0, 0, time.UTC))
		want = append([]string{articleOf(post)}, want...)
	}
	ada := s.as(t, "ada")
	for name, b := range map[string]*browser{"plain": ada, "in place": ada.htmx()} {
		seen, sizes := []string{}, []int{}
		for next := "/dashboard/deleted"; next != ""; {
			page := b.get(next).wants(http.StatusOK)
			if name == "in place" && page.has("article:first-child a[autofocus]").Length() != 1 {
				t.Error("the cursor is not on the first post that came")
			}
			seen, sizes = append(seen, articles(page)...), append(sizes, len(articles(page)))
			next = olderThan(page)
		}
		if !slices.Equal(sizes, []int{20, 20, 5}) || !slices.Equal(seen, want) {
			t.Errorf("%s: pages of %v with %v, want %v", name, sizes, seen, want)
		}
	}
}

func TestRestoringFromTheBin(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"), deleted)
		ada := s.as(t, "ada")
		form := ada.get("/dashboard/deleted").form("article form")
		restore := func() {
			done := send(ada).submit(form, nil)
			if !inPlace {
				done.leadsTo("/@ada/low-tide")
				return
			}
			done.wants(http.StatusOK).isFragment(articleOf(post))
			done.says("article[data-announce='The post is back.'] .kept", "The post is back.")
			done.has("h2 a[autofocus][href='/@ada/low-tide']")
			done.hasNot("form")
		}
		restore()
		if got := s.stands(t, post.ID); got != "Low tide | "+post.Body+" | version 1 | low-tide | published" {
			t.Errorf("kept %q", got)
		}
		before := s.stands(t, post.ID)
		restore() // again
		if got := s.stands(t, post.ID); got != before {
			t.Errorf("again it is %q, was %q", got, before)
		}
		ada.get("/dashboard/deleted").wants(http.StatusOK).hasNot("article")
	})
}

func TestARestoredDraftLeadsToItsEditor(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled(""), draft, deleted)
		ada := s.as(t, "ada")
		done := send(ada).submit(ada.get("/dashboard/deleted").form("article form"), nil)
		if inPlace {
			done.says("h2 a[href='"+at(post, "/edit")+"']", "Untitled draft")
		} else {
			done.leadsTo("/dashboard")
		}
		if got := s.stands(t, post.ID); got != " | "+post.Body+" | version 1 | no slug | draft" {
			t.Errorf("kept %q", got)
		}
	})
}

func TestWhatWasRemovedForGoodIsNotRestored(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), deleted)
	ada := s.as(t, "ada")
	form := ada.get("/dashboard/deleted").form("article form")
	dbtest.Exec(t, s.store, "DELETE FROM posts WHERE id = $1", post.ID)
	s.keeps(t, func() {
		ada.submit(form, nil).wants(http.StatusNotFound).isPage()
		ada.htmx().submit(form, nil).wants(http.StatusNotFound).has(".wrong")
	})
}

func TestTheBinIsOnesOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "bob")
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), deleted)
	ada, bob := s.as(t, "ada"), s.as(t, "bob")
	form := ada.get("/dashboard/deleted").form("article form")
	s.keeps(t, func() {
		bob.get("/dashboard/deleted").wants(http.StatusOK).hasNot("article")
		bob.get("/dashboard/deleted?deleted=" + post.ID.String()).wants(http.StatusOK).hasNot("article, .deleted")
		bob.submit(form, nil).wants(http.StatusNotFound)
		ada.with("Sec-Fetch-Site", "cross-site").submit(form, nil).wants(http.StatusForbidden)
		s.visitor(t).get("/dashboard/deleted").leadsTo("/login?next=" + url.QueryEscape("/dashboard/deleted"))
		s.visitor(t).htmx().get("/dashboard/deleted").wants(http.StatusUnauthorized).isFragment("login-again")
		s.visitor(t).post(form.action, form.fields).wants(http.StatusSeeOther)
	})
}
