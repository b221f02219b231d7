package blog_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// shelf is a blog with a database of its own and the two standing people: ada
// wrote the posts and bob did not.
type shelf struct {
	*blog.Blog
	t        *testing.T
	store    *db.Store
	ada, bob blog.Author
	began    time.Time // what the ages of posts are counted from
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	store := dbtest.Store(t)
	author := func(name string) blog.Author {
		return blog.Author{ID: dbtest.User(t, store, name), Username: name}
	}
	return &shelf{Blog: blog.New(store), t: t, store: store, ada: author("ada"), bob: author("bob"), began: time.Now()}
}

// draft is a text that may be published.
var draft = blog.Draft{Title: "The tide tables", Body: "Every harbour keeps two clocks."}

// published is a post of ada's that everybody may read.
func (s *shelf) published() blog.Post {
	s.t.Helper()
	return s.write(draft, true)
}

// write keeps a new post of ada's.
func (s *shelf) write(draft blog.Draft, publish bool) blog.Post {
	s.t.Helper()
	written, err := s.Write(s.t.Context(), s.ada, blog.NewID(), blog.Origin{}, draft, intentOf(publish))
	noError(s.t, err)
	return written.Post
}

// from is a text that grew from a version, typed nowhere else before.
func from(version int) blog.Origin { return blog.Origin{Base: version} }

// own is ada's post as it is kept.
func (s *shelf) own(id uuid.UUID) blog.Post {
	s.t.Helper()
	post, err := s.Own(s.t.Context(), s.ada, id)
	noError(s.t, err)
	return post
}

// count is the number of posts kept, whatever their state.
func (s *shelf) count() int {
	s.t.Helper()
	return dbtest.One[int](s.t, s.store, "SELECT count(*) FROM posts")
}

// wantVersions compares a post's versions with lines such as "1 saved Title / Body",
// and each one's SHA-256 with its text.
func (s *shelf) wantVersions(id uuid.UUID, want ...string) {
	s.t.Helper()
	got := dbtest.One[[]string](s.t, s.store, `
		SELECT coalesce(array_agg(concat_ws(' ', number, kind, title) || ' / ' || body ORDER BY number), '{}')
		FROM versions WHERE post_id = $1`, id)
	if !slices.Equal(got, want) {
		s.t.Errorf("the versions are\n%q, want\n%q", got, want)
	}
	sums := dbtest.One[[][]byte](s.t, s.store, "SELECT array_agg(sha256 ORDER BY number) FROM versions WHERE post_id = $1", id)
	texts := dbtest.One[[]string](s.t, s.store, "SELECT array_agg(title || E'\\n' || body ORDER BY number) FROM versions WHERE post_id = $1", id)
	for n, text := range texts {
		if sum := sha256.Sum256([]byte(text)); !bytes.Equal(sum[:], sums[n]) {
			s.t.Errorf("%q has the SHA-256 %x, want %x", text, sums[n], sum)
		}
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// intentOf is what the two buttons of a new post ask for.
func intentOf(publish bool) blog.Intent {
	if publish {
		return blog.Publish
	}
	return blog.KeepPrivate
}

// wantNumbers compares the numbers of the versions that a post has.
func (s *shelf) wantNumbers(id uuid.UUID, want ...int) {
	s.t.Helper()
	got := dbtest.One[[]int](s.t, s.store, "SELECT array_agg(number ORDER BY number) FROM versions WHERE post_id = $1", id)
	if !slices.Equal(got, want) {
		s.t.Errorf("its versions are %v, want %v", got, want)
	}
}
