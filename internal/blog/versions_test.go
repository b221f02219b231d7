package blog_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestEachTextIsAVersionWithItsNumber(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "", Body: "One"}, false)
	s.revised(post.ID, 1, blog.Draft{Title: "Two", Body: "Two\r\nlines 🎉\t"})
	_, err := s.Revise(t.Context(), s.ada, post.ID, from(2), blog.Draft{Title: "Three", Body: "e\u0301"}, blog.Publish)
	noError(t, err)
	s.wantVersions(post.ID, "1 saved  / One", "2 saved Two / Two\nlines 🎉\t", "3 saved Three / e\u0301")
	found, versions, more, err := s.History(t.Context(), s.ada, post.ID, 0)
	if err != nil || found != s.own(post.ID) || more || len(versions) != 3 {
		t.Fatalf("the history has %+v, more %v, %v", versions, more, err)
	}
	for n, want := range []blog.Version{
		{Number: 3, Kind: blog.KindSaved, Title: "Three", Words: 1},
		{Number: 2, Kind: blog.KindSaved, Title: "Two", Words: 2},
		{Number: 1, Kind: blog.KindSaved, Words: 1},
	} {
		if versions[n].CreatedAt.IsZero() {
			t.Errorf("version %d has no time", want.Number)
		}
		want.CreatedAt = versions[n].CreatedAt
		if versions[n] != want {
			t.Errorf("listed %+v, want %+v", versions[n], want)
		}
	}
	if second, err := s.Version(t.Context(), s.ada, post.ID, 2); err != nil || second.Body != "Two\nlines 🎉\t" {
		t.Errorf("the second is %+v, %v", second, err)
	}
}

func TestAVersionIsNeverChanged(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for _, change := range []string{"body = 'x'", "title = title", "number = 7", "created_at = now()"} {
		if _, err := s.store.Pool.Exec(t.Context(), "UPDATE versions SET "+change); err == nil {
			t.Errorf("the database took %s", change)
		}
	}
	s.wantVersions(post.ID, "1 saved The tide tables / Every harbour keeps two clocks.")
}

func TestOnlyItsAuthorHasAPostsHistory(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for name, try := range map[string]func() error{
		"bob's list":        func() error { _, _, _, err := s.History(t.Context(), s.bob, post.ID, 0); return err },
		"bob's version":     func() error { _, err := s.Version(t.Context(), s.bob, post.ID, 1); return err },
		"bob's return":      func() error { _, err := s.Return(t.Context(), s.bob, post.ID, 1); return err },
		"a missing post":    func() error { _, _, _, err := s.History(t.Context(), s.ada, uuid.New(), 0); return err },
		"a missing version": func() error { _, err := s.Version(t.Context(), s.ada, post.ID, 2); return err },
		"version 0":         func() error { _, err := s.Version(t.Context(), s.ada, post.ID, 0); return err },
		"version -1":        func() error { _, err := s.Return(t.Context(), s.ada, post.ID, -1); return err },
		"too high a number": func() error { _, err := s.Return(t.Context(), s.ada, post.ID, 1<<40); return err },
	} {
		if err := try(); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHistoryIsPaged(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for n := 2; n <= blog.HistorySize+3; n++ {
		s.revised(post.ID, n-1, blog.Draft{Title: "T", Body: fmt.Sprint(n)})
	}
	before := 0
	for _, want := range []struct {
		first, count int
		more         bool
	}{{blog.HistorySize + 3, blog.HistorySize, true}, {3, 3, false}} {
		_, versions, more, err := s.History(t.Context(), s.ada, post.ID, before)
		if err != nil || more != want.more || len(versions) != want.count || versions[0].Number != want.first {
			t.Fatalf("before %d there are %d from %v on, more %v, %v", before, len(versions), versions, more, err)
		}
		before = versions[len(versions)-1].Number
	}
	for before, want := range map[int]int{-1: blog.HistorySize, 1: 0, 2: 1, 1 << 40: blog.HistorySize} {
		if _, versions, _, err := s.History(t.Context(), s.ada, post.ID, before); err != nil || len(versions) != want {
			t.Errorf("before %d there are %d, %v, want %d", before, len(versions), err, want)
		}
	}
}

func TestAnOldTextReturnsAndNothingIsLost(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	s.revised(post.ID, 1, blog.Draft{Title: "Second", Body: "B"})
	for range 2 { // and again
		back, err := s.Return(t.Context(), s.ada, post.ID, 1)
		if err != nil || back.Version != 3 || back.Title != post.Title || back.Body != post.Body || back.Slug != post.Slug || back != s.own(post.ID) {
			t.Errorf("it returned as %+v, %v", back, err)
		}
	}
	s.wantVersions(post.ID,
		"1 saved The tide tables / Every harbour keeps two clocks.", "2 saved Second / B",
		"3 saved The tide tables / Every harbour keeps two clocks.")
}

func TestTheTextThatLostAClashReturns(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	s.revised(post.ID, 1, blog.Draft{Title: "Second", Body: "B"})
	_, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "Third", Body: "C"}, blog.Save)
	if err == nil {
		t.Fatal("no clash")
	}
	if back, err := s.Return(t.Context(), s.ada, post.ID, 3); err != nil || back.Version != 4 || back.Title != "Third" {
		t.Errorf("it returned as %+v, %v", back, err)
	}
}

func TestATextThatMayNotBeShownDoesNotReturn(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "Only a title"}, false)
	public, err := s.Revise(t.Context(), s.ada, post.ID, from(1), draft, blog.Publish)
	noError(t, err)
	var problems fault.Invalid
	if _, err := s.Return(t.Context(), s.ada, post.ID, 1); !errors.As(err, &problems) || problems.Of("body") == "" {
		t.Errorf("a published post without a text: %v", err)
	}
	_, err = s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	if _, err := s.Return(t.Context(), s.ada, post.ID, 2); !errors.Is(err, blog.ErrDeleted) {
		t.Errorf("into the bin: %v", err)
	}
	if _, versions, _, err := s.History(t.Context(), s.ada, post.ID, 0); err != nil || len(versions) != 2 {
		t.Errorf("in the bin its history has %v, %v", versions, err)
	}
	back, err := s.Restore(t.Context(), s.ada, post.ID)
	if err != nil || back != public.Post {
		t.Errorf("shown is %+v, %v", back, err)
	}
}

func TestVersionsGoWithTheirPost(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	kept, gone := s.published(), s.published()
	s.revised(gone.ID, 1, blog.Draft{Title: "Second", Body: "B"})
	_, err := s.Delete(t.Context(), s.ada, gone.ID)
	noError(t, err)
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = $1", gone.ID)
	if purged, err := s.Purge(t.Context()); err != nil || purged != 1 {
		t.Errorf("%d posts were removed, %v", purged, err)
	}
	s.wantVersions(gone.ID)
	s.wantVersions(kept.ID, "1 saved The tide tables / Every harbour keeps two clocks.")
}
