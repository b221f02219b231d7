package blog_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// desk is an editor of ada's, open on one post, that counts its turns.
type desk struct {
	*shelf
	post   uuid.UUID
	origin blog.Origin
}

// opens an editor of a post that shows a version; 0 for a new post.
func (s *shelf) opens(post uuid.UUID, base int) *desk {
	return &desk{s, post, blog.Origin{Sitting: uuid.New(), Base: base}}
}

func (d *desk) types(body string) blog.Draft {
	d.origin.Turn++
	return blog.Draft{Title: "T", Body: body}
}

// autosaves keeps what is typed next.
func (d *desk) autosaves(body string) blog.Kept {
	d.t.Helper()
	return d.sends(d.types(body))
}

func (d *desk) sends(draft blog.Draft) blog.Kept {
	d.t.Helper()
	kept, err := d.Autosave(d.t.Context(), d.ada, d.post, d.origin, draft)
	noError(d.t, err)
	if want := sha256.Sum256([]byte(draft.Title + "\n" + draft.Body)); !bytes.Equal(kept.SHA256, want[:]) || time.Since(kept.At) > time.Minute {
		d.t.Errorf("it answers %+v, want the hash %x", kept, want)
	}
	return kept
}

// saves what is typed next.
func (d *desk) saves(body string) (blog.Revision, error) {
	return d.Write(d.t.Context(), d.ada, d.post, d.origin, d.types(body), blog.Save)
}

func TestTheFirstPauseMakesADraftAndTheNextOnesReviseIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	d.autosaves("One.")
	first := d.autosaves("One. Two.")
	if again := d.sends(blog.Draft{Title: "T", Body: "One. Two."}); again.Number != first.Number || !again.At.Equal(first.At) {
		t.Errorf("sent again it is %+v, first %+v", again, first)
	}
	if post := s.own(d.post); !post.Draft() || post.Version != 2 || post.Body != "One. Two." || post.Excerpt != "One. Two." || post.Words != 2 {
		t.Errorf("the draft is %+v", post)
	}
	d.autosaves("")
	s.wantVersions(d.post, "1 autosaved T / One.", "2 autosaved T / One. Two.", "3 autosaved T / ")
	if page, err := s.AllOwn(t.Context(), s.ada, blog.Place{}); err != nil || len(page.Posts) != 1 {
		t.Errorf("the dashboard has %+v, %v", page, err)
	}
}

func TestSavingAnAutosavedTextIsAVersionOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	d.autosaves("One.")
	for range 2 { // and sent again
		saved, err := s.Write(t.Context(), s.ada, d.post, d.origin, blog.Draft{Title: "T", Body: "One."}, blog.Publish)
		if err != nil || saved.Version != 2 || !saved.Published() {
			t.Errorf("saved %+v, %v", saved, err)
		}
	}
	s.wantVersions(d.post, "1 autosaved T / One.", "2 saved T / One.")
}

func TestReadersNeverSeeAnAutosave(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "One."}, true)
	if unsaved, err := s.Unsaved(t.Context(), s.ada, post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("unsaved is %+v, %v", unsaved, err)
	}
	d := s.opens(post.ID, 1)
	d.autosaves("One. Secret.")
	if s.own(post.ID) != post {
		t.Errorf("the post is %+v", s.own(post.ID))
	}
	unsaved, err := s.Unsaved(t.Context(), s.ada, post.ID)
	if err != nil || unsaved.Number != 2 || unsaved.Body != "One. Secret." {
		t.Errorf("unsaved is %+v, %v", unsaved, err)
	}
	if other, err := s.Unsaved(t.Context(), s.bob, post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("bob sees %+v, %v", other, err)
	}
	// The saved text, saved again, gives the autosave up.
	_, err = s.opens(post.ID, 1).saves("One.")
	noError(t, err)
	if unsaved, err := s.Unsaved(t.Context(), s.ada, post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("unsaved is %+v, %v", unsaved, err)
	}
	s.wantVersions(post.ID, "1 saved T / One.", "2 autosaved T / One. Secret.", "3 saved T / One.")
	d.autosaves("One. ")
	d.autosaves("One.") // as the post has it
	if unsaved, err := s.Unsaved(t.Context(), s.ada, post.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("unsaved is %+v, %v", unsaved, err)
	}
}

