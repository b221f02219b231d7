package blog_test

import (
	"errors"
	"testing"

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
