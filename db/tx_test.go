package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

var errWork = errors.New("the work failed")

func TestATransactionThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	runs := 0
	err := store.Tx(t.Context(), func(q *db.Queries) error {
		runs++
		noError(t, addUser(t.Context(), q, "ada"))
		return errWork
	})
	if !errors.Is(err, errWork) || runs != 1 || users(t, store) != 0 {
		t.Errorf("%v after %d runs, %d users are left", err, runs, users(t, store))
	}
}

func TestATransactionThatPanicsLeavesNothing(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = store.Tx(t.Context(), func(q *db.Queries) error {
			noError(t, addUser(t.Context(), q, "ada"))
			panic("a mistake")
		})
	}()
	if users(t, store) != 0 {
		t.Error("the half-done work was kept")
	}
}

func TestATransactionIsTriedThreeTimesWhenPostgreSQLAsks(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"40001": 3, "40P01": 3, "23505": 1, "40002": 1} {
		store := dbtest.Store(t)
		runs := 0
		err := store.Tx(t.Context(), func(q *db.Queries) error {
			runs++
			noError(t, addUser(t.Context(), q, "ada")) // it would be taken, had the last run been kept
			return &pgconn.PgError{Code: code}
		})
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || runs != want || users(t, store) != 0 {
			t.Errorf("%s: %v after %d runs, want %d; %d users are left", code, err, runs, want, users(t, store))
		}
	}
}

func TestATransactionSucceedsAfterASerializationFailure(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	post := dbtest.Post(t, store, ada)
	dbtest.Exec(t, store, "ALTER DATABASE "+store.Pool.Config().ConnConfig.Database+
		" SET default_transaction_isolation = 'repeatable read'")
	store.Pool.Reset() // the setting is for new connections

	runs := 0
	noError(t, store.Tx(t.Context(), func(q *db.Queries) error {
		runs++
		if _, err := q.PublicPost(t.Context(), post.ID); err != nil { // takes the snapshot
			return err
		}
		if runs == 1 {
			dbtest.Exec(t, store, "UPDATE posts SET words = 99 WHERE id = $1", post.ID)
		}
		_, err := q.DeletePost(t.Context(), post.ID, ada)
		return err
	}))
	deleted := dbtest.One[bool](t, store, "SELECT deleted_at IS NOT NULL AND words = 99 FROM posts")
	if runs != 2 || !deleted {
		t.Errorf("%d runs, both changes kept: %v", runs, deleted)
	}
}

func TestTwoTransactionsThatBlockEachOtherBothSucceed(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	first := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title = "First" })
	second := dbtest.Post(t, store, ada, func(p *dbtest.NewPost) { p.Title = "Second" })

	var both, done sync.WaitGroup
	both.Add(2)
	for _, order := range [][2]uuid.UUID{{first.ID, second.ID}, {second.ID, first.ID}} {
		var once sync.Once
		done.Go(func() {
			err := store.Tx(t.Context(), func(q *db.Queries) error {
				if _, err := q.LockPost(t.Context(), order[0], ada); err != nil {
					return err
				}
				once.Do(func() { both.Done(); both.Wait() }) // each holds its first
				_, err := q.LockPost(t.Context(), order[1], ada)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

func addUser(ctx context.Context, q *db.Queries, name string) error {
	_, err := q.CreateUser(ctx, db.CreateUserParams{
		ID: uuid.Must(uuid.NewV7()), Username: name, PasswordHash: "-", Role: "author", MadeBy: "operator",
	})
	return err
}

func users(t *testing.T, store *db.Store) int {
	t.Helper()
	return dbtest.One[int](t, store, "SELECT count(*) FROM users")
}