// The answer to the first save was lost, so the editor does not know of it.
func TestAnEditorsOwnSavesNeverClash(t *testing.T) {
	t.Parallel()
	for _, publish := range []bool{true, false} {
		s := newShelf(t)
		post := s.write(blog.Draft{Title: "T", Body: "The tide was low."}, publish)
		d := s.opens(post.ID, 1)
		d.autosaves("The tide was high.")
		_, err := d.saves("The tide was high, and I.")
		noError(t, err)
		d.autosaves("The tide was high, and I was late.")
		saved, err := d.saves("The tide was slack.")
		if err != nil || saved.Typed != 0 || saved.Body != "The tide was slack." {
			t.Errorf("saved %+v, %v", saved, err)
		}
	}
}

func TestATextThatComesLateChangesNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	late := d.types("One.")
	origin := d.origin
	d.autosaves("One. Two.")
	want := s.own(d.post)
	if kept, err := s.Autosave(t.Context(), s.ada, d.post, origin, late); !errors.Is(err, blog.ErrLate) {
		t.Errorf("it is %+v, %v", kept, err)
	}
	if saved, err := s.Write(t.Context(), s.ada, d.post, origin, late, blog.Publish); !errors.Is(err, blog.ErrLate) {
		t.Errorf("it is %+v, %v", saved, err)
	}
	if s.own(d.post) != want {
		t.Errorf("the draft is %+v", s.own(d.post))
	}
	s.wantVersions(d.post, "1 autosaved T / One. Two.")
}

// The author typed, undid it, and was told that the text is kept: what was typed in
// between is late, however long it was held up.
func TestATurnCountsThoughItsTextIsKeptAlready(t *testing.T) {
	t.Parallel()
	for _, publish := range []bool{true, false} {
		s := newShelf(t)
		post := s.write(blog.Draft{Title: "T", Body: "One."}, publish)
		d := s.opens(post.ID, 1)
		d.autosaves("One. Two.")
		between, origin := d.types("One. Two. Oh."), d.origin
		d.autosaves("One. Two.")
		if kept, err := s.Autosave(t.Context(), s.ada, post.ID, origin, between); !errors.Is(err, blog.ErrLate) {
			t.Errorf("it is %+v, %v", kept, err)
		}
		between, origin = d.types("One. Two. No."), d.origin
		_, err := d.saves("One. Two.")
		noError(t, err)
		if saved, err := s.Revise(t.Context(), s.ada, post.ID, origin, between, blog.Save); !errors.Is(err, blog.ErrLate) {
			t.Errorf("it is %+v, %v", saved, err)
		}
		if got := s.own(post.ID).Body; got != "One. Two." {
			t.Errorf("shown is %q", got)
		}
	}
}

// A browser that could not send a text sends it an hour later.
func TestWhatWasTypedBeforeTheNewestTextIsKeptAside(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	sentLater, origin := d.types("Morning."), d.origin
	d.autosaves("Evening.")
	other := s.opens(d.post, 1)
	for _, each := range []struct {
		origin blog.Origin
		draft  blog.Draft
	}{{origin, sentLater}, {other.origin, other.types("Noon.")}, {origin, sentLater}} {
		each.origin.Age = time.Hour
		kept, err := s.Autosave(t.Context(), s.ada, d.post, each.origin, each.draft)
		if err != nil || !kept.Aside && each.draft.Body != "Morning." {
			t.Errorf("%+v is %+v, %v", each.draft, kept, err)
		}
	}
	if unsaved, err := s.Unsaved(t.Context(), s.ada, d.post); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("unsaved is %+v, %v", unsaved, err)
	}
	if got := s.own(d.post).Body; got != "Evening." {
		t.Errorf("the draft is %q", got)
	}
	s.wantVersions(d.post, "1 autosaved T / Evening.", "2 aside T / Morning.", "3 aside T / Noon.", "4 aside T / Morning.")
	newer := other.origin
	newer.Turn, newer.Age = 9, time.Nanosecond
	_, err := s.Autosave(t.Context(), s.ada, d.post, newer, blog.Draft{Title: "T", Body: "Night."})
	noError(t, err)
	s.wantNumbers(d.post, 1, 2, 3, 4, 5)
	if got := s.own(d.post).Body; got != "Night." {
		t.Errorf("the draft is %q", got)
	}
}

