package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrPending means that the schema is older than the program: migrate first.
var ErrPending = errors.New("the database schema is older than this program: run 'miniblog migrate up'")

// ErrNewerSchema means that the schema is newer than the program. An older program
// could misread it, so it is refused and never migrated down.
var ErrNewerSchema = errors.New("the database schema is newer than this program: run a newer miniblog, or restore a backup made before the upgrade")

// Migration is one step of the schema and whether this database has taken it.
type Migration struct {
	Name    string
	Applied bool
}

// Migrate brings the schema up to what this program needs. Several programs may
// start at once: an advisory lock lets one migrate while the others wait.
// It returns the names of the steps taken, or ErrNewerSchema.
func (s *Store) Migrate(ctx context.Context) (taken []string, err error) {
	have, err := schemaVersion(ctx, s.Pool)
	if err != nil {
		return nil, err
	}
	if err := compareSchema(have); !errors.Is(err, ErrPending) {
		return nil, err
	}
	err = s.withGoose(func(provider *goose.Provider) error {
		results, err := provider.Up(ctx)
		for _, result := range results {
			taken = append(taken, result.Source.Path)
		}
		return err
	})
	return taken, err
}

// Migrations lists every step this program knows, oldest first.
func (s *Store) Migrations(ctx context.Context) (steps []Migration, err error) {
	have, err := schemaVersion(ctx, s.Pool)
	if err != nil {
		return nil, err
	}
	for _, name := range migrationNames() {
		steps = append(steps, Migration{Name: name, Applied: stepVersion(name) <= have})
	}
	return steps, nil
}

func (s *Store) withGoose(do func(*goose.Provider) error) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	// Poll each second for a minute: goose's own default of five seconds would
	// make the second of two programs that start together wait that long.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return err
	}
	connections := stdlib.OpenDBFromPool(s.Pool)
	defer connections.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, connections, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	return do(provider)
}

// schemaVersion reads the newest step the database has taken; 0 for an empty database.
func schemaVersion(ctx context.Context, pool *pgxpool.Pool) (version int64, err error) {
	var migrated bool
	err = pool.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&migrated)
	if err != nil || !migrated {
		return 0, err
	}
	err = pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

func compareSchema(have int64) error {
	switch need := newestStep(); {
	case have < need:
		return ErrPending
	case have > need:
		return fmt.Errorf("%w (it has step %d, this program knows %d)", ErrNewerSchema, have, need)
	}
	return nil
}

var newestStep = sync.OnceValue(func() (newest int64) {
	for _, name := range migrationNames() {
		newest = max(newest, stepVersion(name))
	}
	return newest
})

var migrationNames = sync.OnceValue(func() (names []string) {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		panic(err) // embedded at build time: it cannot be missing
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
})

// stepVersion reads 7 from 00007_posts.sql.
func stepVersion(name string) int64 {
	number, _, _ := strings.Cut(name, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic("db: migration without a number: " + name)
	}
	return version
}
