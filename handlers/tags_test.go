package handlers_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"miniblog/internal/dbtest"
)

// tags gives a post tags, as its author would.
func (s *site) tags(t *testing.T, post dbtest.NewPost, tags, slugs []string) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE posts SET tags = $2, tag_slugs = $3 WHERE id = $1", post.ID, tags, slugs)
}

func TestTagsLeadToWhatHasThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	low, high, begun := dbtest.Post(t, s.store, ada, titled("Low tide")), dbtest.Post(t, s.store, ada, titled("High tide")), dbtest.Post(t, s.store, ada, titled("Begun"), draft)
	s.tags(t, low, []string{"Night Watch", "Ebbe & Flut", "日本"}, []string{"night-watch", "ebbe-flut", "日本"})
	s.tags(t, high, []string{"night watch"}, []string{"night-watch"})
	s.tags(t, begun, []string{"begun"}, []string{"begun"})
	b := s.visitor(t)
	post := b.get("/@ada/low-tide")
	links := post.has("article .prose + ul.tags a[rel=tag]").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") + " " + a.Text() })
	if got := fmt.Sprint(links); got != "[/tags/night-watch Night Watch /tags/ebbe-flut Ebbe & Flut /tags/%E6%97%A5%E6%9C%AC 日本]" {
		t.Errorf("its tags are %s", got)
	}
	all := b.get("/tags").wants(http.StatusOK).isPage()
	if n := all.has("ul.tags a").Length(); n != 3 {
		t.Errorf("%d tags are listed", n)
	}
	all.hasNot("a[href='/tags/begun']")
	page := b.get("/tags/night-watch").wants(http.StatusOK).isPage()
	page.says("h1", "night watch") // as it was named last
	page.has("head link[rel=alternate][href^='/tags/night-watch/']")
	page.has("head link[rel=canonical][href$='/tags/night-watch']")
	if got := articles(page); len(got) != 2 || got[0] != articleOf(high) {
		t.Errorf("it lists %v", got)
	}
	b.get("/tags/%E6%97%A5%E6%9C%AC").wants(http.StatusOK).says("h1", "日本")
	for _, written := range []string{"/tags/Night-Watch", "/tags/night%20watch", "/tags/NIGHT%20WATCH!"} {
		a := b.get(written).wants(http.StatusMovedPermanently)
		if to := a.Header.Get("Location"); to != "/tags/night-watch" {
			t.Errorf("%s leads to %s", written, to)
		}
	}
	for _, none := range []string{"/tags/begun", "/tags/never", "/tags/!", "/tags/%00", "/tags/%ff"} {
		b.get(none).wants(http.StatusNotFound).isPage()
	}
}

func TestABlogWithoutTagsSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.visitor(t).get("/tags").wants(http.StatusOK).isPage()
	page.says(".empty", "No tags yet.")
	page.has("footer a[href='/tags'][aria-current=page]")
	page.has("footer a[href='/archive']")
}

func TestATagsOlderPostsComeInPlaceOfTheLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	want := fill(t, s, dbtest.User(t, s.store, "ada"))
	dbtest.Exec(t, s.store, "UPDATE posts SET tags = '{Tide}', tag_slugs = '{tide}'")
	b := s.visitor(t)
	first := b.get("/tags/tide")
	second := b.htmx().get(olderThan(first)).wants(http.StatusOK)
	second.isFragment("posts-before-" + want[19][len("post-"):])
	last := b.get(olderThan(second)).wants(http.StatusOK).isPage()
	all := append(append(articles(first), articles(second)...), articles(last)...)
	if fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("the pages have %v, want %v", all, want)
	}
	b.get("/tags/tide?before=x").wants(http.StatusBadRequest)
	end := b.get("/tags/tide?before=0." + want[0][len("post-"):]).wants(http.StatusOK)
	end.has(".empty a[href='/tags/tide']")
}
