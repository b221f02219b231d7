package blog_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestADeletedPostIsGoneForEverybodyButItsAuthor(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	binned, err := s.Delete(t.Context(), s.ada, post.ID)
	if err != nil || binned.DeletedAt.IsZero() || binned.Published() {
		t.Errorf("deleted %+v, %v", binned, err)
	}
	if _, err := s.At(t.Context(), "ada", post.Slug); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("its permalink: %v", err)
	}
	if _, err := s.Published(t.Context(), post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("its id: %v", err)
	}
	if page, err := s.Newest(t.Context(), blog.Place{}); err != nil || len(page.Posts) != 0 {
		t.Errorf("the home page has %v, %v", page.Posts, err)
	}
	if page, err := s.AllOwn(t.Context(), s.ada, blog.Place{}); err != nil || len(page.Posts) != 0 {
		t.Errorf("the dashboard has %v, %v", page.Posts, err)
	}
	if s.own(post.ID) != binned {
		t.Errorf("ada finds %+v", s.own(post.ID))
	}
}

func TestDeletingTwiceKeepsTheFirstTime(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	_, err := s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = deleted_at - interval '10 days'")
	first := s.own(post.ID)
	if again, err := s.Delete(t.Context(), s.ada, post.ID); err != nil || again != first {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestARestoredPostIsAsItWas(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, post := range []blog.Post{s.published(), s.write(draft, false)} {
		_, err := s.Delete(t.Context(), s.ada, post.ID)
		noError(t, err)
		for range 2 {
			if back, err := s.Restore(t.Context(), s.ada, post.ID); err != nil || back != post {
				t.Errorf("was %+v, came back as %+v, %v", post, back, err)
			}
		}
	}
}

func TestWhatIsNotOnesOwnCannotBeDeletedOrRestored(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	shown, binned := s.published(), s.published()
	_, err := s.Delete(t.Context(), s.ada, binned.ID)
	noError(t, err)
	for name, try := range map[string]func() error{
		"delete":          func() error { _, err := s.Delete(t.Context(), s.bob, shown.ID); return err },
		"restore":         func() error { _, err := s.Restore(t.Context(), s.bob, binned.ID); return err },
		"delete nothing":  func() error { _, err := s.Delete(t.Context(), s.ada, uuid.New()); return err },
		"restore nothing": func() error { _, err := s.Restore(t.Context(), s.ada, uuid.New()); return err },
	} {
		if err := try(); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.own(shown.ID) != shown || s.own(binned.ID).DeletedAt.IsZero() {
		t.Error("bob changed ada's posts")
	}
}

func TestTheBinIsEmptiedAfterThirtyDays(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	shown := s.published()
	binned := func(age string) uuid.UUID {
		post := dbtest.Post(t, s.store, s.ada.ID, func(p *dbtest.NewPost) { p.Title = "Binned " + age })
		dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() - $2::interval WHERE id = $1", post.ID, age)
		return post.ID
	}
	kept, removed := binned("29 days 23:59:00"), binned("30 days")
	binned("400 days")
	for _, want := range []int64{2, 0} {
		if got, err := s.Purge(t.Context()); err != nil || got != want {
			t.Errorf("removed %d posts, %v, want %d", got, err, want)
		}
	}
	if _, err := s.Restore(t.Context(), s.ada, removed); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("restoring a removed post: %v", err)
	}
	if _, err := s.Restore(t.Context(), s.ada, kept); err != nil {
		t.Errorf("restoring one of 29 days: %v", err)
	}
	if s.own(shown.ID) != shown || s.count() != 2 {
		t.Errorf("%d posts are left", s.count())
	}
}

func TestTheBinListsOnesOwnLastDeletedFirst(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.published()
	s.binned(time.Hour, "Second")
	s.binned(2*time.Hour, "", func(p *dbtest.NewPost) { p.Draft = true })
	again := s.binned(3*time.Hour, "First once it is deleted again")
	s.binned(time.Minute, "Of bob", func(p *dbtest.NewPost) { p.AuthorID = s.bob.ID })
	_, err := s.Restore(t.Context(), s.ada, again)
	noError(t, err)
	_, err = s.Delete(t.Context(), s.ada, again)
	noError(t, err)
	page, err := s.AllDeleted(t.Context(), s.ada, blog.Place{})
	if err != nil || !slices.Equal(titles(page.Posts), []string{"First once it is deleted again", "Second", ""}) || !page.Next.IsZero() {
		t.Fatalf("the bin has %v, %v", page, err)
	}
	for n, post := range page.Posts {
		kept := s.own(post.ID)
		if post.Author != s.ada || !post.DeletedAt.Equal(kept.DeletedAt) || post.Draft() != (n == 2) || post.Published() || post.Body+post.Excerpt != "" {
			t.Errorf("the bin has %+v", post)
		}
		if left := post.KeptUntil().Sub(post.DeletedAt); left < 30*24*time.Hour-2*time.Hour || left > 30*24*time.Hour+2*time.Hour {
			t.Errorf("it is kept for %v", left)
		}
	}
}

func TestTheBinIsWalkedThoughPostsComeAndGo(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var want, restored []uuid.UUID
	for n := range 2*blog.PageSize + 5 {
		// Three at the same moment, so that pages end among them.
		want = append(want, s.binned(time.Duration(n/3)*time.Hour, fmt.Sprintf("Post %d", n)))
	}
	seen := s.walk(t, func(before blog.Place) (blog.Page, error) { return s.AllDeleted(t.Context(), s.ada, before) }, func() {
		s.binned(-time.Minute, fmt.Sprintf("Meanwhile %d", s.count()))
		restored = append(restored, want[len(restored)])
		_, err := s.Restore(t.Context(), s.ada, restored[len(restored)-1])
		noError(t, err)
	})
	got := map[uuid.UUID]bool{}
	for _, post := range seen {
		got[post.ID] = true
	}
	if len(seen) != len(want) || len(got) != len(want) || len(restored) != 2 || !slices.ContainsFunc(seen, func(p blog.Post) bool { return p.ID == want[len(want)-1] }) {
		t.Errorf("%d rows of %d posts, want %d", len(seen), len(got), len(want))
	}
	if !slices.IsSortedFunc(seen, func(a, b blog.Post) int { return b.DeletedAt.Compare(a.DeletedAt) }) {
		t.Error("not the last deleted first")
	}
}

func TestAFullLastPageOfTheBinHasNoNext(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	if page, err := s.AllDeleted(t.Context(), s.ada, blog.Place{}); err != nil || len(page.Posts) != 0 || !page.Next.IsZero() {
		t.Errorf("an empty bin has %+v, %v", page, err)
	}
	for n := range blog.PageSize {
		s.binned(time.Hour, fmt.Sprintf("Post %d", n))
	}
	if page, err := s.AllDeleted(t.Context(), s.ada, blog.Place{}); err != nil || len(page.Posts) != blog.PageSize || !page.Next.IsZero() {
		t.Errorf("%d posts, then %v, %v", len(page.Posts), page.Next, err)
	}
}

// binned adds a post of ada's that was deleted that long ago.
func (s *shelf) binned(age time.Duration, title string, options ...func(*dbtest.NewPost)) uuid.UUID {
	s.t.Helper()
	id := s.at(age, title, options...)
	dbtest.Exec(s.t, s.store, "UPDATE posts SET deleted_at = $2 WHERE id = $1", id, s.began.Add(-age))
	return id
}
