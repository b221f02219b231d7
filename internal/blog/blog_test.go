package blog_test

import (
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
	post, err := s.Write(s.t.Context(), s.ada, blog.NewID(), draft, intentOf(publish))
	noError(s.t, err)
	return post
}

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