func TestPublishingShowsNothingThatWasOnlyAutosavedElsewhere(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "One.\n\nTwo.\n\nThree."}, false)
	s.opens(post.ID, 1).autosaves("Do not tell Bob.\n\nTwo.\n\nThree.")
	laptop := s.opens(post.ID, 1)
	mine := laptop.types("One.\n\nTwo.\n\nFour.")
	var conflict *blog.Conflict
	_, err := s.Revise(t.Context(), s.ada, post.ID, laptop.origin, mine, blog.Publish)
	if !errors.As(err, &conflict) || !conflict.Unseen || conflict.Clashes() || conflict.Merged().Body != "Do not tell Bob.\n\nTwo.\n\nFour." {
		t.Fatalf("it is %+v, %v", conflict, err)
	}
	if !s.own(post.ID).Draft() {
		t.Error("it is public")
	}
	// Seen on screen it is published.
	public, err := s.Revise(t.Context(), s.ada, post.ID, from(conflict.Current.Version), mine, blog.Publish)
	if err != nil || public.Body != mine.Body {
		t.Errorf("it is %+v, %v", public, err)
	}
}

func TestTwoEditorsOfOneDraftAreMergedWhenTheySave(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "One.\n\nTwo.\n\nThree."}, false)
	first, second := s.opens(post.ID, 1), s.opens(post.ID, 1)
	first.autosaves("ONE.\n\nTwo.\n\nThree.")
	second.autosaves("One.\n\nTwo.\n\nTHREE.") // beside: the draft shows the first
	first.autosaves("ONE!\n\nTwo.\n\nThree.")
	if got := s.own(post.ID).Body; got != "ONE!\n\nTwo.\n\nThree." {
		t.Errorf("the draft is %q", got)
	}
	merged, err := second.saves("One.\n\nTwo.\n\nTHREE!")
	if err != nil || merged.Body != "ONE!\n\nTwo.\n\nTHREE!" || merged.Typed == 0 {
		t.Errorf("merged %+v, %v", merged, err)
	}
	// The first goes on in the place that it changed before: it grew from its own text.
	both, err := first.saves("ONE!?\n\nTwo.\n\nThree.")
	if err != nil || both.Body != "ONE!?\n\nTwo.\n\nTHREE!" {
		t.Errorf("both %+v, %v", both, err)
	}
	// And so does the second, which never learnt that its save was merged.
	both, err = second.saves("One.\n\nTwo.\n\nTHREE!?")
	if err != nil || both.Body != "ONE!?\n\nTwo.\n\nTHREE!?" {
		t.Errorf("both %+v, %v", both, err)
	}
}

// An editor that was opened on an autosaved text has the changes of that text too.
func TestATextGoesOnFromAnAutosaveOfAnotherEditor(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "The tide was low."}, true)
	phone := s.opens(post.ID, 1)
	phone.autosaves("The tide was high.")
	desktop := s.opens(post.ID, phone.autosaves("The tide was quite high.").Number)
	saved, err := desktop.saves("The tide was quite high, I think.")
	if err != nil || saved.Typed != 0 || saved.Body != "The tide was quite high, I think." {
		t.Errorf("saved %+v, %v", saved, err)
	}
	// The phone is still open, and adds to what both have.
	merged, err := phone.saves("Look: The tide was quite high.")
	if err != nil || merged.Body != "Look: The tide was quite high, I think." {
		t.Errorf("merged %+v, %v", merged, err)
	}
}

// A form without a script counts no turns: Back may show any of its texts again.
func TestATextThatIsNotCountedStandsByItself(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "The tide was low."}, true)
	origin := blog.Origin{Sitting: uuid.New(), Base: 1}
	_, err := s.Revise(t.Context(), s.ada, post.ID, origin, blog.Draft{Title: "T", Body: "The tide was high."}, blog.Save)
	noError(t, err)
	var conflict *blog.Conflict
	_, err = s.Revise(t.Context(), s.ada, post.ID, origin, blog.Draft{Title: "T", Body: "The tide was slack."}, blog.Save)
	if !errors.As(err, &conflict) {
		t.Errorf("it is %v", err)
	}
}

