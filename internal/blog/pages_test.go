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

// on is a post of ada's that was published then.
func (s *shelf) on(when, title, tags string) blog.Post {
	s.t.Helper()
	at, err := time.Parse(time.DateTime, when)
	noError(s.t, err)
	post := s.write(blog.Draft{Title: title, Body: "Text.", Tags: tags}, true)
	dbtest.Exec(s.t, s.store, "UPDATE posts SET created_at = $2, updated_at = $2, published_at = $2 WHERE id = $1", post.ID, at)
	return s.own(post.ID)
}

func TestTagsAreThoseOfWhatIsPublished(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.on("2026-03-01 12:00:00", "Old", "Night Watch, tide")
	s.on("2026-03-02 12:00:00", "New", "night  watch, Zebra, bee")
	gone := s.on("2026-03-03 12:00:00", "Gone", "gone")
	_, err := s.Delete(t.Context(), s.ada, gone.ID)
	noError(t, err)
	s.write(blog.Draft{Title: "Begun", Body: "Text.", Tags: "begun"}, false)
	tags, err := s.AllTags(t.Context())
	want := []blog.Tag{{Name: "bee", Slug: "bee"}, {Name: "night watch", Slug: "night-watch"}, {Name: "tide", Slug: "tide"}, {Name: "Zebra", Slug: "zebra"}}
	if err != nil || !slices.Equal(tags, want) {
		t.Errorf("the tags are %v, %v", tags, err)
	}
	tag, page, err := s.NewestTagged(t.Context(), "Night watch", blog.Place{})
	if err != nil || tag != want[1] || !slices.Equal(titles(page.Posts), []string{"New", "Old"}) || page.Posts[0].Author != s.ada {
		t.Errorf("%v has %+v, %v", tag, page.Posts, err)
	}
	for _, none := range []string{"gone", "begun", "never", "", "!", "a\x00", "\xff"} {
		if _, _, err := s.NewestTagged(t.Context(), none, blog.Place{}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

func TestATagsPostsComeInPages(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range blog.PageSize + 2 {
		s.on(fmt.Sprintf("2026-03-01 12:00:%02d", n/2), fmt.Sprint("Post ", n), "tide")
	}
	_, first, err := s.NewestTagged(t.Context(), "tide", blog.Place{})
	noError(t, err)
	_, second, err := s.NewestTagged(t.Context(), "tide", first.Next)
	all := append(titles(first.Posts), titles(second.Posts)...)
	slices.Sort(all)
	if err != nil || len(first.Posts) != blog.PageSize || len(second.Posts) != 2 || len(slices.Compact(all)) != blog.PageSize+2 || !second.Next.IsZero() {
		t.Errorf("%d, then %d posts, %v", len(first.Posts), len(second.Posts), err)
	}
}

func utc(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

func TestTheArchiveKnowsMonthsOfUTC(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	if months, err := s.Months(t.Context()); err != nil || len(months) != 0 {
		t.Errorf("an empty blog has %v, %v", months, err)
	}
	s.on("2025-12-31 23:59:59", "The last of the year", "")
	s.on("2026-01-01 00:00:00", "The first", "")
	s.on("2026-03-31 23:59:59", "The last of March", "")
	s.on("2026-03-01 00:00:00", "The first of March", "")
	s.on("2026-04-01 00:00:00", "April", "")
	months, err := s.Months(t.Context())
	if err != nil || !slices.Equal(months, []time.Time{utc(2026, 4), utc(2026, 3), utc(2026, 1), utc(2025, 12)}) {
		t.Errorf("the months are %v, %v", months, err)
	}
	march := blog.Span{Since: utc(2026, 3), Until: utc(2026, 4)}
	page, err := s.PublishedIn(t.Context(), march, blog.Place{})
	if err != nil || !slices.Equal(titles(page.Posts), []string{"The last of March", "The first of March"}) {
		t.Errorf("March has %v, %v", titles(page.Posts), err)
	}
	page, err = s.PublishedIn(t.Context(), march, blog.Place{Time: utc(2027, 1)})
	if err != nil || len(page.Posts) != 2 {
		t.Errorf("from a later place March has %v, %v", titles(page.Posts), err)
	}
	page, err = s.PublishedIn(t.Context(), march, blog.Place{Time: utc(2026, 3)})
	if err != nil || len(page.Posts) != 0 {
		t.Errorf("from its first moment March has %v, %v", titles(page.Posts), err)
	}
	before, after, err := s.PublishedAround(t.Context(), march)
	if err != nil || !before.Equal(utc(2026, 1)) || !after.Equal(utc(2026, 4)) {
		t.Errorf("around March are %v and %v, %v", before, after, err)
	}
	before, after, err = s.PublishedAround(t.Context(), blog.Span{Since: utc(2025, 1), Until: utc(2027, 1)})
	if err != nil || !before.IsZero() || !after.IsZero() {
		t.Errorf("around all are %v and %v, %v", before, after, err)
	}
}

func TestAMonthComesInPagesAndAFeedHoldsTheNewest(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range blog.PageSize + 1 {
		s.on(fmt.Sprintf("2026-03-01 12:00:%02d", n), fmt.Sprint("Post ", n), "tide")
	}
	span := blog.Span{Since: utc(2026, 3), Until: utc(2026, 4)}
	first, err := s.PublishedIn(t.Context(), span, blog.Place{})
	noError(t, err)
	second, err := s.PublishedIn(t.Context(), span, first.Next)
	if err != nil || len(first.Posts) != blog.PageSize || len(second.Posts) != 1 || !second.Next.IsZero() {
		t.Errorf("%d, then %d posts, %v", len(first.Posts), len(second.Posts), err)
	}
	all, err := s.Feed(t.Context())
	noError(t, err)
	_, hers, err := s.FeedOf(t.Context(), "ada")
	noError(t, err)
	_, tagged, err := s.FeedTagged(t.Context(), "tide")
	noError(t, err)
	for _, posts := range [][]blog.Post{all, hers, tagged} {
		if len(posts) != 20 || posts[0].Title != "Post 20" || posts[19].Title != "Post 1" {
			t.Errorf("a feed has %v", titles(posts))
		}
	}
}

func TestWhatReadersSawIsPaged(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for n := 2; n <= blog.HistorySize+1; n++ {
		s.revised(post.ID, n-1, blog.Draft{Title: "T", Body: fmt.Sprint(n)})
	}
	dbtest.Exec(t, s.store, "UPDATE posts SET shows_changes = true")
	seen, err := s.Changes(t.Context(), s.own(post.ID), 0)
	if err != nil || len(seen.Versions) != blog.HistorySize || !seen.More {
		t.Errorf("%d versions, more %v, %v", len(seen.Versions), seen.More, err)
	}
	rest, err := s.Changes(t.Context(), s.own(post.ID), seen.Versions[blog.HistorySize-1].Number)
	if err != nil || len(rest.Versions) != 1 || rest.More {
		t.Errorf("then %d versions, more %v, %v", len(rest.Versions), rest.More, err)
	}
}

func TestThePostsBesideOneAreThoseOfTheWholeBlog(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	of := func(p *dbtest.NewPost) { p.AuthorID = s.bob.ID }
	s.at(3*time.Hour, "Oldest", of)
	s.at(2*time.Hour, "Middle")
	s.at(90*time.Minute, "Begun", func(p *dbtest.NewPost) { p.Draft = true })
	s.at(80*time.Minute, "Gone", func(p *dbtest.NewPost) { p.Deleted = true })
	s.at(time.Hour, "Newest", of)
	_, older, newer, err := s.Read(t.Context(), "ada", "middle")
	if err != nil || older.Title != "Oldest" || older.Author.Username != "bob" || newer.Title != "Newest" || newer.Slug != "newest" {
		t.Errorf("beside it are %+v and %+v, %v", older, newer, err)
	}
	if _, older, newer, err = s.Read(t.Context(), "bob", "newest"); err != nil || older.Title != "Middle" || newer.Title != "" {
		t.Errorf("beside the newest are %+v and %+v, %v", older, newer, err)
	}
}

func TestReadersSeeOnlyWhatWasSavedSinceTheyCouldReadIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	d := s.opens(blog.NewID(), 0)
	_, err := d.Write(t.Context(), s.ada, d.post, d.origin, d.types("Private."), blog.KeepPrivate)
	noError(t, err)
	dbtest.Exec(t, s.store, "ALTER TABLE versions DISABLE TRIGGER versions_stay")
	dbtest.Exec(t, s.store, "UPDATE versions SET created_at = created_at - interval '1 hour'")
	dbtest.Exec(t, s.store, "ALTER TABLE versions ENABLE TRIGGER versions_stay")
	d.autosaves("Autosaved before.")
	_, err = d.Write(t.Context(), s.ada, d.post, d.origin, d.types("Published."), blog.Publish)
	noError(t, err)
	d.autosaves("Autosaved since.")
	_, err = d.saves("Changed.")
	noError(t, err)
	_, err = d.saves("Changed again.")
	noError(t, err)
	s.wantVersions(d.post, "1 saved T / Private.", "2 autosaved T / Autosaved before.", "3 saved T / Published.",
		"4 autosaved T / Autosaved since.", "5 saved T / Changed.", "6 saved T / Changed again.")

	if _, err := s.Changes(t.Context(), s.own(d.post), 0); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("not allowed: %v", err)
	}
	post, err := s.sets(d.post, func(d *blog.Details) { d.ShowsChanges = true })
	noError(t, err)
	seen, err := s.Changes(t.Context(), post, 0)
	var numbers []int
	for _, version := range seen.Versions {
		numbers = append(numbers, version.Number)
	}
	if err != nil || seen.First != 3 || !slices.Equal(numbers, []int{6, 5, 3}) || seen.More {
		t.Errorf("they see %v from %d on, %v", numbers, seen.First, err)
	}
	for number, body := range map[int]string{3: "Published.", 5: "Changed.", 6: "Changed again."} {
		if version, err := seen.Version(t.Context(), s.Blog, number); err != nil || version.Body != body {
			t.Errorf("version %d is %+v, %v", number, version, err)
		}
	}
	for _, number := range []int{-1, 0, 1, 2, 4, 7, 1 << 40} {
		if version, err := seen.Version(t.Context(), s.Blog, number); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("version %d is %+v, %v", number, version, err)
		}
	}
	binned, err := s.Delete(t.Context(), s.ada, d.post)
	noError(t, err)
	if _, err := s.Changes(t.Context(), binned, 0); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("deleted: %v", err)
	}
}

