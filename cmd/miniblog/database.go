package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"miniblog/db"
	"miniblog/internal/config"
	"miniblog/internal/localpg"
)

// privateDatabase is the name of the blog's database in its private PostgreSQL.
const privateDatabase = "miniblog"

// stopTimeout bounds how long the private PostgreSQL may take to stop.
const stopTimeout = 20 * time.Second

// database is an open store and what has to end with it.
type database struct {
	*db.Store
	private *localpg.Server // nil where DATABASE_URL names a server, or another process runs it
}

// close ends the connections and then the private PostgreSQL, which keeps all that was
// committed. Once insisted ends it waits for no query under way.
func (d *database) close(insisted context.Context) error {
	closed := make(chan struct{})
	go func() { d.Store.Close(); close(closed) }()
	select {
	case <-closed:
	case <-insisted.Done():
	}
	if d.private == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(insisted, stopTimeout)
	defer cancel()
	return d.private.Stop(ctx)
}

// openForServing opens the database that DATABASE_URL names or, without it, starts
// the private one. The holder is what a second start is told about this one.
func openForServing(ctx context.Context, settings *config.Config, log *slog.Logger, holder string) (*database, error) {
	if !settings.DatabaseURL.Empty() {
		store, err := db.Open(settings.DatabaseURL.Reveal())
		return &database{Store: store}, err
	}
	private, err := localpg.Start(ctx, localpg.Options{DataDir: settings.DataDir, Log: log, Holder: holder})
	if err != nil {
		return nil, err
	}
	store, err := db.Open(private.DSN(privateDatabase))
	if err != nil {
		return nil, errors.Join(err, private.Stop(ctx))
	}
	return &database{Store: store, private: private}, nil
}

// openForCommand opens the database for a command: beside a running blog where
// there is one, else starting the private database for as long as it takes.
func openForCommand(ctx context.Context, settings *config.Config, log *slog.Logger) (*database, error) {
	if settings.DatabaseURL.Empty() {
		dsn, err := localpg.Join(ctx, settings.DataDir)
		if err == nil {
			store, err := db.Open(dsn(privateDatabase))
			return &database{Store: store}, err
		}
		if !errors.Is(err, localpg.ErrNotRunning) {
			return nil, err
		}
	}
	return openForServing(ctx, settings, log, "a miniblog command")
}

// withDatabase runs a command's work on an open, migrated database.
func withDatabase(ctx context.Context, settings *config.Settings, work func(context.Context, *database) error) (err error) {
	read, err := settings.Read()
	if err != nil {
		return err
	}
	opened, err := openForCommand(ctx, read, logger(read, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close(context.Background())) }()
	if _, err := opened.Migrate(ctx); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	return work(ctx, opened)
}
