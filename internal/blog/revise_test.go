package blog_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// revised keeps ada's next text of a post, as what a test begins with.
func (s *shelf) revised(id uuid.UUID, base int, draft blog.Draft) blog.Revision {
	s.t.Helper()
	revision, err := s.Revise(s.t.Context(), s.ada, id, from(base), draft, blog.Save)
	noError(s.t, err)
	return revision
}

func TestASaveFromAnOldVersionIsMergedWithTheNewest(t *testing.T) {
	t.Parallel()
	for _, publish := range []bool{true, false} {
		s := newShelf(t)
		post := s.write(blog.Draft{Title: "Tides", Body: "One.\n\nTwo.\n\nThree."}, publish)
		s.revised(post.ID, 1, blog.Draft{Title: "Tides", Body: "ONE.\n\nTwo.\n\nThree."})
		for range 2 { // and sent again
			merged := s.revised(post.ID, 1, blog.Draft{Title: "Low tides", Body: "One.\n\nTwo.\n\nTHREE. Four."})
			want := blog.Draft{Title: "Low tides", Body: "ONE.\n\nTwo.\n\nTHREE. Four."}
			if merged.Version != 4 || merged.Typed != 3 || merged.Title != want.Title || merged.Body != want.Body || merged.Words != 4 {
				t.Errorf("merged %+v", merged)
			}
			if s.own(post.ID) != merged.Post {
				t.Errorf("kept is %+v", s.own(post.ID))
			}
		}
		s.wantVersions(post.ID,
			"1 saved Tides / One.\n\nTwo.\n\nThree.",
			"2 saved Tides / ONE.\n\nTwo.\n\nThree.",
			"3 merged Low tides / One.\n\nTwo.\n\nTHREE. Four.",
			"4 saved Low tides / ONE.\n\nTwo.\n\nTHREE. Four.")
	}
}

// Merging such a text again would take what repeats itself for a clash.
func TestAMergedSaveSentAgainIsNoClashHoweverItRepeatsItself(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "\n\n\n\n\ntideword \n\n\n\n"}, true)
	s.revised(post.ID, 1, blog.Draft{Title: "T", Body: "\n\n\n\n\ntideword \n\né "})
	typed := blog.Draft{Title: "T", Body: ".  \naword \n\n\n\n"}
	first := s.revised(post.ID, 1, typed)
	if first.Typed == 0 {
		t.Fatalf("not merged: %+v", first)
	}
	if again := s.revised(post.ID, 1, typed); again != first {
		t.Errorf("first %+v, then %+v", first, again)
	}
	later := s.revised(post.ID, first.Version, blog.Draft{Title: "T", Body: "Something else."})
	// Now it would change something, so it is no save that was kept.
	if _, err := s.Revise(t.Context(), s.ada, post.ID, from(1), typed, blog.Save); !errors.As(err, new(*blog.Conflict)) {
		t.Errorf("sent again after another save it made %v", err)
	}
	if s.own(post.ID) != later.Post {
		t.Errorf("shown is %+v", s.own(post.ID))
	}
}

// Two have the same change, and a third that grew from one of them takes it out.
func TestASavedTextGrewFromWhatItReplaced(t *testing.T) {
	t.Parallel()
	one, with := blog.Draft{Title: "T", Body: "One.\n"}, blog.Draft{Title: "T", Body: "One.\n\nNew.\n"}
	for name, third := range map[string]blog.Draft{
		"it holds what was saved": {Title: "T", Body: "Zero.\n\nOne.\n\nNew.\n"},
		"it is what was saved":    with,
	} {
		s := newShelf(t)
		post := s.write(one, true)
		s.revised(post.ID, 1, with)
		first := s.opens(post.ID, 1)
		first.origin.Turn++
		_, err := s.Revise(t.Context(), s.ada, post.ID, first.origin, third, blog.Save)
		noError(t, err)
		without, err := s.Revise(t.Context(), s.ada, post.ID, from(2), one, blog.Save)
		if err != nil || strings.Contains(without.Body, "New.") {
			t.Errorf("%s: it is %+v, %v", name, without, err)
		}
	}
}

func TestPublishingAMergedTextLooksAtTheWhole(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	began := blog.Draft{Title: "Old", Body: "One.\n\nTwo."}
	post := s.write(began, false)
	s.revised(post.ID, 1, blog.Draft{Title: "", Body: "One.\n\nTwo."})
	var conflict *blog.Conflict
	_, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "Old", Body: "One.\n\nTwo. Three."}, blog.Publish)
	if !errors.As(err, &conflict) || !errors.As(conflict.Broken, new(fault.Invalid)) {
		t.Errorf("without a title it is %v", err)
	}
	named := s.revised(post.ID, s.own(post.ID).Version, blog.Draft{Title: "New", Body: "One.\n\nTwo."})
	public, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "Old", Body: "One.\n\nTwo. Three."}, blog.Publish)
	if err != nil || public.Title != "New" || public.Slug != "new" || public.Version <= named.Version {
		t.Errorf("published is %+v, %v", public, err)
	}
}

