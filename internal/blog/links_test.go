package blog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// harbour is where the blog of the tests is on the web, with a few pages.
var harbour = blog.Site{
	Origins: []string{"https://blog.example.org", "http://localhost:8080"},
	Has: func(path string) bool {
		return slices.Contains([]string{"/", "/search", "/archive/2026", "/feed.atom", "/@ada/feed.atom", "/@eve/feed.atom", "/@ada/low-tide/card.png", "/@ada/never/card.png", "/tags/tea/feed.atom"}, path)
	},
}

// wantDead asserts which of the links are dead in a text of ada's that has them all.
func (s *shelf) wantDead(links []string, dead ...string) {
	s.t.Helper()
	var body strings.Builder
	for _, link := range links {
		fmt.Fprintf(&body, "[words](<%s>) ", link)
	}
	got, err := s.DeadLinks(s.t.Context(), harbour, blog.Post{Author: s.ada, Slug: "here", Body: body.String()})
	noError(s.t, err)
	if !slices.Equal(got, dead) {
		s.t.Errorf("dead are\n%q, want\n%q", got, dead)
	}
}

func TestLinksThatLeadSomewhereAreNotListed(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "Low tide", Body: "B", Tags: "tea, Green Tea"}, true)
	s.write(blog.Draft{Title: "東京", Body: "B"}, true)
	s.addressed(post, "newest")
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'robert' WHERE username = 'bob'")
	s.wantDead([]string{
		"/", "/search", "/search?q=tea#x", "/archive/2026", "/feed.atom", "https://blog.example.org", "https://BLOG.example.org/search",
		"http://localhost:8080/", "//blog.example.org/search", "/@ada", "/@ADA", "/@robert", "/@bob", "/@ada/feed.atom",
		"/@ada/newest", "/@ada/low-tide#h-x", "/@Ada/low-tide?x=1", "/%40ada/low-tide", "/@ada/low-tide/card.png", "/@ada/東京",
		"https://blog.example.org/@ada/%E6%9D%B1%E4%BA%AC", "low-tide", "./low-tide", "../@ada/low-tide", "/tags/tea", "/tags/green-tea", "/tags/tea/feed.atom",
		"#there", "?x=1", "https://elsewhere.example/@eve", "http://blog.example.org/nowhere", "//elsewhere.example/x", "mailto:ada@example.org",
	})
}

func TestLinksThatLeadNowhereAreListedAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.write(blog.Draft{Title: "Low tide", Body: "B"}, true)
	begun := s.write(blog.Draft{Title: "Begun", Body: "B", Tags: "secret"}, false)
	s.addressed(begun, "begun")
	gone := s.write(blog.Draft{Title: "Gone", Body: "B", Tags: "lost"}, true)
	_, err := s.Delete(t.Context(), s.ada, gone.ID)
	noError(t, err)
	eve := dbtest.User(t, s.store, "eve")
	dbtest.Post(t, s.store, eve)
	dbtest.Exec(t, s.store, "UPDATE users SET deleted_at = now(), deleted_by = id WHERE username = 'eve'")
	dead := []string{
		"/nowhere", "/search/", "https://blog.example.org/nowhere?x=1", "//localhost:8080/nowhere", "/@nobody", "/@eve", "/@eve/the-tide-tables-were-wrong-again",
		"/@eve/feed.atom", "/@", "/@/low-tide", "/@ada/", "/@ada/never", "/@ada/begun", "/@ada/gone", "/@ada/LOW-TIDE", "/@bob/low-tide", "/@ada/feed.json",
		"/@ada/low-tide/", "/@ada/low-tide/more", "/@ada/never/card.png", "/@ada%2Flow-tide", "/tags/secret", "/tags/lost", "/tags/", "/tags/tea/x",
		"/@ada/%00", "/@ada/%ff", "/%zz", "www.example.org/x", "never",
	}
	s.wantDead(append([]string{"/", "/@ada/low-tide"}, dead...), dead...)
}

func TestOfVeryManyLinksTheFirstAreLookedAt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var links, dead []string
	for n := range 150 {
		links = append(links, fmt.Sprint("https://elsewhere.example/", n), fmt.Sprint("/@ada/never-", n))
	}
	for n := range 100 {
		dead = append(dead, fmt.Sprint("/@ada/never-", n))
	}
	s.wantDead(links, dead...)
}

func TestThePublishedPostsLinksAreThoseThatWereKeptWithIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	text := "[a](</with a blank>) [b](/nowhere) [c](never) [d](/%zz) [e](/) [f](mailto:x@example.org) [g](<https://blog.example.org/x>) [h](#there) [i](/a&#10;b)"
	post := s.write(blog.Draft{Title: "Here", Body: text}, true)
	got, err := s.DeadLinks(t.Context(), harbour, s.own(post.ID))
	noError(t, err)
	if want := []string{"/with a blank", "/nowhere", "never", "/%zz", "https://blog.example.org/x"}; !slices.Equal(got, want) {
		t.Errorf("dead are %q, want %q", got, want)
	}
	begun := s.write(blog.Draft{Title: "Begun", Body: text}, false)
	again, err := s.DeadLinks(t.Context(), harbour, begun)
	noError(t, err)
	if !slices.Equal(got, again) {
		t.Errorf("of the same text as a draft %q, as a post %q", again, got)
	}
}
