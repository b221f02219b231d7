package db_test

import (
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

func TestIDsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	pool := dbtest.Store(t).Pool
	for _, id := range []uuid.UUID{uuid.Nil, uuid.Max, uuid.New()} {
		var same, asText uuid.UUID
		var perhaps, none *uuid.UUID
		var many []uuid.UUID
		err := pool.QueryRow(t.Context(), "SELECT $1::uuid, $1::uuid, NULL::uuid, ARRAY[$1::uuid, $2], $3::text::uuid", id, &id, id.String()).
			Scan(&same, &perhaps, &none, &many, &asText)
		if err != nil {
			t.Fatal(err)
		}
		if same != id || perhaps == nil || *perhaps != id || none != nil || len(many) != 2 || many[0] != id || many[1] != id || asText != id {
			t.Errorf("%s came back as %s, %v, %v, %v and %s", id, same, perhaps, none, many, asText)
		}
	}
	if err := pool.QueryRow(t.Context(), "SELECT NULL::uuid").Scan(new(uuid.UUID)); err == nil {
		t.Error("no id was read as one")
	}
}
