package blog_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestAPublishedPostIsKeptAsItWasTyped(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := blog.NewID()
	typed := blog.Draft{Title: "  Tides & <b>moons</b> 🎉 ", Body: "One\r\n  two\rthree\n\nfour\t\u2028\ufeff\x01'; DROP TABLE posts; --\n"}
	written, err := s.Write(t.Context(), s.ada, id, blog.Origin{}, typed, blog.Publish)
	noError(t, err)
	post := written.Post
	if post.ID != id || post.Author != s.ada || post.Version != 1 || post.Draft() || !post.Published() {
		t.Errorf("kept %+v", post)
	}
	if post.Title != typed.Title || post.Slug != "tides-b-moons-b" {
		t.Errorf("title %q, slug %q", post.Title, post.Slug)
	}
	if want := "One\n  two\nthree\n\nfour\t\u2028\ufeff\x01'; DROP TABLE posts; --\n"; post.Body != want {
		t.Errorf("body %q, want %q", post.Body, want)
	}
	if post.Excerpt != "One two three" || post.Words != 7 {
		t.Errorf("excerpt %q, %d words", post.Excerpt, post.Words)
	}
	if found, err := s.At(t.Context(), "ada", post.Slug); err != nil || found != post {
		t.Errorf("at its permalink is %+v, %v", found, err)
	}
	if found, err := s.Published(t.Context(), id); err != nil || found != post {
		t.Errorf("under its id is %+v, %v", found, err)
	}
}

func TestADraftIsItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "Only a title"}, false)
	if !post.Draft() || post.Published() || post.Slug != "" || post.Version != 1 {
		t.Errorf("kept %+v", post)
	}
	if found := s.own(post.ID); found != post {
		t.Errorf("ada finds %+v", found)
	}
	if _, err := s.Own(t.Context(), s.bob, post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("bob: %v", err)
	}
	if _, err := s.Published(t.Context(), post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("everybody: %v", err)
	}
}

func TestARefusedTextIsNotKept(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	kept := s.published()
	for _, refused := range []blog.Draft{
		{Title: "", Body: "B"},
		{Title: "T", Body: " "},
		{Title: "T\x00", Body: "B"},
		{Title: "T", Body: "B\xff"},
		{Title: strings.Repeat("a", blog.MaxTitleRunes+1), Body: "B"},
		{Title: "T", Body: strings.Repeat("a", blog.MaxBodyBytes+1)},
	} {
		var problems fault.Invalid
		if _, err := s.Write(t.Context(), s.ada, blog.NewID(), blog.Origin{}, refused, blog.Publish); !errors.As(err, &problems) {
			t.Errorf("writing %.20q %.20q: %v", refused.Title, refused.Body, err)
		}
		// What is published stays publishable, whichever button was pressed.
		if _, err := s.Revise(t.Context(), s.ada, kept.ID, from(1), refused, blog.Save); !errors.As(err, &problems) {
			t.Errorf("revising to %.20q %.20q: %v", refused.Title, refused.Body, err)
		}
	}
	if s.count() != 1 || s.own(kept.ID) != kept {
		t.Errorf("%d posts; the first is %+v", s.count(), s.own(kept.ID))
	}
}

func TestTheLargestPostIsKept(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	largest := blog.Draft{Title: strings.Repeat("🎉", blog.MaxTitleRunes), Body: strings.Repeat("é", blog.MaxBodyBytes/2)}
	if post := s.write(largest, true); post.Title != largest.Title || post.Body != largest.Body {
		t.Error("it came back changed")
	}
}

func TestAPostSentTwiceIsOne(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, publish := range []bool{true, false} {
		id := blog.NewID()
		first, err := s.Write(t.Context(), s.ada, id, blog.Origin{}, draft, intentOf(publish))
		noError(t, err)
		again, err := s.Write(t.Context(), s.ada, id, blog.Origin{}, draft, intentOf(publish))
		noError(t, err)
		if again != first {
			t.Errorf("first %+v, then %+v", first, again)
		}
	}
	if s.count() != 2 {
		t.Errorf("%d posts, want 2", s.count())
	}
}

