package db_test

import (
	"crypto/sha256"
	"testing"

	"github.com/jackc/pgx/v5"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// Within a transaction the time stands still, so the edges can be met exactly.
func TestASessionEndsAtTheExactMoment(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ada := dbtest.User(t, store, "ada")
	for _, c := range []struct {
		created, seen string
		live, touched bool
	}{
		{"0", "0", true, false},
		{"1 hour", "10 minutes", true, true},
		{"1 hour", "599.999999 seconds", true, false},
		{"20 days", "13 days 23:59:59.999999", true, true},
		{"20 days", "14 days", false, false},
		{"20 days", "15 days", false, false},
		{"29 days 23:59:59.999999", "1 hour", true, true},
		{"30 days", "0", false, false},
		{"30 days", "1 hour", false, false},
	} {
		err := pgx.BeginFunc(t.Context(), store.Pool, func(tx pgx.Tx) error {
			defer tx.Rollback(t.Context())
			q, token := db.New(tx), sha256.Sum256([]byte(c.created+c.seen))
			_, err := tx.Exec(t.Context(), `INSERT INTO sessions (token_hash, user_id, created_at, seen_at)
				VALUES ($1, $2, now() - $3::interval, now() - $4::interval)`, token[:], ada, c.created, c.seen)
			noError(t, err)
			for range 2 { // a session that has ended does not come back
				if _, err = q.UseSession(t.Context(), token[:], nil); db.IsNone(err) == c.live || err != nil && !db.IsNone(err) {
					t.Errorf("created %s ago and seen %s ago: %v", c.created, c.seen, err)
				}
			}
			var touched bool
			noError(t, tx.QueryRow(t.Context(), "SELECT seen_at = now() AND $1 <> '0' FROM sessions", c.seen).Scan(&touched))
			if touched != c.touched {
				t.Errorf("created %s ago and seen %s ago: touched %v", c.created, c.seen, touched)
			}
			removed, err := q.PurgeSessions(t.Context())
			if err != nil || (removed == 0) != c.live {
				t.Errorf("created %s ago and seen %s ago: %d purged, %v", c.created, c.seen, removed, err)
			}
			return nil
		})
		if err != nil && err != pgx.ErrTxClosed {
			t.Error(err)
		}
	}
}
