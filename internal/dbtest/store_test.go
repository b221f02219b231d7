package dbtest_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

func TestATestMayHaveTwoStoresAndNeitherSeesTheOther(t *testing.T) {
	t.Parallel()
	first, second := dbtest.Store(t), dbtest.Store(t)
	dbtest.User(t, first, "ada")
	for store, want := range map[*db.Store]bool{first: true, second: false} {
		if err := store.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if got, err := store.UsernameTaken(t.Context(), "ada", uuid.Nil); err != nil || got != want {
			t.Errorf("UsernameTaken = %v, %v, want %v", got, err, want)
		}
	}
}

func TestTheDatabasesOfATestEndWithIt(t *testing.T) {
	t.Parallel()
	var left []string
	t.Run("a test", func(t *testing.T) {
		store := dbtest.Store(t)
		left = append(left, store.Pool.Config().ConnConfig.Database)
		empty, err := pgx.ParseConfig(dbtest.Empty(t))
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, empty.Database)
	})
	store := dbtest.Store(t)
	if n := dbtest.One[int](t, store, "SELECT count(*) FROM pg_database WHERE datname = ANY ($1)", left); n != 0 {
		t.Errorf("%d of %v are left", n, left)
	}
}

func TestAnEmptyDatabaseHasNoSchema(t *testing.T) {
	t.Parallel()
	store, err := db.Open(dbtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Ready(t.Context()); !errors.Is(err, db.ErrPending) {
		t.Errorf("Ready = %v, want ErrPending", err)
	}
}

func TestAUserCanLogInWithThePasswordOfTheTests(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	accounts := account.New(store, password.New(0, 0), account.Rules{PasswordMin: 8})
	if user, _, err := accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); err != nil || user.ID != ada {
		t.Errorf("LogIn = %v, %v", user, err)
	}
}

func TestAPostIsWhereItsOptionsPutIt(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := blog.Author{ID: dbtest.User(t, store, "ada"), Username: "ada"}
	posts := blog.New(store)
	shown := dbtest.Post(t, store, ada.ID)
	if found, err := posts.At(t.Context(), "ada", shown.Slug()); err != nil || found.ID != shown.ID {
		t.Errorf("At = %v, %v", found, err)
	}
	draft := dbtest.Post(t, store, ada.ID, func(p *dbtest.NewPost) { p.Draft = true })
	if found, err := posts.Own(t.Context(), ada, draft.ID); err != nil || !found.Draft() {
		t.Errorf("the draft is %v, %v", found, err)
	}
	binned := dbtest.Post(t, store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "Binned", true })
	if found, err := posts.Own(t.Context(), ada, binned.ID); err != nil || found.DeletedAt.IsZero() {
		t.Errorf("the deleted post is %v, %v", found, err)
	}
}
