package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/jackc/pgx/v5"
)

// ErrNotRunning says that no process runs the database of the data directory.
var ErrNotRunning = errors.New("no miniblog runs this database")

// Join returns the connection strings of a database that another process runs, once it accepts connections, or
// ErrNotRunning. It is for commands that work beside a running blog; the database stops when that blog does.
func Join(ctx context.Context, dataDir string) (func(database string) string, error) {
	for {
		file, err := os.Open(lockPath(dataDir))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrNotRunning
		}
		if err != nil {
			return nil, fmt.Errorf("look for a running database: %w", err)
		}
		free := isFree(file)
		holder := parseNote(file)
		file.Close()
		if free {
			return nil, ErrNotRunning
		}
		if answers(ctx, holder.socketDir) {
			return func(database string) string { return dsn(holder.socketDir, database) }, nil
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return nil, fmt.Errorf("wait for the database of process %d: %w", holder.pid, err)
		}
	}
}

func answers(ctx context.Context, socketDir string) bool {
	if socketDir == "" {
		return false
	}
	conn, err := pgx.Connect(ctx, dsn(socketDir, role))
	if err != nil {
		return false
	}
	conn.Close(ctx)
	return true
}
