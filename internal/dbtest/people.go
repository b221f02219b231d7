package dbtest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/password"
)

// Password is what every User of the tests logs in with.
const Password = "seven grey herons"

// passwordHash is made once a process: hashing is slow on purpose.
var passwordHash = sync.OnceValues(func() (string, error) {
	return password.New(0, time.Minute).Hash(context.Background(), Password)
})

// User adds an account with that name and Password, and returns its id. By custom
// ada wrote the post and bob did not.
func User(t testing.TB, store *db.Store, name string) uuid.UUID {
	t.Helper()
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.Must(uuid.NewV7())
	_, err = store.CreateUser(t.Context(), db.CreateUserParams{ID: id, Username: name, PasswordHash: hash, Role: "author", MadeBy: "import"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Owner adds an account as User does, whose blog it is.
func Owner(t testing.TB, store *db.Store, name string) uuid.UUID {
	t.Helper()
	id := User(t, store, name)
	Exec(t, store, "UPDATE users SET role = 'owner', brought = false WHERE id = $1", id)
	return id
}

// NewPost is a post to be made by Post.
type NewPost struct {
	ID        uuid.UUID
	AuthorID  uuid.UUID
	Title     string
	Body      string
	Draft     bool
	Deleted   bool
	WrittenAt time.Time // zero: now
}

// Post adds a published post of the author's, changed first by the options, and returns it.
func Post(t testing.TB, store *db.Store, author uuid.UUID, options ...func(*NewPost)) NewPost {
	t.Helper()
	post := NewPost{
		ID: uuid.Must(uuid.NewV7()), AuthorID: author,
		Title: "The tide tables were wrong again", Body: "Every harbour keeps two clocks.",
	}
	for _, option := range options {
		option(&post)
	}
	insert(t, store, post)
	return post
}

// Slug is the post's slug.
func (p NewPost) Slug() string { return strings.ReplaceAll(strings.ToLower(p.Title), " ", "-") }

func insert(t testing.TB, store *db.Store, post NewPost) {
	t.Helper()
	var slug *string
	if !post.Draft {
		made := post.Slug()
		slug = &made
	}
	_, err := store.CreatePost(t.Context(), db.CreatePostParams{
		ID: post.ID, AuthorID: post.AuthorID, Slug: slug, Title: post.Title, Body: post.Body,
		Excerpt: post.Body, Plain: post.Body[:min(len(post.Body), 10_000)], Words: 5, Tags: []string{}, TagSlugs: []string{}, Outline: []byte("[]"), Links: []string{},
		Language: "english", Publish: !post.Draft, Kind: "saved", Sitting: uuid.New(),
	})
	if err != nil {
		t.Fatal(err)
	}
	Exec(t, store, `UPDATE posts
		SET deleted_at = CASE WHEN $2 THEN now() END,
			created_at = coalesce($3, created_at),
			published_at = CASE WHEN published_at IS NOT NULL THEN coalesce($3, published_at) END
		WHERE id = $1`, post.ID, post.Deleted, orNull(post.WrittenAt))
}

func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// Exec runs a statement that tests need and the program does not.
func Exec(t testing.TB, store *db.Store, statement string, arguments ...any) {
	t.Helper()
	if _, err := store.Pool.Exec(t.Context(), statement, arguments...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// One reads one value that tests compare.
func One[T any](t testing.TB, store *db.Store, query string, arguments ...any) (value T) {
	t.Helper()
	if err := store.Pool.QueryRow(t.Context(), query, arguments...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}
