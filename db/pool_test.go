package db_test

import (
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
