package dbtest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"miniblog/db"
)

// Statements are what was sent to PostgreSQL: queries by their names, and the rest as it was
// written. Each is a round trip.
type Statements struct {
	mu   sync.Mutex
	sent []string
}

// Watched is the same database through a pool of its own, and what is sent through it.
func Watched(t testing.TB, store *db.Store) (*db.Store, *Statements) {
	t.Helper()
	statements := &Statements{}
	config := store.Pool.Config()
	config.ConnConfig.Tracer = statements
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &db.Store{Queries: db.New(pool), Pool: pool}, statements
}

// During are the statements sent while something is done.
func (s *Statements) During(do func()) []string {
	s.mu.Lock()
	before := len(s.sent)
	s.mu.Unlock()
	do()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent[before:])
}

// TraceQueryStart is for pgx.
func (s *Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, sent pgx.TraceQueryStartData) context.Context {
	name := sent.SQL
	if named, ok := strings.CutPrefix(name, "-- name: "); ok {
		name, _, _ = strings.Cut(named, " ")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, name)
	return ctx
}

// TraceQueryEnd is for pgx.
func (s *Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