func TestSavingADraftThatReadersSeeByNowAsItIsIsNoClash(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	if same, err := s.Revise(t.Context(), s.ada, post.ID, from(1), draft, blog.KeepPrivate); err != nil || same.Post != post {
		t.Errorf("it is %+v, %v", same, err)
	}
}

func TestASaveOfTheSamePlaceIsAClashAndBothTextsAreKept(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "Tides", Body: "The tide was low.\n\nTwo."}, true)
	newest := s.revised(post.ID, 1, blog.Draft{Title: "Tides", Body: "The tide was high.\n\nTwo."})
	mine := blog.Draft{Title: "Tides", Body: "The tide was slack.\n\nTwo, three."}
	for range 2 { // and sent again
		var conflict *blog.Conflict
		_, err := s.Revise(t.Context(), s.ada, post.ID, from(1), mine, blog.Save)
		if !errors.As(err, &conflict) || conflict.Current != newest.Post || !conflict.Clashes() || conflict.Broken != nil || conflict.Error() == "" {
			t.Fatalf("it answers %v", err)
		}
		if want := (blog.Draft{Title: "Tides", Body: "The tide was slack.\nThe tide was high.\n\nTwo, three."}); conflict.Merged() != want {
			t.Errorf("to be finished is %+v, want %+v", conflict.Merged(), want)
		}
		if s.own(post.ID) != newest.Post {
			t.Errorf("shown is %+v", s.own(post.ID))
		}
	}
	s.revised(post.ID, newest.Version, blog.Draft{Title: "Tides", Body: "The tide was high, then slack.\n\nTwo, three."})
	s.wantVersions(post.ID,
		"1 saved Tides / The tide was low.\n\nTwo.",
		"2 saved Tides / The tide was high.\n\nTwo.",
		"3 autosaved Tides / The tide was slack.\n\nTwo, three.",
		"4 saved Tides / The tide was high, then slack.\n\nTwo, three.")
}

func TestASaveFromAnUnknownVersionClashesWhereItDiffers(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(draft, false)
	for _, base := range []int{0, -1, 99, 1 << 40} {
		var conflict *blog.Conflict
		_, err := s.Revise(t.Context(), s.ada, post.ID, from(base), blog.Draft{Title: draft.Title, Body: "Mine."}, blog.Publish)
		if !errors.As(err, &conflict) || conflict.Title.Clashes() || !conflict.Body.Clashes() {
			t.Errorf("from version %d: %v", base, err)
		}
	}
	if s.own(post.ID) != post {
		t.Errorf("shown is %+v", s.own(post.ID))
	}
	s.wantVersions(post.ID, "1 saved The tide tables / Every harbour keeps two clocks.", "2 autosaved The tide tables / Mine.")
}

func TestTheSameEditTwiceIsNoClash(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "One.\n\nTwo.\n\nThree."}, true)
	newest := s.revised(post.ID, 1, blog.Draft{Title: "T", Body: "One.\n\nTWO.\n\nTHREE."})
	if same := s.revised(post.ID, 1, blog.Draft{Title: "T", Body: newest.Body}); same != (blog.Revision{Post: newest.Post}) {
		t.Errorf("all of it made %+v", same)
	}
	for range 2 { // and sent again
		part := s.revised(post.ID, 1, blog.Draft{Title: "T", Body: "One.\n\nTWO.\n\nThree."})
		if part != (blog.Revision{Post: newest.Post, Typed: 3}) {
			t.Errorf("a part of it made %+v", part)
		}
	}
	more := s.revised(post.ID, 1, blog.Draft{Title: "T", Body: "ONE.\n\nTWO.\n\nTHREE."}) // it, and more
	if more.Typed != 0 || more.Body != "ONE.\n\nTWO.\n\nTHREE." {
		t.Errorf("with more it made %+v", more)
	}
	s.wantVersions(post.ID, "1 saved T / One.\n\nTwo.\n\nThree.", "2 saved T / One.\n\nTWO.\n\nTHREE.",
		"3 merged T / One.\n\nTWO.\n\nThree.", "4 saved T / ONE.\n\nTWO.\n\nTHREE.")
}

