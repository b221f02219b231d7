package blog_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestAnAuthorsPinsStandOnTopOfTheirPageAndAnOwnersOnTopOfTheBlogs(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	dbtest.Exec(t, s.store, "UPDATE users SET role = 'owner' WHERE username = 'bob'")
	for n := range blog.PageSize + 5 {
		s.at(time.Duration(n)*time.Minute, fmt.Sprint("Post ", n))
	}
	of := func(p *dbtest.NewPost) { p.AuthorID = s.bob.ID }
	bobs := s.at(90*time.Minute, "Of bob", of)
	dbtest.Exec(t, s.store, `UPDATE posts SET pinned_at = now() + right(title, 1)::integer * interval '1 second'
		WHERE title IN ('Post 1', 'Post 2', 'Post 3', 'Post 4')`)
	dbtest.Exec(t, s.store, "UPDATE posts SET pinned_at = now() WHERE id = $1", bobs)

	_, first, err := s.NewestBy(t.Context(), "ada", blog.Place{})
	noError(t, err)
	if got := titles(first.Posts)[:5]; first.Pinned != 3 || !slices.Equal(got, []string{"Post 4", "Post 3", "Post 2", "Post 0", "Post 1"}) {
		t.Errorf("her page begins with %v, %d of them pinned", got, first.Pinned)
	}
	_, rest, err := s.NewestBy(t.Context(), "ada", first.Next)
	if err != nil || rest.Pinned != 0 || len(first.Posts)+len(rest.Posts) != blog.PageSize+5 {
		t.Errorf("%d and %d posts, %d pinned, %v", len(first.Posts), len(rest.Posts), rest.Pinned, err)
	}
	home, err := s.Newest(t.Context(), blog.Place{})
	noError(t, err)
	if got := titles(home.Posts)[:3]; home.Pinned != 1 || !slices.Equal(got, []string{"Of bob", "Post 0", "Post 1"}) {
		t.Errorf("the home page begins with %v, %d of them pinned", got, home.Pinned)
	}
	older, err := s.Newest(t.Context(), home.Next)
	all := append(titles(home.Posts), titles(older.Posts)...)
	slices.Sort(all)
	if err != nil || older.Pinned != 0 || len(all) != blog.PageSize+6 || len(slices.Compact(all)) != blog.PageSize+6 {
		t.Errorf("in all %v, %v", all, err)
	}
}

func TestAPinKeepsItsPlaceAndIsTakenOff(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	pin := func(on bool) func(*blog.Details) { return func(d *blog.Details) { d.Pinned = on } }
	first, err := s.sets(post.ID, pin(true))
	noError(t, err)
	again, err := s.sets(post.ID, pin(true))
	if err != nil || first.PinnedAt.IsZero() || again != first {
		t.Errorf("pinned %+v, then %+v, %v", first, again, err)
	}
	if off, err := s.sets(post.ID, pin(false)); err != nil || off != post {
		t.Errorf("off it is %+v, %v, want %+v", off, err, post)
	}
}

