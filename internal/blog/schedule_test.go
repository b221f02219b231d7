package blog_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// sets keeps details of ada's post, who does not run the blog.
func (s *shelf) sets(id uuid.UUID, change func(*blog.Details)) (blog.Post, error) {
	s.t.Helper()
	details := s.own(id).Details()
	change(&details)
	return s.SetDetails(s.t.Context(), s.ada, id, details, false)
}

// scheduled is a draft of ada's that is published in a minute.
func (s *shelf) scheduled() blog.Post {
	s.t.Helper()
	post, err := s.sets(s.write(draft, false).ID, at(time.Now().Add(time.Minute)))
	noError(s.t, err)
	return post
}

func at(when time.Time) func(*blog.Details) {
	return func(d *blog.Details) { d.PublishAt = when.Truncate(time.Microsecond) }
}

// comes has the time come at which a post is to be published.
func (s *shelf) comes(id uuid.UUID) time.Time {
	s.t.Helper()
	dbtest.Exec(s.t, s.store, "UPDATE posts SET publish_at = now() - interval '2 seconds' WHERE id = $1", id)
	return dbtest.One[time.Time](s.t, s.store, "SELECT publish_at FROM posts WHERE id = $1", id)
}

// publishes wants so many posts to be published by what runs every few seconds.
func (s *shelf) publishes(want int) {
	s.t.Helper()
	if posts, err := s.PublishDue(s.t.Context()); err != nil || posts != want {
		s.t.Errorf("%d posts were published, %v, want %d", posts, err, want)
	}
}

func TestAScheduledPostIsPublishedWhenItsTimeComes(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	if !post.Scheduled() || !post.Draft() || post.Published() || post.Slug != "the-tide-tables" {
		t.Errorf("scheduled %+v", post)
	}
	s.publishes(0)
	due := s.comes(post.ID)
	s.publishes(1)
	s.publishes(0)
	shown, err := s.At(t.Context(), "ada", "the-tide-tables")
	if err != nil || !shown.PublishedAt.Equal(due) || shown.Scheduled() || shown.Text() != draft || shown.Edited() {
		t.Errorf("readers see %+v, %v", shown, err)
	}
}

func TestOfManyInstancesOnePublishesEachPost(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range 20 {
		post, err := s.sets(s.write(blog.Draft{Title: fmt.Sprint("Post ", n), Body: "Text."}, false).ID, at(time.Now().Add(time.Hour)))
		noError(t, err)
		s.comes(post.ID)
	}
	var wg sync.WaitGroup
	published := make([]int, 8)
	for i := range published {
		wg.Go(func() {
			posts, err := blog.New(s.store).PublishDue(t.Context())
			if err != nil {
				t.Error(err)
			}
			published[i] = posts
		})
	}
	wg.Wait()
	sum := 0
	for _, posts := range published {
		sum += posts
	}
	if n := dbtest.One[int](t, s.store, "SELECT count(*) FROM posts WHERE published_at IS NOT NULL"); sum != 20 || n != 20 {
		t.Errorf("%v were published, %d are", published, n)
	}
}

func TestWhatLiesInTheBinIsNotPublishedNorWhenItComesBackTooLate(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	early, late := s.scheduled(), s.scheduled()
	for _, post := range []blog.Post{early, late} {
		_, err := s.Delete(t.Context(), s.ada, post.ID)
		noError(t, err)
	}
	back, err := s.Restore(t.Context(), s.ada, early.ID)
	if err != nil || back != early {
		t.Errorf("in time it comes back as %+v, %v, want %+v", back, err, early)
	}
	s.comes(late.ID)
	s.publishes(0)
	back, err = s.Restore(t.Context(), s.ada, late.ID)
	if err != nil || !back.Draft() || back.Scheduled() || !back.Lapsed {
		t.Errorf("too late it comes back as %+v, %v", back, err)
	}
	s.publishes(0)
	if again, err := s.Restore(t.Context(), s.ada, late.ID); err != nil || again.Lapsed {
		t.Errorf("restored again it is %+v, %v", again, err)
	}
}

// Nothing is published by a log-in that brings an account back.
func TestWhatCameBackWithItsAuthorTooLateStaysADraft(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	gone := dbtest.One[time.Time](t, s.store, "UPDATE users SET deleted_at = now(), deleted_by = id WHERE username = 'ada' RETURNING deleted_at")
	s.comes(post.ID)
	s.publishes(0) // though it is not in the bin yet
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = $1", gone)
	dbtest.Exec(t, s.store, "UPDATE users SET deleted_at = NULL, deleted_by = NULL")
	noError(t, s.store.RestorePostsOf(t.Context(), s.ada.ID, gone))
	s.publishes(0)
	if own := s.own(post.ID); !own.DeletedAt.IsZero() || !own.Draft() || own.Scheduled() {
		t.Errorf("it came back as %+v", own)
	}
}

