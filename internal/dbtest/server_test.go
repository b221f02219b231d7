package dbtest

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTheSharedServerAnswers(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), Server(t)("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var fsync string
	if err := conn.QueryRow(t.Context(), "SHOW fsync").Scan(&fsync); err != nil || fsync != "off" {
		t.Errorf("fsync is %q (%v), want off: tests would be slow", fsync, err)
	}
}
