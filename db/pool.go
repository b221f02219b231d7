// Package db is the way to PostgreSQL: the pool, the migrations, transactions,
// what an error means, and the queries that sqlc writes from queries/*.sql.
// It is the only package that knows SQL, pgx's types or constraint names.
package db

//go:generate go tool -modfile=../tools/go.mod sqlc generate --file ../sqlc.yaml

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connectTimeout bounds one attempt to reach the server where the DSN says nothing (connect_timeout), so
// that a page asked for while it is away is answered at once and not after TCP gives up.
const connectTimeout = 2 * time.Second

// How many connections a pool has at most where the DSN does not say (pool_max_conns): five for each
// processor, within these bounds. They are opened when they are needed.
const (
	fewConnections  = 20
	manyConnections = 40
)

// Store is a pool of connections with every query on it. It is safe for
// concurrent use.
type Store struct {
	*Queries
	Pool *pgxpool.Pool
}

// Open makes a pool for a PostgreSQL DSN. It does not connect: use Ready for that.
// It fails only when the DSN cannot be read.
func Open(dsn string) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, connectTimeout)
	config.ConnConfig.RuntimeParams["application_name"] = "miniblog"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if !saysConnections(dsn) {
		config.MaxConns = int32(min(max(fewConnections, 5*runtime.GOMAXPROCS(0)), manyConnections))
	}
	config.MaxConnIdleTime = 5 * time.Minute
	config.AfterConnect = registerUUIDs
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("make the connection pool: %w", err)
	}
	return &Store{Queries: New(pool), Pool: pool}, nil
}

// saysConnections tells whether a DSN, which pgxpool could read, says how many connections there
// are to be: pgxpool has put its own number where none is said.
func saysConnections(dsn string) bool {
	config, err := pgx.ParseConfig(dsn)
	return err == nil && config.RuntimeParams["pool_max_conns"] != ""
}

// Close waits for queries under way and closes every connection.
func (s *Store) Close() { s.Pool.Close() }

// Connections is how many connections the pool has at most.
func (s *Store) Connections() int { return int(s.Pool.Config().MaxConns) }

// Ready returns nil when the server answers and its schema is the one this
// program needs; ErrPending or ErrNewerSchema when it is not; else the cause.
func (s *Store) Ready(ctx context.Context) error {
	have, err := schemaVersion(ctx, s.Pool)
	if err != nil {
		return err
	}
	return compareSchema(have)
}

// ServerVersion is the version the server gives itself, as "15.18 (Debian 15.18-0+deb12u1)".
func (s *Store) ServerVersion(ctx context.Context) (version string, err error) {
	err = s.Pool.QueryRow(ctx, "SHOW server_version").Scan(&version)
	return version, err
}

// Forgetful names the settings of the server by which a crash can take back what it
// said to be committed: none, unless somebody turned one off.
func (s *Store) Forgetful(ctx context.Context) (settings []string, err error) {
	err = s.Pool.QueryRow(ctx, `
		SELECT coalesce(array_agg(name ORDER BY name), '{}')
		FROM pg_settings
		WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'`).Scan(&settings)
	return settings, err
}