func TestWhatADisabledAccountHasScheduledIsPublished(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	dbtest.Exec(t, s.store, "UPDATE users SET disabled_at = now()")
	s.comes(post.ID)
	s.publishes(1)
}

func TestAScheduledPostShowsWhatWasSavedLast(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	d.autosaves("Only autosaved.")
	post, err := s.sets(d.post, at(time.Now().Add(time.Hour)))
	noError(t, err)
	s.wantVersions(d.post, "1 autosaved T / Only autosaved.", "2 saved T / Only autosaved.") // scheduling saves it
	d = s.opens(post.ID, post.Version)
	d.autosaves("Not saved.")
	if own := s.own(post.ID); own.Body != "Only autosaved." || own.Version != 2 {
		t.Errorf("an autosave made it %+v", own)
	}
	if unsaved, err := s.Unsaved(t.Context(), s.ada, post.ID); err != nil || unsaved.Body != "Not saved." {
		t.Errorf("the editor opens with %+v, %v", unsaved, err)
	}
	if _, err := d.saves("Saved."); err != nil {
		t.Error(err)
	}
	if own := s.own(post.ID); own.Body != "Saved." || !own.Scheduled() || own.Slug != post.Slug {
		t.Errorf("a save made it %+v", own)
	}
	s.comes(post.ID)
	s.publishes(1)
	if shown, err := s.Published(t.Context(), post.ID); err != nil || shown.Body != "Saved." {
		t.Errorf("readers see %+v, %v", shown, err)
	}
}

func TestASaveOfAScheduledPostMustBeFitForReaders(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	for _, intent := range []blog.Intent{blog.Save, blog.KeepPrivate} {
		_, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), blog.Draft{Body: "No title."}, intent)
		if !errors.As(err, new(fault.Invalid)) {
			t.Errorf("saved without a title: %v", err)
		}
	}
	if s.own(post.ID) != post {
		t.Errorf("it is %+v", s.own(post.ID))
	}
}

// Of an editor that was opened before, the button says "Save draft".
func TestWhatIsToStayPrivateIsNotWhatAScheduleMakesPublic(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	private := blog.Draft{Title: draft.Title, Body: "Private."}
	for range 2 { // sent again
		_, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), private, blog.KeepPrivate)
		var clash *blog.Conflict
		if !errors.As(err, &clash) || !clash.Private || !clash.Current.Scheduled() {
			t.Errorf("kept private: %v", err)
		}
	}
	if s.own(post.ID) != post {
		t.Errorf("it is %+v", s.own(post.ID))
	}
	s.wantNumbers(post.ID, 1, 2)
	if same, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), draft, blog.KeepPrivate); err != nil || same.Body != draft.Body {
		t.Errorf("of what it shows anyway nothing is asked: %v", err)
	}
	s.comes(post.ID)
	s.publishes(1)
	if shown, err := s.Published(t.Context(), post.ID); err != nil || shown.Text() != draft {
		t.Errorf("readers see %+v, %v", shown, err)
	}
}

// A slug that a draft has nobody else gets, but for what was brought in by other ways.
func TestAScheduledPostWhoseAddressIsAnothersByNowIsPublishedUnderTheNext(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	other, published, saved := s.write(blog.Draft{Title: "Other", Body: "Text."}, true), s.scheduled(), s.scheduled()
	for _, post := range []blog.Post{published, saved} {
		dbtest.Exec(t, s.store, "INSERT INTO permalinks (author_id, slug, post_id) VALUES ($1, $2, $3)", s.ada.ID, post.Slug, other.ID)
	}
	s.comes(saved.ID)
	changed := blog.Draft{Title: draft.Title, Body: "Changed."}
	revision, err := s.Revise(t.Context(), s.ada, saved.ID, from(saved.Version), changed, blog.Save)
	if err != nil || !revision.Published() || revision.Slug == saved.Slug {
		t.Errorf("saved %+v, %v", revision.Post, err)
	}
	s.comes(published.ID)
	s.publishes(1)
	if shown, err := s.Published(t.Context(), published.ID); err != nil || shown.Slug == published.Slug || shown.Slug == "" {
		t.Errorf("readers see %+v, %v", shown, err)
	}
}

