package blog_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// addressed changes the slug of ada's post.
func (s *shelf) addressed(post blog.Post, slug string) blog.Post {
	s.t.Helper()
	changed, err := s.SetSlug(s.t.Context(), s.ada, post.ID, slug)
	noError(s.t, err)
	return changed
}

// wantAddress asserts where what was at an old address is read now, as username/slug.
func (s *shelf) wantAddress(username, slug, want string) {
	s.t.Helper()
	found, err := s.Resolve(s.t.Context(), username, slug)
	if err != nil {
		s.t.Errorf("%s/%s: %v", username, slug, err)
		return
	}
	if got := found.Author.Username + "/" + found.Slug; got != want {
		s.t.Errorf("%s/%s leads to %s, want %s", username, slug, got, want)
	}
}

func (s *shelf) wantNoAddress(username, slug string, want error) {
	s.t.Helper()
	if found, err := s.Resolve(s.t.Context(), username, slug); !errors.Is(err, want) {
		s.t.Errorf("%s/%s is %+v, %v, want %v", username, slug, found, err, want)
	}
}

func wantSlugRefused(t *testing.T, err error, words string) {
	t.Helper()
	var invalid fault.Invalid
	if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.Of("slug"), words) {
		t.Errorf("got %v, want it refused with %q", err, words)
	}
}

func TestEveryAddressAPostHadLeadsToTheNewest(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for _, slug := range []string{"first", "second", "third"} {
		if post = s.addressed(post, slug); post.Slug != slug {
			t.Errorf("its slug is %q", post.Slug)
		}
	}
	for _, old := range []string{"the-tide-tables", "first", "second", "third"} {
		s.wantAddress("ada", old, "ada/third")
		s.wantAddress("ADA", old, "ada/third")
	}
	post = s.addressed(post, "first") // an older one of its own comes back
	for _, old := range []string{"the-tide-tables", "first", "second", "third"} {
		s.wantAddress("ada", old, "ada/first")
	}
	if kept := s.own(post.ID); kept.Slug != "first" || kept.Version != 1 {
		t.Errorf("kept %+v", kept)
	}
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'countess' WHERE username = 'ada'")
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'lovelace' WHERE username = 'countess'")
	for _, name := range []string{"ada", "countess", "lovelace"} {
		s.wantAddress(name, "second", "lovelace/first")
		s.wantAddress(name, "", "lovelace/")
		s.wantNoAddress(name, "never", fault.ErrNotFound)
	}
}

func TestWhatNeverWasIsNotFoundAndWhatWasDeletedIsGone(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	begun := s.write(blog.Draft{Title: "Begun", Body: "B"}, false)
	s.addressed(begun, "secret")
	for _, never := range [][2]string{{"ada", "secret"}, {"ada", "begun"}, {"ada", "other"}, {"nobody", ""}, {"nobody", "x"}, {"a\x00", "x"}, {"ada", "\xff"}} {
		s.wantNoAddress(never[0], never[1], fault.ErrNotFound)
	}
	post := s.published()
	s.addressed(post, "new")
	_, err := s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	for _, slug := range []string{"new", "the-tide-tables"} {
		s.wantNoAddress("ada", slug, fault.ErrGone)
		_, err := s.Resolve(t.Context(), "ada", slug)
		var gone *blog.Gone
		if !errors.As(err, &gone) || gone.Post != post.ID || gone.Author.Username != "ada" {
			t.Errorf("it is gone as %+v", gone)
		}
	}
	_, err = s.Restore(t.Context(), s.ada, post.ID)
	noError(t, err)
	s.wantAddress("ada", "the-tide-tables", "ada/new")

	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = $1", post.ID)
	_, err = s.Purge(t.Context())
	noError(t, err)
	_, err = s.Resolve(t.Context(), "ada", "new")
	var gone *blog.Gone
	if !errors.As(err, &gone) || gone.Post != uuid.Nil || gone.Author.Username != "ada" {
		t.Errorf("a purged post is %v", err)
	}
	if next := s.write(blog.Draft{Title: "New", Body: "B"}, true); next.Slug != "new-2" { // the old one stays taken
		t.Errorf("another post got %q", next.Slug)
	}
}

func TestAClosedAccountIsGoneWithAllBelowIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.published()
	dbtest.Exec(t, s.store, "UPDATE users SET deleted_at = now(), deleted_by = id WHERE username = 'ada'")
	for range 2 {
		for _, slug := range []string{"", "the-tide-tables", "never"} {
			s.wantNoAddress("ada", slug, fault.ErrGone)
		}
		dbtest.Exec(t, s.store, "DELETE FROM users WHERE username = 'ada'")
	}
}