func TestAPostOfAnotherTimeBeginsWithItsFirstText(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.on("2020-01-01 12:00:00", "Old", "") // its one version is of now
	post, err := s.sets(post.ID, func(d *blog.Details) { d.ShowsChanges = true })
	noError(t, err)
	if seen, err := s.Changes(t.Context(), post, 0); err != nil || seen.First != 1 || len(seen.Versions) != 1 {
		t.Errorf("readers see %+v, %v", seen, err)
	}
}

func TestContentsAreForFourHeadingsOrMore(t *testing.T) {
	t.Parallel()
	four := `[{"Level":2,"ID":"a","Text":"A"},{"Level":3,"ID":"b","Text":"B"},{"Level":2,"ID":"c","Text":"C"},{"Level":2,"ID":"d","Text":"D"}]`
	for outline, want := range map[string]int{
		four: 4, "": 0, "[]": 0, "null": 0, "{": 0, `[{"Level":2,"ID":"a","Text":"A"},{"Level":2,"ID":"b","Text":"B"},{"Level":2,"ID":"c","Text":"C"}]`: 0,
	} {
		if got := (blog.Post{Outline: outline}).Contents(); len(got) != want {
			t.Errorf("%s has the contents %v", outline, got)
		}
	}
	if got := (blog.Post{Outline: four}).Contents()[1]; got.Level != 3 || got.ID != "b" || got.Text != "B" {
		t.Errorf("the second is %+v", got)
	}
}