func TestAnAutosaveIsRefusedOrKeptBesideADeletedPost(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	autosave := func(author blog.Author, id uuid.UUID, draft blog.Draft) error {
		_, err := s.Autosave(t.Context(), author, id, blog.Origin{Sitting: uuid.New(), Turn: 1}, draft)
		return err
	}
	for _, refused := range []blog.Draft{
		{Title: strings.Repeat("a", 201)}, {Title: "one\ntwo"}, {Body: "\x00"}, {Title: "T", Body: "\xff"},
		{Title: "T", Body: strings.Repeat("a", blog.MaxBodyBytes+1)},
	} {
		for _, id := range []uuid.UUID{post.ID, blog.NewID()} {
			if err := autosave(s.ada, id, refused); !errors.As(err, new(fault.Invalid)) {
				t.Errorf("%.20q %.20q: %v", refused.Title, refused.Body, err)
			}
		}
	}
	if err := autosave(s.ada, blog.NewID(), blog.Draft{Title: " ", Body: "\n"}); !errors.As(err, new(fault.Invalid)) {
		t.Errorf("nothing at all: %v", err)
	}
	if err := autosave(s.bob, post.ID, draft); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("by bob: %v", err)
	}
	if s.count() != 1 {
		t.Errorf("%d posts", s.count())
	}
	_, err := s.Delete(t.Context(), s.ada, post.ID)
	noError(t, err)
	noError(t, autosave(s.ada, post.ID, blog.Draft{Title: "T", Body: "Written on."}))
	s.wantVersions(post.ID, "1 saved The tide tables / Every harbour keeps two clocks.", "2 autosaved T / Written on.")
	if s.own(post.ID).DeletedAt.IsZero() {
		t.Error("the post is back")
	}
}

func TestRequestsOfOneEditorAtOnceAreOneDraft(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	draft := d.types("One.")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { d.sends(draft) })
	}
	all.Wait()
	s.wantVersions(d.post, "1 autosaved T / One.")
}

func TestOldAutosavesAreThinnedOut(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.write(blog.Draft{Title: "T", Body: "B"}, true)
	sittings := map[string]uuid.UUID{"x": uuid.New(), "y": uuid.New()}
	day := time.Now().UTC().Truncate(24 * time.Hour)
	for n, v := range []struct {
		kind, sitting string
		at            time.Time
		base          int
	}{ // numbered from 2
		{"autosaved", "x", day.AddDate(0, 0, -40).Add(1 * time.Hour), 1},
		{"autosaved", "x", day.AddDate(0, 0, -40).Add(9 * time.Hour), 1}, // the day's last: stays
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(61 * time.Minute), 1},
		{"saved", "x", day.AddDate(0, 0, -10).Add(62 * time.Minute), 1},     // saved: stays
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(63 * time.Minute), 1}, // the hour's last: stays
		{"autosaved", "y", day.AddDate(0, 0, -10).Add(64 * time.Minute), 1}, // and what another sitting wrote
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(121 * time.Minute), 1},
		{"merged", "x", day.AddDate(0, 0, -10).Add(122 * time.Minute), 1},    // as typed to be saved: stays
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(123 * time.Minute), 1}, // another began from it: stays
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(124 * time.Minute), 1},
		{"autosaved", "x", day.AddDate(0, 0, -10).Add(125 * time.Minute), 10}, // stays
		{"autosaved", "x", time.Now().Add(-25 * time.Hour), 1},                // no other in its hour, unless it is one of the last day
		{"autosaved", "x", time.Now().Add(-2 * time.Second), 1},
		{"autosaved", "x", time.Now().Add(-1 * time.Second), 1},
	} {
		dbtest.Exec(t, s.store, `INSERT INTO versions
				(post_id, author_id, number, kind, title, body, words, sha256, sitting, turn, base, other_base, created_at)
			VALUES ($1, $2, $3, $4, 'T', 'B', 1, sha256(convert_to(E'T\nB', 'UTF8')), $5, 1, $6, 0, $7)`,
			post.ID, s.ada.ID, n+2, v.kind, sittings[v.sitting], v.base, v.at)
	}
	if removed, err := s.Thin(t.Context()); err != nil || removed != 4 {
		t.Errorf("%d were removed, %v", removed, err)
	}
	s.wantNumbers(post.ID, 1, 3, 5, 6, 7, 9, 10, 12, 13, 14, 15)
	if removed, err := s.Thin(t.Context()); err != nil || removed != 0 {
		t.Errorf("then %d were removed, %v", removed, err)
	}
}
