package handlers_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// fill writes 45 posts at three moments, so that pages end among posts of the same time, and returns their ids in
// the order of a list.
func fill(t *testing.T, s *site, author uuid.UUID) (ids []string) {
	t.Helper()
	var posts []dbtest.NewPost
	for n := range 45 {
		posts = append(posts, dbtest.Post(t, s.store, author, titled(fmt.Sprint("Post ", n)), func(p *dbtest.NewPost) {
			p.ID = uuid.New()
			p.WrittenAt = time.Date(2026, 3, 1+n/15, 12, 0, 0, 0, time.UTC)
		}))
	}
	slices.SortFunc(posts, func(a, b dbtest.NewPost) int {
		if c := b.WrittenAt.Compare(a.WrittenAt); c != 0 {
			return c
		}
		return bytes.Compare(b.ID[:], a.ID[:])
	})
	for _, post := range posts {
		ids = append(ids, articleOf(post))
	}
	return ids
}

func articles(a *answer) []string {
	return a.page.Find("article").Map(func(_ int, article *goquery.Selection) string { return article.AttrOr("id", "") })
}

func TestListsComeInPagesThatLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	want := fill(t, s, ada)
	for _, path := range []string{"/", "/@ada", "/dashboard"} {
		t.Run(path, func(t *testing.T) {
			b := s.as(t, "ada")
			seen, sizes := []string{}, []int{}
			for next := path; next != ""; {
				page := b.get(next).wants(http.StatusOK).isPage()
				seen, sizes = append(seen, articles(page)...), append(sizes, len(articles(page)))
				next = olderThan(page)
			}
			if !slices.Equal(sizes, []int{20, 20, 5}) || !slices.Equal(seen, want) {
				t.Errorf("pages of %v with %v, want %v", sizes, seen, want)
			}
		})
	}
}

// olderThan is where "Older posts" leads, or "" at the end.
func olderThan(a *answer) string {
	link := a.page.Find("#older a:contains('Older posts')")
	return link.AttrOr("href", "")
}

func TestOlderPostsComeInPlaceOfTheLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	want := fill(t, s, dbtest.User(t, s.store, "ada"))
	for _, path := range []string{"/", "/@ada"} {
		b := s.visitor(t)
		second := b.htmx().get(olderThan(b.get(path))).wants(http.StatusOK)
		second.isFragment("posts-before-" + strings.TrimPrefix(want[19], "post-"))
		if !slices.Equal(articles(second), want[20:40]) {
			t.Errorf("in place came %v", articles(second))
		}
		if second.has("[autofocus]").Length() != 1 {
			t.Error("the cursor is not on the first post that came")
		}
		third := b.htmx().get(olderThan(second)).wants(http.StatusOK)
		if !slices.Equal(articles(third), want[40:]) || olderThan(third) != "" {
			t.Errorf("at the end came %v and a link to %q", articles(third), olderThan(third))
		}
	}
}

func TestAPlaceInAListStaysPutWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	want := fill(t, s, ada)
	b := s.visitor(t)
	next := olderThan(b.get("/"))
	dbtest.Post(t, s.store, ada, titled("New"))
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id = $1", strings.TrimPrefix(want[19], "post-"))
	if got := articles(b.get(next)); !slices.Equal(got, want[20:40]) {
		t.Errorf("the second page moved: %v", got)
	}
}

func TestAFullLastPageHasNoLinkToAnEmptyOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := fill(t, s, dbtest.User(t, s.store, "ada"))
	for _, id := range ids[:25] {
		dbtest.Exec(t, s.store, "DELETE FROM posts WHERE id = $1", strings.TrimPrefix(id, "post-"))
	}
	page := s.visitor(t).get("/")
	if len(articles(page)) != 20 || olderThan(page) != "" {
		t.Errorf("%d posts and a link to %q", len(articles(page)), olderThan(page))
	}
}

func TestListsForReadersShowWhatIsPublishedAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := dbtest.User(t, s.store, "ada"), dbtest.User(t, s.store, "bob")
	mine, theirs := dbtest.Post(t, s.store, ada, titled("Low tide")), dbtest.Post(t, s.store, bob, titled("High tide"))
	dbtest.Post(t, s.store, ada, titled("Begun"), draft)
	dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	for _, b := range []*browser{s.visitor(t), s.as(t, "bob"), s.as(t, "ada")} {
		if got := articles(b.get("/").wants(http.StatusOK).isPage()); !slices.Equal(got, []string{articleOf(theirs), articleOf(mine)}) {
			t.Errorf("the home page shows %v", got)
		}
		if got := articles(b.get("/@ada").wants(http.StatusOK).isPage()); !slices.Equal(got, []string{articleOf(mine)}) {
			t.Errorf("the author's page shows %v", got)
		}
	}
	home := s.as(t, "ada").get("/")
	home.has("#" + articleOf(mine) + " .owner-actions")
	home.hasNot("#" + articleOf(theirs) + " .owner-actions")
	home.has("#" + articleOf(mine) + " h2 a[href='/@ada/low-tide']")
	s.visitor(t).get("/").hasNot(".owner-actions")
}

func TestAnEmptyBlogInvitesToWrite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.visitor(t).get("/").wants(http.StatusOK).isPage().has("main a[href='/new']")
	s.visitor(t).get("/@ada").wants(http.StatusOK).isPage().says("main", "No posts yet.")
	s.visitor(t).get("/@eve").wants(http.StatusNotFound).isPage()
	s.visitor(t).get("/@%00").wants(http.StatusNotFound)
	s.visitor(t).get("/@%ff").wants(http.StatusNotFound)
}

func TestAPlaceThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	id := uuid.NewString()
	for _, path := range []string{"/", "/@ada", "/dashboard", "/dashboard/deleted"} {
		for _, place := range []string{
			"x", "1", "1.", "." + id, "-1." + id, "1." + id + "0", "99999999999999999999." + id, "9223372036854775807." + id,
			"1.%00", "%ff", "1;DROP." + id, "%3Cscript%3E",
		} {
			ada.get(path + "?before=" + place).wants(http.StatusBadRequest).isPage()
			ada.htmx().get(path + "?before=" + place).wants(http.StatusBadRequest).has(".wrong")
		}
		ada.get(path + "?before=").wants(http.StatusOK)
		ada.get(path + "?before=0." + id).wants(http.StatusOK)
	}
}