func TestAPostSentAgainWithAnotherTextIsRevised(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	first := s.write(draft, false)
	second, err := s.Write(t.Context(), s.ada, first.ID, blog.Origin{}, blog.Draft{Title: "Second", Body: "B"}, blog.Publish)
	if err != nil || second.Version != 2 || second.Slug != "second" || second.Draft() {
		t.Errorf("second: %+v, %v", second, err)
	}
	var conflict *blog.Conflict
	_, err = s.Write(t.Context(), s.ada, first.ID, blog.Origin{}, blog.Draft{Title: "Third", Body: "B"}, blog.Publish)
	if !errors.As(err, &conflict) || conflict.Current != second.Post {
		t.Errorf("third: %v", err)
	}
	_, err = s.Write(t.Context(), s.bob, first.ID, blog.Origin{}, draft, blog.Publish)
	if !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("bob's with ada's id: %v", err)
	}
	_, err = s.Delete(t.Context(), s.ada, first.ID)
	noError(t, err)
	if _, err = s.Write(t.Context(), s.ada, first.ID, blog.Origin{}, draft, blog.Publish); !errors.Is(err, blog.ErrDeleted) {
		t.Errorf("into the bin: %v", err)
	}
	if s.count() != 1 {
		t.Errorf("%d posts", s.count())
	}
	s.wantVersions(first.ID, "1 saved The tide tables / Every harbour keeps two clocks.", "2 saved Second / B", "3 autosaved Third / B")
}

func TestOnePostSentTwentyTimesAtOnceIsOne(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := blog.NewID()
	for _, post := range atOnce(t, 20, func(int) (blog.Revision, error) {
		return s.Write(t.Context(), s.ada, id, blog.Origin{}, draft, blog.Publish)
	}) {
		if post.ID != id || post.Version != 1 || post.Slug != "the-tide-tables" {
			t.Errorf("got %+v", post)
		}
	}
	if s.count() != 1 {
		t.Errorf("%d posts, want 1", s.count())
	}
}

func TestTwentyPostsOfOneTitleAtOnceHaveTwentySlugs(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var slugs []string
	for _, post := range atOnce(t, 20, func(int) (blog.Revision, error) {
		return s.Write(t.Context(), s.ada, blog.NewID(), blog.Origin{}, draft, blog.Publish)
	}) {
		slugs = append(slugs, post.Slug)
	}
	slices.Sort(slugs)
	if got := slices.Compact(slugs); len(got) != 20 {
		t.Errorf("%d slugs: %v", len(got), got)
	}
	for _, want := range []string{"the-tide-tables", "the-tide-tables-2", "the-tide-tables-9"} {
		if !slices.Contains(slugs, want) {
			t.Errorf("no %s among %v", want, slugs)
		}
	}
}

func TestTwentyDraftsPublishedAtOnceHaveTwentySlugs(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var drafts []blog.Post
	for range 20 {
		drafts = append(drafts, s.write(draft, false))
	}
	slugs := map[string]bool{}
	for _, post := range atOnce(t, 20, func(n int) (blog.Revision, error) {
		return s.Revise(t.Context(), s.ada, drafts[n].ID, from(1), draft, blog.Publish)
	}) {
		slugs[post.Slug] = true
	}
	if len(slugs) != 20 || slugs[""] {
		t.Errorf("the slugs are %v", slugs)
	}
}

func TestTwoAuthorsMayUseOneSlug(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	mine := s.published()
	other, err := s.Write(t.Context(), s.bob, blog.NewID(), blog.Origin{}, draft, blog.Publish)
	if err != nil || other.Slug != mine.Slug {
		t.Errorf("bob's slug is %q, %v", other.Slug, err)
	}
	found, err := s.At(t.Context(), "bob", mine.Slug)
	if err != nil || found.ID != other.ID {
		t.Errorf("bob's permalink leads to %+v, %v", found, err)
	}
}

func TestASlugInTheBinIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	first := s.published()
	_, err := s.Delete(t.Context(), s.ada, first.ID)
	noError(t, err)
	if second := s.published(); second.Slug != "the-tide-tables-2" {
		t.Errorf("the second's slug is %q", second.Slug)
	}
	_, err = s.Restore(t.Context(), s.ada, first.ID)
	noError(t, err)
	if found, err := s.At(t.Context(), "ada", "the-tide-tables"); err != nil || found.ID != first.ID {
		t.Errorf("the first's permalink leads to %+v, %v", found, err)
	}
}

