package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

func TestEachNamedConstraintIsInTheSchema(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	for _, name := range []string{db.UsernameKey, db.EmailKey, db.SlugKey} {
		if dbtest.One[int](t, store, "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass($1) AND indisunique", name) != 1 {
			t.Errorf("the schema has no unique index %s", name)
		}
	}
	for _, name := range []string{db.SignupOpen, db.Invited, db.AuthorLives} {
		if dbtest.One[int](t, store, "SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%CONSTRAINT = ''' || $1 || '''%'", name) != 1 {
			t.Errorf("no function of the schema refuses as %s", name)
		}
	}
}

func TestABrokenConstraintIsToldFromTheOthers(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	mail := "ada@example.org"
	account := func(name string, email *string) error {
		_, err := store.CreateUser(t.Context(), db.CreateUserParams{
			ID: uuid.New(), Username: name, Email: email, PasswordHash: "-", Role: "author", MadeBy: "operator",
		})
		return err
	}
	noError(t, account("ada", &mail))
	ada := dbtest.One[uuid.UUID](t, store, "SELECT id FROM users")
	post := func() error {
		slug := "a-slug"
		_, err := store.CreatePost(t.Context(), db.CreatePostParams{
			ID: uuid.New(), AuthorID: ada, Slug: &slug, Publish: true, Kind: "saved",
			Tags: []string{}, TagSlugs: []string{}, Outline: []byte("[]"), Links: []string{}, Language: "english",
		})
		return err
	}
	noError(t, post())
	for want, err := range map[string]error{
		db.UsernameKey: account("ada", nil),
		db.EmailKey:    account("bob", &mail),
		db.SlugKey:     post(),
	} {
		for _, constraint := range []string{db.UsernameKey, db.EmailKey, db.SlugKey} {
			if got := db.Breaks(fmt.Errorf("keep it: %w", err), constraint); got != (constraint == want) {
				t.Errorf("Breaks(%v, %s) = %v", err, constraint, got)
			}
		}
		if db.IsAway(err) || db.IsNone(err) {
			t.Errorf("%v is taken for an absence", err)
		}
	}
	if db.Breaks(nil, db.SlugKey) || db.Breaks(errors.New(db.SlugKey), db.SlugKey) {
		t.Error("what is no refusal of PostgreSQL breaks a constraint")
	}
}

func TestNoRowIsNone(t *testing.T) {
	t.Parallel()
	_, err := dbtest.Store(t).AuthorNamed(t.Context(), "nobody")
	if !db.IsNone(err) || db.IsAway(err) || db.IsNone(nil) {
		t.Errorf("%v: none %v, away %v", err, db.IsNone(err), db.IsAway(err))
	}
}

func TestADatabaseThatCannotBeReachedIsAway(t *testing.T) {
	t.Parallel()
	hangsUp := listen(t, func(connection net.Conn) { connection.Close() })
	silent := listen(t, func(net.Conn) {})
	for what, dsn := range map[string]string{
		"nobody listens":        "postgres://miniblog@127.0.0.1:1/miniblog",
		"no such host":          "postgres://miniblog@db.invalid/miniblog",
		"no such socket":        "postgres:///miniblog?host=/nonexistent",
		"hung up":               "postgres://miniblog@" + hangsUp + "/miniblog?sslmode=disable",
		"hung up during TLS":    "postgres://miniblog@" + hangsUp + "/miniblog?sslmode=require",
		"answers with silence":  "postgres://miniblog@" + silent + "/miniblog?sslmode=disable",
		"several, none is here": "postgres://miniblog@127.0.0.1:1,127.0.0.1:2/miniblog",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			store := open(t, dsn)
			begun := time.Now()
			err := store.Ready(t.Context())
			if !db.IsAway(err) || errors.Is(err, db.ErrPending) {
				t.Errorf("%v is not away", err)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %s to find out", took)
			}
			if _, err := store.UsernameTaken(t.Context(), "ada", uuid.Nil); !db.IsAway(err) {
				t.Errorf("a query: %v is not away", err)
			}
			if err := store.Tx(t.Context(), func(*db.Queries) error { return nil }); !db.IsAway(err) {
				t.Errorf("a transaction: %v is not away", err)
			}
		})
	}
}