func TestAPageByItselfIsInTheNavigationAndInNoList(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	about, other := s.write(blog.Draft{Title: "About", Body: "Us.", Tags: "us"}, true), s.published()
	page, err := s.SetDetails(t.Context(), s.ada, about.ID, blog.Details{Standalone: true, Pinned: true}, true)
	if err != nil || !page.Standalone {
		t.Fatalf("%+v, %v", page, err)
	}
	if got := s.Navigation(); len(got) != 1 || got[0].Title != "About" || got[0].Slug != "about" || got[0].Author.Username != "ada" {
		t.Errorf("the navigation is %+v", got)
	}
	for name, list := range s.lists() {
		if name == "dashboard" {
			continue
		}
		if got, err := list(blog.Place{}); err != nil || slices.Contains(titles(got.Posts), "About") {
			t.Errorf("%s has %v, %v", name, titles(got.Posts), err)
		}
	}
	if tags, err := s.AllTags(t.Context()); err != nil || len(tags) != 0 {
		t.Errorf("its tags are %v, %v", tags, err)
	}
	if _, older, newer, err := s.Read(t.Context(), "ada", other.Slug); err != nil || older.Title != "" || newer.Title != "" {
		t.Errorf("%q and %q are beside another, %v", older.Title, newer.Title, err)
	}
	if _, older, newer, err := s.Read(t.Context(), "ada", page.Slug); err != nil || older.Title != "" || newer.Title != "" {
		t.Errorf("%q and %q are beside it, %v", older.Title, newer.Title, err)
	}
	_, err = s.Revise(t.Context(), s.ada, about.ID, from(1), blog.Draft{Title: "About us", Body: "Us."}, blog.Save)
	noError(t, err)
	if got := titles(s.Navigation()); !slices.Equal(got, []string{"About us"}) {
		t.Errorf("after a save the navigation is %v", got)
	}
	_, err = s.Delete(t.Context(), s.ada, about.ID)
	noError(t, err)
	if got := s.Navigation(); len(got) != 0 {
		t.Errorf("after the deletion the navigation is %v", got)
	}
	_, err = s.Restore(t.Context(), s.ada, about.ID)
	noError(t, err)
	if _, err := s.SetDetails(t.Context(), s.ada, about.ID, blog.Details{}, false); err != nil || len(s.Navigation()) != 0 {
		t.Errorf("who made it may take it out: %v, %v", s.Navigation(), err)
	}
}

func TestTheNavigationHasTenPagesByTitle(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range 12 {
		s.at(time.Minute, fmt.Sprintf("Page %02d", 11-n))
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true")
	noError(t, s.ReadNavigation(t.Context()))
	if got := titles(s.Navigation()); len(got) != 10 || got[0] != "Page 00" || got[9] != "Page 09" {
		t.Errorf("it has %v", got)
	}
}

// Nobody waits for it: what was seen last is shown, and read again beside.
func TestTheNavigationIsReadAgainBesideWhatShowsIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.at(time.Minute, "About")
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true")
	if got := s.Navigation(); got != nil {
		t.Errorf("it waited for %v", got)
	}
	for end := time.Now().Add(5 * time.Second); len(s.Navigation()) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is not read")
		}
	}
}

func TestOnlyAnOwnerMakesAPageStandByItself(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	if _, err := s.sets(post.ID, func(d *blog.Details) { d.Standalone, d.Pinned = true, true }); !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("it returned %v", err)
	}
	if s.own(post.ID) != post {
		t.Errorf("it is %+v", s.own(post.ID))
	}
}

func TestDetailsAreKeptTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	s.write(blog.Draft{Title: "Taken", Body: "Text."}, true)
	_, err := s.sets(post.ID, func(d *blog.Details) { d.Slug, d.Pinned, d.ShowsChanges = "Taken", true, true })
	var found fault.Invalid
	if !errors.As(err, &found) || found.Of("slug") == "" || s.own(post.ID) != post {
		t.Errorf("%v, it is %+v", err, s.own(post.ID))
	}
	set, err := s.sets(post.ID, func(d *blog.Details) { d.Slug, d.Pinned, d.ShowsChanges = "Low Water!", true, true })
	if err != nil || set.Slug != "low-water" || set.PinnedAt.IsZero() || !set.ShowsChanges || set.Version != post.Version || !set.UpdatedAt.Equal(post.UpdatedAt) {
		t.Errorf("it is %+v, %v", set, err)
	}
}

func TestDetailsAreOnesOwnAndNotOfWhatIsDeleted(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	if _, err := s.SetDetails(t.Context(), s.bob, post.ID, blog.Details{Pinned: true}, true); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("bob: %v", err)
	}
	if _, err := s.SetDetails(t.Context(), s.ada, blog.NewID(), blog.Details{Pinned: true}, true); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
	deleted, err := s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	if _, err := s.sets(post.ID, func(d *blog.Details) { d.Pinned = true }); !errors.Is(err, blog.ErrDeleted) || s.own(post.ID) != deleted {
		t.Errorf("deleted: %v, %+v", err, s.own(post.ID))
	}
}
