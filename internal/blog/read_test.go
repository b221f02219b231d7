package blog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

func TestAListIsNewestFirstAndNamesItsNextPage(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range blog.PageSize + 1 {
		s.at(time.Duration(n)*time.Minute, fmt.Sprintf("Post %d", n))
	}
	s.at(time.Second, "A draft", func(p *dbtest.NewPost) { p.Draft = true })
	s.at(time.Second, "Deleted", func(p *dbtest.NewPost) { p.Deleted = true })
	page, err := s.Newest(t.Context(), blog.Place{})
	noError(t, err)
	if len(page.Posts) != blog.PageSize || page.Next.IsZero() || page.Posts[0].Title != "Post 0" || page.Posts[19].Title != "Post 19" {
		t.Errorf("%d posts from %q on, then %v", len(page.Posts), page.Posts[0].Title, page.Next)
	}
	for _, post := range page.Posts {
		if post.Body != "" || post.Excerpt == "" || post.Words == 0 || post.Slug == "" || post.Author != s.ada || !post.Published() {
			t.Errorf("the list has %+v", post)
		}
	}
	page, err = s.Newest(t.Context(), page.Next)
	if err != nil || len(page.Posts) != 1 || page.Posts[0].Title != "Post 20" || !page.Next.IsZero() {
		t.Errorf("the last page is %+v, %v", page, err)
	}
}

func TestAFullLastPageHasNoNext(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range blog.PageSize {
		s.at(time.Duration(n)*time.Minute, fmt.Sprintf("Post %d", n))
	}
	for name, list := range s.lists() {
		page, err := list(blog.Place{})
		if err != nil || len(page.Posts) != blog.PageSize || !page.Next.IsZero() {
			t.Errorf("%s: %d posts, then %v, %v", name, len(page.Posts), page.Next, err)
		}
	}
}

func TestAnEmptyListHasNoNext(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for name, list := range s.lists() {
		if page, err := list(blog.Place{}); err != nil || len(page.Posts) != 0 || !page.Next.IsZero() {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
	}
}

func TestAnAuthorsPageHasTheirPublishedPostsOnly(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.at(time.Hour, "Older")
	s.at(time.Minute, "Newer")
	s.at(time.Minute, "A draft", func(p *dbtest.NewPost) { p.Draft = true })
	s.at(time.Minute, "Deleted", func(p *dbtest.NewPost) { p.Deleted = true })
	s.at(time.Minute, "Of bob", func(p *dbtest.NewPost) { p.AuthorID = s.bob.ID })
	author, page, err := s.NewestBy(t.Context(), "ada", blog.Place{})
	if err != nil || author != s.ada || !slices.Equal(titles(page.Posts), []string{"Newer", "Older"}) {
		t.Errorf("%v has %v, %v", author, titles(page.Posts), err)
	}
}

func TestTheDashboardHasOnesOwnByWhenTheyWereBegun(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.at(time.Hour, "Published")
	begun := s.at(2*time.Hour, "Begun first", func(p *dbtest.NewPost) { p.Draft = true })
	s.at(time.Minute, "A draft", func(p *dbtest.NewPost) { p.Draft = true })
	s.at(time.Minute, "Deleted", func(p *dbtest.NewPost) { p.Deleted = true })
	s.at(time.Minute, "Of bob", func(p *dbtest.NewPost) { p.AuthorID = s.bob.ID })
	_, err := s.Revise(t.Context(), s.ada, begun, from(1), blog.Draft{Title: "Begun first", Body: "Published last"}, blog.Publish)
	noError(t, err)
	page, err := s.AllOwn(t.Context(), s.ada, blog.Place{})
	if err != nil || !slices.Equal(titles(page.Posts), []string{"A draft", "Published", "Begun first"}) {
		t.Errorf("the dashboard has %v, %v", titles(page.Posts), err)
	}
	for _, post := range page.Posts {
		if post.Body != "" || post.Excerpt != "" || post.Words == 0 || post.Version == 0 || post.CreatedAt.IsZero() || post.UpdatedAt.IsZero() || post.Author != s.ada {
			t.Errorf("the dashboard has %+v", post)
		}
	}
}

// TestWalkingThePagesShowsEveryPostOnce holds whatever the times are and
// whatever is written meanwhile: newer posts belong to pages already read.
func TestWalkingThePagesShowsEveryPostOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := newShelf(t)
		want := map[uuid.UUID]bool{}
		for n := range 65 + random.IntN(60) {
			age := time.Hour + time.Duration(random.IntN(12))*time.Microsecond // many at the same moment
			want[s.at(age, fmt.Sprintf("Post %d", n))] = true
		}
		for name, list := range s.lists() {
			meanwhile := 0
			seen := s.walk(t, list, func() {
				meanwhile++
				s.at(-time.Minute, fmt.Sprintf("%s, meanwhile %d", name, meanwhile))
			})
			s.isWalk(seed, name, seen, want)
			dbtest.Exec(t, s.store, "DELETE FROM posts WHERE title LIKE '%, meanwhile %'")
		}
	}
}

// walk returns the posts of all pages in their order, and calls between after each page.
func (s *shelf) walk(t *testing.T, list func(blog.Place) (blog.Page, error), between func()) (seen []blog.Post) {
	t.Helper()
	place := blog.Place{}
	for range 50 {
		page, err := list(place)
		noError(t, err)
		seen = append(seen, page.Posts...)
		if page.Next.IsZero() {
			return seen
		}
		between()
		place, err = blog.ParsePlace(page.Next.String()) // as a link carries it
		noError(t, err)
	}
	t.Fatal("the list does not end")
	return nil
}