func TestASlugIsMadeOfWhatIsTypedAsOfATitle(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for typed, want := range map[string]string{
		"  About Tides! ":       "about-tides",
		"東京":                    "東京",
		"feed.atom":             "feed-atom",
		strings.Repeat("x", 80): strings.Repeat("x", 80),
		"":                      "the-tide-tables",
		" \t":                   "the-tide-tables",
	} {
		if got := s.addressed(post, typed).Slug; got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
	for typed, words := range map[string]string{
		"…!":                    "An address needs a letter or a digit.",
		strings.Repeat("x", 81): "An address has at most 80 characters.",
		"a\x00":                 "The address holds characters that cannot be kept.",
		"a\xff":                 "The address holds characters that cannot be kept.",
	} {
		_, err := s.SetSlug(t.Context(), s.ada, post.ID, typed)
		wantSlugRefused(t, err, words)
	}
}

func TestNoPostGetsAnAddressThatAnotherHasOrHad(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post, other := s.published(), s.write(blog.Draft{Title: "Other", Body: "B"}, true)
	begun := s.write(blog.Draft{Title: "Begun", Body: "B"}, false)
	s.addressed(begun, "begun")
	s.addressed(post, "newest")
	for _, slug := range []string{"newest", "the-tide-tables", "begun"} {
		_, err := s.SetSlug(t.Context(), s.ada, other.ID, slug)
		wantSlugRefused(t, err, "Another post of yours has that address, or had it.")
	}
	for _, id := range []uuid.UUID{post.ID, uuid.New()} { // somebody else's, and nobody's
		if _, err := s.SetSlug(t.Context(), s.bob, id, "mine"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	mine, err := s.Write(t.Context(), s.bob, blog.NewID(), blog.Origin{}, draft, blog.Publish)
	noError(t, err)
	if mine.Slug != "the-tide-tables" { // each author has all slugs
		t.Errorf("bob's is %q", mine.Slug)
	}
	_, err = s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	if _, err := s.SetSlug(t.Context(), s.ada, post.ID, "back"); !errors.Is(err, blog.ErrDeleted) {
		t.Errorf("in the bin: %v", err)
	}
	if got := s.own(other.ID).Slug; got != "other" {
		t.Errorf("it became %q", got)
	}
}

func TestADraftIsPublishedUnderTheAddressChosenForIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	begun := s.write(blog.Draft{Title: "Begun", Body: "B"}, false)
	if got := s.addressed(begun, "Chosen one").Slug; got != "chosen-one" {
		t.Errorf("it is %q", got)
	}
	if !s.own(begun.ID).Draft() {
		t.Error("it was published")
	}
	done, err := s.Revise(t.Context(), s.ada, begun.ID, from(1), blog.Draft{Title: "Another title", Body: "B"}, blog.Publish)
	noError(t, err)
	if done.Slug != "chosen-one" {
		t.Errorf("published at %q", done.Slug)
	}
	again := s.write(blog.Draft{Title: "Plain", Body: "B"}, false)
	s.addressed(again, "chosen")
	s.addressed(again, "") // the title's again
	done, err = s.Revise(t.Context(), s.ada, again.ID, from(1), blog.Draft{Title: "Plainer", Body: "B"}, blog.Publish)
	noError(t, err)
	if done.Slug != "plainer" {
		t.Errorf("published at %q", done.Slug)
	}
	done, err = s.Revise(t.Context(), s.ada, again.ID, from(2), blog.Draft{Title: "Plainest", Body: "B"}, blog.Save)
	noError(t, err)
	if done.Slug != "plainer" { // a changed title changes no address
		t.Errorf("now at %q", done.Slug)
	}
}

func TestADraftWithADateKeepsAnAddress(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	begun := s.write(blog.Draft{Title: "Begun", Body: "B"}, false)
	s.addressed(begun, "chosen")
	dbtest.Exec(t, s.store, "UPDATE posts SET publish_at = now() + interval '1 day' WHERE id = $1", begun.ID)
	if got := s.addressed(begun, "").Slug; got != "begun" {
		t.Errorf("it is %q", got)
	}
}

func TestOfPostsThatAskForOneAddressAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	const posts = 6
	errs := make([]error, posts)
	var all sync.WaitGroup
	for n := range posts {
		post := s.write(blog.Draft{Title: fmt.Sprint("Post ", n), Body: "B"}, n%2 == 0)
		all.Go(func() { _, errs[n] = s.SetSlug(t.Context(), s.ada, post.ID, "wanted") })
	}
	all.Wait()
	got := 0
	for _, err := range errs {
		if err == nil {
			got++
			continue
		}
		wantSlugRefused(t, err, "Another post of yours has that address")
	}
	if held := dbtest.One[int](t, s.store, "SELECT count(*) FROM posts WHERE slug = 'wanted'"); got != 1 || held != 1 {
		t.Errorf("%d were told that they have it, and %d have", got, held)
	}
}

func TestOnePostThatGetsManyAddressesAtOnceKeepsThemAll(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			_, err := s.SetSlug(t.Context(), s.ada, post.ID, fmt.Sprint("try ", n%3))
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	now := "ada/" + s.own(post.ID).Slug
	for _, old := range []string{"the-tide-tables", "try-0", "try-1", "try-2"} {
		s.wantAddress("ada", old, now)
	}
}
