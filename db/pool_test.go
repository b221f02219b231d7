package db_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

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

func TestAPoolHasAsManyConnectionsAsItsDSNSays(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][2]int{
		"postgres://db/miniblog?pool_max_conns=7": {7, 7},
		"host=db pool_max_conns=1":                {1, 1},
		"postgres://db/miniblog?pool_min_conns=1": {20, 40},
		"host=db dbname=pool_max_conns":           {20, 40},
	} {
		store, err := db.Open(dsn)
		noError(t, err)
		store.Close()
		if got := store.Connections(); got < want[0] || got > want[1] {
			t.Errorf("%s: %d connections, want %v", dsn, got, want)
		}
	}
}

func TestTheServerIsWaitedForAsLongAsTheDSNSays(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]time.Duration{
		"postgres://db/miniblog":                   2 * time.Second,
		"postgres://db/miniblog?connect_timeout=7": 7 * time.Second,
		"host=db connect_timeout=1":                time.Second,
	} {
		store, err := db.Open(dsn)
		noError(t, err)
		store.Close()
		if got := store.Pool.Config().ConnConfig.ConnectTimeout; got != want {
			t.Errorf("%s: it is waited for %s, want %s", dsn, got, want)
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
