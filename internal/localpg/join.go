package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// joinLimit is how long Join waits for a caller who sets no deadline.
const joinLimit = 15 * time.Second

// ErrNotRunning says that no process runs the database of the data directory.
var ErrNotRunning = errors.New("no miniblog runs this database")

// errNotYet says that the process that runs the database has not got far enough to start PostgreSQL.
var errNotYet = errors.New("it is still being prepared")

// Exists tells whether a start has made a database in the data directory; "" is DefaultDataDir. It changes nothing.
func Exists(dataDir string) (bool, error) {
	dir, err := locate(dataDir)
	if err != nil {
		return false, err
	}
	_, err = os.Lstat(clusterPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the database: %w", explain(err, dir))
	}
	return true, nil
}

// Join returns the connection strings of a database that another process runs, once it accepts connections, or
// ErrNotRunning. It is for commands that work beside a running blog; the database stops when that blog does. "" is
// DefaultDataDir.
//
// It waits until ctx ends, or 15 seconds where ctx has no deadline, and then returns what the database last said. One
// that belongs to another user is not waited for; the error names that user.
func Join(ctx context.Context, dataDir string) (func(database string) string, error) {
	dir, err := locate(dataDir)
	if err != nil {
		return nil, err
	}
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, joinLimit)
		defer cancel()
	}
	holder, err := await(ctx, dir)
	if err != nil {
		return nil, err
	}
	return func(database string) string { return dsn(holder.socketDir, database) }, nil
}

// await returns the note of the process that runs the database, once that accepts connections.
func await(ctx context.Context, dir string) (note, error) {
	last := errNotYet
	for {
		holder, err := holderOf(dir)
		if err != nil {
			return note{}, err
		}
		err = knock(ctx, holder.socketDir)
		if err == nil || refused(err) {
			return holder, explain(err, dir)
		}
		if ctx.Err() == nil { // else it says no more than that time is up
			last = err
		}
		if sleep(ctx, pollEvery) != nil {
			return note{}, fmt.Errorf("the database of process %d does not answer: %w", holder.pid, last)
		}
	}
}

// holderOf reads who runs the database, or returns ErrNotRunning.
func holderOf(dir string) (note, error) {
	file, err := os.Open(lockPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return note{}, ErrNotRunning
	}
	if err != nil {
		return note{}, fmt.Errorf("look for a running database: %w", explain(err, dir))
	}
	defer file.Close()
	if isFree(file) {
		return note{}, ErrNotRunning
	}
	return parseNote(file), nil
}

func knock(ctx context.Context, socketDir string) error {
	if socketDir == "" {
		return errNotYet
	}
	conn, err := pgx.Connect(ctx, dsn(socketDir, role))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// refused tells whether this user is turned away, which waiting does not mend.
func refused(err error) bool {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return strings.HasPrefix(refusal.Code, "28") // invalid authorization
	}
	return errors.Is(err, fs.ErrPermission)
}

// explain says whose database it is where that is why this user was turned away; other errors it leaves as they are.
func explain(err error, dir string) error {
	if !refused(err) {
		return err
	}
	owner, ownerErr := belongsTo(dir)
	if ownerErr != nil || owner == strconv.Itoa(os.Geteuid()) {
		return err
	}
	if found, lookupErr := user.LookupId(owner); lookupErr == nil {
		owner = found.Username
	} else {
		owner = "'#" + owner + "'" // as sudo takes an id without a name
	}
	return fmt.Errorf("the database belongs to user %s: run this as %s (sudo -u %s miniblog ...): %w", owner, owner, owner, err)
}

// belongsTo returns the id of the user whose blog uses the data directory. Of a directory behind a closed one it is the
// closed one's.
func belongsTo(dir string) (string, error) {
	uid, err := ownerOf(lockPath(dir))
	for errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		uid, err = ownerOf(dir)
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return strconv.FormatUint(uint64(uid), 10), err
}
