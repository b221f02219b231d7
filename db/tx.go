package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// txAttempts is how often a transaction is run when PostgreSQL asks for another try.
const txAttempts = 3

// Tx runs work in one transaction and commits it. Work that fails is rolled back
// and its error returned. Work may run again when PostgreSQL refused it for a
// serialization failure or a deadlock, so it must change nothing but the database.
func (s *Store) Tx(ctx context.Context, work func(*Queries) error) error {
	return retried(func() error {
		return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error { return work(New(tx)) })
	})
}

// Statement runs work that is one statement, which is a transaction by itself: it saves the
// two trips of Tx for its begin and its end. It may run again, too.
func (s *Store) Statement(work func(*Queries) error) error {
	return retried(func() error { return work(s.Queries) })
}

func retried(work func() error) (err error) {
	for range txAttempts {
		if err = work(); !asksForRetry(err) {
			return err
		}
	}
	return err
}

func asksForRetry(err error) bool {
	var refusal *pgconn.PgError
	const serializationFailure, deadlock = "40001", "40P01"
	return errors.As(err, &refusal) && (refusal.Code == serializationFailure || refusal.Code == deadlock)
}

// Snapshot runs work that only reads, and sees everything as it was at one moment.
func (s *Store) Snapshot(ctx context.Context, work func(*Queries) error) error {
	as := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, s.Pool, as, func(tx pgx.Tx) error { return work(New(tx)) })
}

// Searching runs work that only reads and searches. Each query is planned for what is
// looked for, as a common word is found otherwise than a rare one, and may take that long:
// the error of one that would take longer IsTooSlow. What is like something in part is told
// by pg_trgm, which counts a word with two letters the wrong way round as half alike.
func (s *Store) Searching(ctx context.Context, atMost time.Duration, work func(*Queries) error) error {
	const settings = `BEGIN READ ONLY;
		SET LOCAL plan_cache_mode = force_custom_plan;
		SET LOCAL max_parallel_workers_per_gather = 0;
		SET LOCAL pg_trgm.word_similarity_threshold = 0.45;
		SET LOCAL statement_timeout = %d`
	as := pgx.TxOptions{BeginQuery: fmt.Sprintf(settings, atMost.Milliseconds())}
	return pgx.BeginTxFunc(ctx, s.Pool, as, func(tx pgx.Tx) error { return work(New(tx)) })
}