func TestALostConnectionIsAwayAndTheNextQueryWorks(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	err := pgx.BeginFunc(t.Context(), store.Pool, func(tx pgx.Tx) error {
		var pid int
		noError(t, tx.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid))
		dbtest.Exec(t, store, "SELECT pg_terminate_backend($1, 5000)", pid)
		_, err := db.New(tx).UsernameTaken(t.Context(), "ada", uuid.Nil)
		if !db.IsAway(err) {
			t.Errorf("a terminated backend: %v is not away", err)
		}
		return err
	})
	if !db.IsAway(err) {
		t.Errorf("its transaction: %v is not away", err)
	}
	if _, err := store.UsernameTaken(t.Context(), "ada", uuid.Nil); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestADatabaseThatAnswersTooLateIsAway(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := store.Pool.Exec(ctx, "SELECT pg_sleep(5)")
	if !db.IsAway(err) {
		t.Errorf("during a query: %v is not away", err)
	}
	if _, err := store.UsernameTaken(ctx, "ada", uuid.Nil); !db.IsAway(err) {
		t.Errorf("before a query: %v is not away", err)
	}
}

func TestAwayIsToldFromOurOwnMistakes(t *testing.T) {
	t.Parallel()
	code := func(sqlstate string) error { return fmt.Errorf("query: %w", &pgconn.PgError{Code: sqlstate}) }
	for name, c := range map[string]struct {
		err  error
		away bool
	}{
		"connection exception":     {code("08000"), true},
		"connection failure":       {code("08006"), true},
		"rejected connection":      {code("08004"), true},
		"administrator shutdown":   {code("57P01"), true},
		"crash shutdown":           {code("57P02"), true},
		"cannot connect now":       {code("57P03"), true},
		"too many connections":     {code("53300"), true},
		"a replica, read only":     {code("25006"), true},
		"end of file":              {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"closed socket":            {fmt.Errorf("write: %w", net.ErrClosed), true},
		"deadline":                 {context.DeadlineExceeded, true},
		"nothing":                  {nil, false},
		"no row":                   {pgx.ErrNoRows, false},
		"some mistake":             {errors.New("some mistake"), false},
		"canceled by the caller":   {context.Canceled, false},
		"unique violation":         {code("23505"), false},
		"check violation":          {code("23514"), false},
		"syntax error":             {code("42601"), false},
		"no such table":            {code("42P01"), false},
		"serialization failure":    {code("40001"), false},
		"deadlock":                 {code("40P01"), false},
		"untranslatable character": {code("22P05"), false},
		"bad UTF-8":                {code("22021"), false},
		"pending migrations":       {db.ErrPending, false},
		"newer schema":             {db.ErrNewerSchema, false},
	} {
		if got := db.IsAway(c.err); got != c.away {
			t.Errorf("%s: IsAway(%v) = %v", name, c.err, got)
		}
	}
}

func TestAMistakeInAQueryIsNotAway(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	for _, statement := range []string{"SELEKT", "SELECT 1/0", "SELECT * FROM nowhere", "SELECT $1::text"} {
		if _, err := store.Pool.Exec(t.Context(), statement); err == nil || db.IsAway(err) {
			t.Errorf("%s: %v, away %v", statement, err, db.IsAway(err))
		}
	}
	if _, err := store.UsernameTaken(t.Context(), "a\x00da", uuid.Nil); err == nil || db.IsAway(err) {
		t.Errorf("a NUL: %v, away %v", err, db.IsAway(err))
	}
}

// listen accepts connections and treats each as told, until the test ends.
func listen(t *testing.T, treat func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			treat(connection)
		}
	}()
	return listener.Addr().String()
}