func TestAPostThatCannotBePublishedKeepsBackNoOther(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	stuck, fit := s.scheduled(), s.scheduled()
	dbtest.Exec(t, s.store, fmt.Sprintf(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN IF NEW.id = '%s' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`, stuck.ID))
	dbtest.Exec(t, s.store, "CREATE TRIGGER refuse BEFORE UPDATE OF published_at ON posts FOR EACH ROW EXECUTE FUNCTION refuse()")
	s.comes(stuck.ID)
	s.comes(fit.ID)
	for _, want := range []int{1, 0} {
		posts, err := s.PublishDue(t.Context())
		if posts != want || err == nil || !strings.Contains(err.Error(), "post "+stuck.ID.String()) {
			t.Errorf("%d posts were published, want %d: %v", posts, want, err)
		}
	}
	dbtest.Exec(t, s.store, "DROP TRIGGER refuse ON posts")
	s.publishes(1)
}

func TestPublishingAScheduledPostNowTakesItOffTheSchedule(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	text := blog.Draft{Title: "Another title", Body: "Text."}
	revision, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), text, blog.Publish)
	if err != nil || !revision.Published() || !revision.PublishAt.IsZero() || revision.Slug != post.Slug {
		t.Errorf("published %+v, %v: its address was fixed", revision.Post, err)
	}
	s.publishes(0)
}

// Between the time that was set and the second in which it is published readers are to see what was saved before.
func TestASaveAfterItsTimePublishesFirst(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	due := s.comes(post.ID)
	changed := blog.Draft{Title: draft.Title, Body: "Changed."}
	_, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), changed, blog.KeepPrivate)
	var clash *blog.Conflict
	if !errors.As(err, &clash) || !clash.Private {
		t.Errorf("kept private: %v", err)
	}
	revision, err := s.Revise(t.Context(), s.ada, post.ID, from(post.Version), changed, blog.Save)
	if err != nil || !revision.PublishedAt.Equal(due) || revision.Body != "Changed." || revision.Scheduled() {
		t.Errorf("saved %+v, %v", revision.Post, err)
	}
}

func TestWhatCannotBePublishedCannotBeScheduled(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	untitled, fit := s.write(blog.Draft{Body: "Text."}, false), s.write(draft, false)
	for name, c := range map[string]struct {
		id   uuid.UUID
		when time.Time
	}{
		"untitled": {untitled.ID, time.Now().Add(time.Hour)},
		"past":     {fit.ID, time.Now().Add(-time.Second)},
		"too far":  {fit.ID, time.Now().AddDate(10, 0, 1)},
	} {
		before := s.own(c.id)
		_, err := s.sets(c.id, func(d *blog.Details) { at(c.when)(d); d.Pinned, d.Slug = true, "other" })
		var found fault.Invalid
		if !errors.As(err, &found) || found.Of("publish_date") == "" {
			t.Errorf("%s: %v", name, err)
		}
		if s.own(c.id) != before {
			t.Errorf("%s: it is %+v, was %+v", name, s.own(c.id), before)
		}
	}
}

func TestTheNextToBePublishedIsKnownByTheDatabasesClock(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	if wait, known, err := s.NextDue(t.Context()); err != nil || known {
		t.Errorf("nothing is due in %s, %v, %v", wait, known, err)
	}
	binned, post := s.scheduled(), s.scheduled()
	select {
	case <-s.Scheduled():
	default:
		t.Error("nobody is told that something was scheduled")
	}
	_, err := s.Delete(t.Context(), s.ada, binned.ID)
	noError(t, err)
	dbtest.Exec(t, s.store, "UPDATE posts SET publish_at = now() + interval '10 minutes' WHERE id = $1", post.ID)
	if wait, known, err := s.NextDue(t.Context()); err != nil || !known || wait < 9*time.Minute || wait > 10*time.Minute {
		t.Errorf("the next is due in %s, %v, %v", wait, known, err)
	}
}

// As a Duration three centuries would be less than nothing, and whoever waits for that waits for nothing at all.
func TestAPostThatIsDueInCenturiesIsWaitedForAnHour(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	dbtest.Exec(t, s.store, "UPDATE posts SET publish_at = '2400-01-01' WHERE id = $1", post.ID)
	if wait, known, err := s.NextDue(t.Context()); err != nil || !known || wait != time.Hour {
		t.Errorf("the next is due in %s, %v, %v", wait, known, err)
	}
	if _, err := s.sets(post.ID, func(d *blog.Details) { d.Pinned = true }); err != nil {
		t.Errorf("what was scheduled before there was a limit keeps its time: %v", err)
	}
}

func TestADraftThatIsTakenOffTheScheduleIsADraftAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.scheduled()
	off, err := s.sets(post.ID, at(time.Time{}))
	if err != nil || off.Scheduled() || !off.Draft() {
		t.Errorf("it is %+v, %v", off, err)
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET updated_at = now()")
	s.publishes(0)
	d := s.opens(post.ID, off.Version)
	d.autosaves("Shown.")
	if own := s.own(post.ID); own.Body != "Shown." {
		t.Errorf("an autosave shows %+v", own)
	}
}