func (s *shelf) isWalk(seed uint64, name string, seen []blog.Post, want map[uuid.UUID]bool) {
	s.t.Helper()
	got := map[uuid.UUID]bool{}
	for _, post := range seen {
		if got[post.ID] || !want[post.ID] {
			s.t.Errorf("seed %d, %s: %s is there again or does not belong", seed, name, post.Title)
		}
		got[post.ID] = true
	}
	if len(got) != len(want) {
		s.t.Errorf("seed %d, %s: %d posts, want %d", seed, name, len(got), len(want))
	}
	if !slices.IsSortedFunc(seen, func(a, b blog.Post) int { return b.PublishedAt.Compare(a.PublishedAt) }) {
		s.t.Errorf("seed %d, %s: not newest first", seed, name)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	for _, at := range [][2]string{
		{"ada", "nothing"}, {"bob", post.Slug}, {"nobody", post.Slug}, {"ADA", post.Slug}, {"", ""},
		{"ada", post.Slug + "\x00"}, {"ada\x00", post.Slug}, {"ada", "\xff"}, {"\xff", post.Slug},
	} {
		if _, err := s.At(t.Context(), at[0], at[1]); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("At(%q, %q): %v", at[0], at[1], err)
		}
	}
	for _, name := range []string{"nobody", "", "a\x00da", "\xff", "'; --"} {
		if _, _, err := s.NewestBy(t.Context(), name, blog.Place{}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("NewestBy(%q): %v", name, err)
		}
	}
	if _, err := s.Published(t.Context(), uuid.New()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("Published: %v", err)
	}
	if _, err := s.Own(t.Context(), s.ada, uuid.New()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("Own: %v", err)
	}
}

func TestADatabaseThatIsAwayIsNeverNotFound(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	for name, try := range map[string]func() error{
		"At":         func() error { _, err := s.At(ctx, "ada", post.Slug); return err },
		"Own":        func() error { _, err := s.Own(ctx, s.ada, post.ID); return err },
		"Published":  func() error { _, err := s.Published(ctx, post.ID); return err },
		"Newest":     func() error { _, err := s.Newest(ctx, blog.Place{}); return err },
		"NewestBy":   func() error { _, _, err := s.NewestBy(ctx, "ada", blog.Place{}); return err },
		"AllOwn":     func() error { _, err := s.AllOwn(ctx, s.ada, blog.Place{}); return err },
		"AllDeleted": func() error { _, err := s.AllDeleted(ctx, s.ada, blog.Place{}); return err },
		"Write": func() error {
			_, err := s.Write(ctx, s.ada, blog.NewID(), blog.Origin{}, draft, blog.Publish)
			return err
		},
		"Revise":  func() error { _, err := s.Revise(ctx, s.ada, post.ID, from(1), draft, blog.Publish); return err },
		"Delete":  func() error { _, err := s.Delete(ctx, s.ada, post.ID); return err },
		"Restore": func() error { _, err := s.Restore(ctx, s.ada, post.ID); return err },
		"Purge":   func() error { _, err := s.Purge(ctx); return err },
	} {
		if err := try(); !db.IsAway(err) || errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewIDsSortByTime(t *testing.T) {
	t.Parallel()
	first := blog.NewID()
	time.Sleep(2 * time.Millisecond)
	if second := blog.NewID(); first.Version() != 7 || first.String() >= second.String() {
		t.Errorf("%s, then %s", first, second)
	}
}

func TestHomeIsOneQueryAndTwoForSomebodyLoggedIn(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range blog.PageSize + 5 { // more authors and posts must not be more queries
		author := dbtest.User(t, s.store, fmt.Sprintf("author-%d", n))
		s.at(time.Minute, "A post", func(p *dbtest.NewPost) { p.AuthorID = author })
	}
	counted, statements := dbtest.Watched(t, s.store)
	posts := blog.New(counted)
	accounts := account.New(counted, password.New(0, time.Minute), account.Rules{})
	tokens, err := accounts.StartSession(t.Context(), account.User{ID: s.ada.ID, PasswordNumber: 1}, account.Client{})
	noError(t, err)

	signedOut := statements.During(func() {
		page, err := posts.Newest(t.Context(), blog.Place{})
		if err != nil || len(page.Posts) != blog.PageSize {
			t.Errorf("%d posts, %v", len(page.Posts), err)
		}
	})
	signedIn := statements.During(func() {
		_, err := accounts.Session(t.Context(), tokens.Session, account.Client{})
		noError(t, err)
		_, err = posts.Newest(t.Context(), blog.Place{})
		noError(t, err)
	})
	if len(signedOut) != 1 || len(signedIn) != 2 {
		t.Errorf("signed out %v was sent, and signed in %v; want 1 and 2", signedOut, signedIn)
	}
}

// at adds a post of ada's that was written that long ago.
func (s *shelf) at(age time.Duration, title string, options ...func(*dbtest.NewPost)) uuid.UUID {
	s.t.Helper()
	base := func(p *dbtest.NewPost) { p.Title, p.WrittenAt = title, s.began.Add(-age) }
	return dbtest.Post(s.t, s.store, s.ada.ID, append([]func(*dbtest.NewPost){base}, options...)...).ID
}

// lists are the three lists, for ada.
func (s *shelf) lists() map[string]func(blog.Place) (blog.Page, error) {
	return map[string]func(blog.Place) (blog.Page, error){
		"home": func(before blog.Place) (blog.Page, error) { return s.Newest(s.t.Context(), before) },
		"author": func(before blog.Place) (blog.Page, error) {
			_, page, err := s.NewestBy(s.t.Context(), "ada", before)
			return page, err
		},
		"dashboard": func(before blog.Place) (blog.Page, error) { return s.AllOwn(s.t.Context(), s.ada, before) },
	}
}

func titles(posts []blog.Post) (all []string) {
	for _, post := range posts {
		all = append(all, post.Title)
	}
	return all
}
