package db_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

func TestADSNThatCannotBeReadIsRefusedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"postgres://ada:sesame@db:notaport/miniblog",
		"postgres://ada:sesame@db/miniblog?sslmode=perhaps",
		"host=db password=sesame port=none",
	} {
		store, err := db.Open(dsn)
		if err == nil {
			store.Close()
			t.Errorf("%s was taken", dsn)
			continue
		}
		if !strings.Contains(err.Error(), "database URL") || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func TestAConnectionNamesItselfAndCountsInUTC(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	if got := dbtest.One[string](t, store, "SHOW application_name"); got != "miniblog" {
		t.Errorf("application_name = %s", got)
	}
	if got := dbtest.One[string](t, store, "SHOW timezone"); got != "UTC" {
		t.Errorf("timezone = %s", got)
	}
}

func TestTheServerIsOfAVersionThatIsSupported(t *testing.T) {
	t.Parallel()
	version, err := dbtest.Store(t).ServerVersion(t.Context())
	noError(t, err)
	major, err := strconv.Atoi(version[:2])
	if err != nil || major < 15 {
		t.Errorf("the tests ran on PostgreSQL %s, and 15 is the oldest supported", version)
	}
}

// Each query is parsed once a connection, however often it is asked, and there is room for all of them.
func TestEveryQueryIsPreparedOnceAConnection(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	conn, err := store.Pool.Acquire(t.Context())
	noError(t, err)
	defer conn.Release()
	for range 3 {
		_, err := db.New(conn).Edition(t.Context())
		noError(t, err)
	}
	var prepared, runs int
	noError(t, conn.QueryRow(t.Context(), `SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements
		WHERE statement LIKE '-- name: Edition %'`).Scan(&prepared, &runs))
	if prepared != 1 || runs != 3 {
		t.Errorf("%d statements were prepared, and run %d times", prepared, runs)
	}
	queries := reflect.TypeFor[*db.Queries]().NumMethod()
	if room := store.Pool.Config().ConnConfig.StatementCacheCapacity; room < queries {
		t.Errorf("there is room for %d of %d queries", room, queries)
	}
}
