package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// txAttempts is how often a transaction is run when PostgreSQL asks for another try.
const txAttempts = 3

// Tx runs work in one transaction and commits it. Work that fails is rolled back
// and its error returned. Work may run again when PostgreSQL refused it for a
// serialization failure or a deadlock, so it must change nothing but the database.
func (s *Store) Tx(ctx context.Context, work func(*Queries) error) (err error) {
	for range txAttempts {
		err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error { return work(New(tx)) })
		if !asksForRetry(err) {
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
