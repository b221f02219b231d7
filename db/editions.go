package db

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// goodbye bounds how long ending a connection that nothing waits for may take.
const goodbye = time.Second

// EditionWatch is a connection of its own on which PostgreSQL tells of each new edition.
// It is for one goroutine.
type EditionWatch struct{ conn *pgx.Conn }

// WatchEditions connects, and has every new edition's number told once it is committed, while
// Wait or Edition is under way.
func (s *Store) WatchEditions(ctx context.Context, tell func(number int64)) (*EditionWatch, error) {
	config := s.Pool.Config().ConnConfig
	config.RuntimeParams["application_name"] = "miniblog editions"
	config.OnNotification = func(_ *pgconn.PgConn, said *pgconn.Notification) {
		if number, err := strconv.ParseInt(said.Payload, 10, 64); err == nil {
			tell(number)
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to be told of editions: %w", err)
	}
	w := &EditionWatch{conn}
	if _, err := conn.Exec(ctx, "LISTEN edition"); err != nil {
		w.Close()
		return nil, fmt.Errorf("listen for editions: %w", err)
	}
	return w, nil
}

// Edition asks for the number of the newest edition.
func (w *EditionWatch) Edition(ctx context.Context) (int64, error) { return New(w.conn).Edition(ctx) }

// Wait waits until something is told, or until ctx ends, which is no error. Any error is the
// end of the connection.
func (w *EditionWatch) Wait(ctx context.Context) error {
	_, err := w.conn.WaitForNotification(ctx)
	if err != nil && ctx.Err() != nil && !w.conn.IsClosed() {
		return nil
	}
	return err
}

// Close ends the connection.
func (w *EditionWatch) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	_ = w.conn.Close(ctx) // it may be broken
}
