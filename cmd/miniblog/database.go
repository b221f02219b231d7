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

// errNoDatabase is told to a command that only looks, and so makes no database.
var errNoDatabase = errors.New("no database yet: the first start makes it")

// openToLook is openForCommand for a command that changes nothing: where no start
// has made a private database yet it makes none, and returns errNoDatabase.
func openToLook(ctx context.Context, settings *config.Config, log *slog.Logger) (*database, error) {
	if settings.DatabaseURL.Empty() {
		made, err := localpg.Exists(settings.DataDir)
		if err != nil {
			return nil, err
		}
		if !made {
			return nil, errNoDatabase
		}
	}
	return openForCommand(ctx, settings, log)
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

// opener is openForCommand or openToLook.
type opener func(context.Context, *config.Config, *slog.Logger) (*database, error)

// withOpened runs a command's work on the database as it stands.
func withOpened(
	ctx context.Context, settings *config.Settings, open opener, work func(context.Context, *database) error,
) (err error) {
	read, err := settings.Read()
	if err != nil {
		return err
	}
	log, _ := logger(read, slog.LevelWarn) // of warnings none is held back
	opened, err := open(ctx, read, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close(context.Background())) }()
	return work(ctx, opened)
}

// withDatabase runs a command's work on a migrated database, which it makes and
// migrates where that is left to do.
func withDatabase(ctx context.Context, settings *config.Settings, work func(context.Context, *database) error) error {
	return withOpened(ctx, settings, openForCommand, func(ctx context.Context, opened *database) error {
		if _, err := opened.Migrate(ctx); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
		return work(ctx, opened)
	})
}

// withReadyDatabase runs the work of a command that only looks, on a database that
// is there and migrated; else it says what is left to do.
func withReadyDatabase(ctx context.Context, settings *config.Settings, work func(context.Context, *database) error) error {
	return withOpened(ctx, settings, openToLook, func(ctx context.Context, opened *database) error {
		if err := opened.Store.Ready(ctx); err != nil {
			return err
		}
		return work(ctx, opened)
	})
}