func TestARevisionIsTheNextVersionUnderTheSamePermalink(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	dbtest.Exec(t, s.store, "UPDATE posts SET created_at = now() - interval '1 day', updated_at = now() - interval '1 day', published_at = now() - interval '1 day'")
	before := s.own(post.ID)
	next, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "Another title", Body: "Two words"}, blog.Save)
	noError(t, err)
	if next.Version != 2 || next.Title != "Another title" || next.Body != "Two words" || next.Excerpt != "Two words" || next.Words != 2 {
		t.Errorf("kept %+v", next)
	}
	if next.Slug != before.Slug || next.PublishedAt != before.PublishedAt || next.CreatedAt != before.CreatedAt || !next.UpdatedAt.After(before.UpdatedAt) {
		t.Errorf("before %+v, after %+v", before, next)
	}
	if s.own(post.ID) != next.Post {
		t.Errorf("kept is %+v", s.own(post.ID))
	}
}

func TestASaveThatChangesNothingIsNoVersion(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for _, base := range []int{1, 0, 99} { // a save sent twice names an old version
		same, err := s.Revise(t.Context(), s.ada, post.ID, from(base), draft, blog.Publish)
		if err != nil || same != (blog.Revision{Post: post}) {
			t.Errorf("from version %d: %+v, %v", base, same, err)
		}
	}
	s.wantVersions(post.ID, "1 saved The tide tables / Every harbour keeps two clocks.")
}

func TestADraftIsPublishedWithItsText(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	same := s.write(draft, false)
	changed := s.write(blog.Draft{Title: "Working title"}, false)
	for _, c := range []struct {
		id      uuid.UUID
		draft   blog.Draft
		slug    string
		version int
	}{
		{same.ID, draft, "the-tide-tables", 1},
		{changed.ID, blog.Draft{Title: "Real title", Body: "B"}, "real-title", 2},
	} {
		post, err := s.Revise(t.Context(), s.ada, c.id, from(1), c.draft, blog.Publish)
		if err != nil || !post.Published() || post.Slug != c.slug || post.Version != c.version {
			t.Errorf("published %+v, %v", post, err)
		}
		again, err := s.Revise(t.Context(), s.ada, c.id, from(c.version), c.draft, blog.Publish)
		if err != nil || again != post {
			t.Errorf("again: %+v, %v", again, err)
		}
	}
	var problems fault.Invalid
	empty := s.write(blog.Draft{Body: "No title yet"}, false)
	if _, err := s.Revise(t.Context(), s.ada, empty.ID, from(1), blog.Draft{Body: "No title yet"}, blog.Publish); !errors.As(err, &problems) || problems.Of("title") == "" {
		t.Errorf("without a title: %v", err)
	}
}

func TestWhatIsNotOnesOwnCannotBeRevised(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for who, try := range map[string]func() error{
		"bob": func() error { _, err := s.Revise(t.Context(), s.bob, post.ID, from(1), draft, blog.Save); return err },
		"bob, with a bad one": func() error {
			_, err := s.Revise(t.Context(), s.bob, post.ID, from(1), blog.Draft{}, blog.Save)
			return err
		},
		"ada, a missing one": func() error {
			_, err := s.Revise(t.Context(), s.ada, uuid.New(), from(1), draft, blog.Save)
			return err
		},
	} {
		if err := try(); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if s.own(post.ID) != post {
		t.Errorf("kept is %+v", s.own(post.ID))
	}
}

func TestAPostInTheBinCannotBeRevised(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	binned, err := s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	if _, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "T", Body: "B"}, blog.Save); !errors.Is(err, blog.ErrDeleted) {
		t.Errorf("got %v, want ErrDeleted", err)
	}
	if s.own(post.ID) != binned {
		t.Errorf("kept is %+v", s.own(post.ID))
	}
}

// atOnce calls do n times at the same moment and returns what came back.
func atOnce[T any](t *testing.T, n int, do func(n int) (T, error)) []T {
	t.Helper()
	results, errs := make([]T, n), make([]error, n)
	start := make(chan struct{})
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() {
			<-start
			results[i], errs[i] = do(i)
		})
	}
	close(start)
	done.Wait()
	noError(t, errors.Join(errs...))
	return results
}