func TestWhatTogetherBreaksARuleIsFinishedByHand(t *testing.T) {
	t.Parallel()
	half := strings.Repeat("a", blog.MaxBodyBytes/2)
	for name, c := range map[string]struct {
		began, saved, typed blog.Draft
		field               string
	}{
		"too long": {blog.Draft{Title: "T", Body: "m\n"}, blog.Draft{Title: "T", Body: half + "\nm\n"}, blog.Draft{Title: "T", Body: "m\n" + half}, "body"},
		"nothing":  {blog.Draft{Title: "T", Body: "a\n\nb"}, blog.Draft{Title: "T", Body: "a\n\n"}, blog.Draft{Title: "T", Body: "\n\nb"}, "body"},
		"a long title": {
			blog.Draft{Title: "m", Body: "B"}, blog.Draft{Title: half[:150] + " m", Body: "B"}, blog.Draft{Title: "m " + half[:150], Body: "B"}, "title",
		},
	} {
		s := newShelf(t)
		post := s.write(c.began, true)
		newest := s.revised(post.ID, 1, c.saved)
		var conflict *blog.Conflict
		var problems fault.Invalid
		_, err := s.Revise(t.Context(), s.ada, post.ID, from(1), c.typed, blog.Save)
		if !errors.As(err, &conflict) || conflict.Clashes() || !errors.As(conflict.Broken, &problems) || problems.Of(c.field) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if s.own(post.ID) != newest.Post {
			t.Errorf("%s: another text is shown", name)
		}
		if kept := dbtest.One[string](t, s.store, "SELECT body FROM versions WHERE number = 3 AND kind = 'autosaved'"); kept != c.typed.Body {
			t.Errorf("%s: what was typed is kept as %.20q", name, kept)
		}
	}
}

func TestADraftIsMergedAndPublishedAtOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "Tides", Body: "One.\n\nTwo."}, false)
	s.revised(post.ID, 1, blog.Draft{Title: "Tides", Body: "ONE.\n\nTwo."})
	public, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "Tides", Body: "One.\n\nTWO."}, blog.Publish)
	if err != nil || !public.Published() || public.Slug != "tides" || public.Body != "ONE.\n\nTWO." || public.Typed != 3 {
		t.Errorf("published %+v, %v", public, err)
	}
}

func TestTwentySavesApartAtOnceAreAllMerged(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var lines []string
	for n := range 20 {
		lines = append(lines, fmt.Sprintf("Paragraph %d", n), "")
	}
	post := s.write(blog.Draft{Title: "T", Body: strings.Join(lines, "\n")}, true)
	atOnce(t, 20, func(n int) (blog.Revision, error) {
		edited := slices.Clone(lines)
		edited[2*n] += ", edited"
		return s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: "T", Body: strings.Join(edited, "\n")}, blog.Save)
	})
	for n := range lines {
		if n%2 == 0 {
			lines[n] += ", edited"
		}
	}
	if got := s.own(post.ID); got.Body != strings.Join(lines, "\n") || got.Version != 40 {
		t.Errorf("shown is version %d: %q", got.Version, got.Body)
	}
	s.wantNoGaps(post.ID, 40) // the first, the next, and 19 as they were typed and as they were merged
}

func TestTwentySavesOfOnePlaceAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	type outcome struct {
		saved blog.Revision
		err   error
	}
	won, lost := 0, 0
	for _, one := range atOnce(t, 20, func(n int) (outcome, error) {
		saved, err := s.Revise(t.Context(), s.ada, post.ID, from(1), blog.Draft{Title: draft.Title, Body: fmt.Sprint(n)}, blog.Save)
		return outcome{saved, err}, nil
	}) {
		var conflict *blog.Conflict
		switch {
		case one.err == nil && one.saved.Version == 2:
			won++
		case errors.As(one.err, &conflict) && conflict.Current.Version == 2:
			lost++
		default:
			t.Errorf("%+v, %v", one.saved, one.err)
		}
	}
	if won != 1 || lost != 19 {
		t.Errorf("%d won, %d lost", won, lost)
	}
	s.wantNoGaps(post.ID, 21)
	if texts := dbtest.One[int](t, s.store, "SELECT count(DISTINCT body) FROM versions"); texts != 21 {
		t.Errorf("%d texts are kept, want 21", texts)
	}
}

// wantNoGaps asserts that a post's versions are numbered from 1 to last.
func (s *shelf) wantNoGaps(id uuid.UUID, last int) {
	s.t.Helper()
	numbers := dbtest.One[[]int](s.t, s.store, "SELECT array_agg(number ORDER BY number) FROM versions WHERE post_id = $1", id)
	for n := range last {
		if len(numbers) != last || numbers[n] != n+1 {
			s.t.Fatalf("the versions are %v, want 1 to %d", numbers, last)
		}
	}
}
