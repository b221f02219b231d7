package password

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/semaphore"
)

// ErrBusy says that the password could not be hashed soon enough because too
// many others are: the caller answers 503 with Retry-After.
var ErrBusy = errors.New("password: too many at once")

// patience is how long a person waits at a login before "try again" is kinder.
const patience = 2 * time.Second

// Gate is the only way to hash a password or to compare one. It lets in as many
// at once as it has slots; a slot is one processor, and 19 MiB. How many wait is for
// its callers to bound. It is safe for concurrent use.
type Gate struct {
	slots   *semaphore.Weighted
	size    int64
	wait    time.Duration
	workers *workers // nil: passwords are hashed in this process
}

// New returns a gate with that many slots, at which nobody waits longer than
// wait for their turn (0: 2 s). 0 slots are all processors. It hashes in this process.
func New(slots int, wait time.Duration) *Gate {
	if slots < 1 {
		slots = runtime.GOMAXPROCS(0)
	}
	if wait <= 0 {
		wait = patience
	}
	return &Gate{slots: semaphore.NewWeighted(int64(slots)), size: int64(slots), wait: wait}
}

// Apart has the gate hash in processes of their own, which run this program with an argument that makes it
// a worker, and returns it. They start when somebody logs in, and end when nobody has for five seconds.
//
// A hash never pauses, so that in one process with the pages it would keep its thread from them for
// 10 ms at a time, and leaves 19 MiB behind, for which Go's collector would stop all that goes on: that cost a
// tenth of the log-ins. Between processes the system has turns, which are for who has slept.
func (g *Gate) Apart(log *slog.Logger) (*Gate, error) {
	path, err := itself()
	g.workers = newWorkers(log, path, []string{workerArgument})
	return g, err
}

// itself is the path of the program that runs: on Linux also once another has been put in its place.
func itself() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// Hash returns the Argon2id hash of pw as a PHC string, with a salt of its own.
// It returns ErrBusy, or ctx.Err() when ctx ends before its turn. Whether pw may
// be chosen is Check's to say.
func (g *Gate) Hash(ctx context.Context, pw string) (string, error) {
	made, err := g.carryOut(ctx, 1, order{Password: []byte(pw)})
	return made.Encoded, err
}

// Verify reports whether encoded is the hash of pw and, if it is, whether it
// should be replaced by a new one (see NeedsRehash). An empty encoded is an
// account without a password: no pw matches it. The errors are ErrBusy,
// ctx.Err() and ErrMalformed; whatever the answer, unless it is one of the first
// two, it takes the time of one hash.
//
// Imported hashes (CheckImported) are compared at their own cost, which may be many times
// as much: until an imported account's first login, who measures wrong answers can tell
// it from an unknown name. Slowing every unknown name down to the costliest hash would
// hide that, and hand a storm of logins the processors.
func (g *Gate) Verify(ctx context.Context, encoded, pw string) (ok, rehash bool, err error) {
	if encoded == "" {
		return false, false, g.VerifyNobody(ctx, pw)
	}
	h, malformed := readStored(encoded)
	if malformed != nil {
		if err := g.VerifyNobody(ctx, pw); err != nil {
			return false, false, err
		}
		return false, false, malformed
	}
	ok, err = g.compare(ctx, h, encoded, pw)
	return ok, ok && !h.current(), err
}

// VerifyNobody takes as long as Verify and fails as it does, for a user who does
// not exist: the time of the answer must not tell who has an account (OWASP
// Authentication Cheat Sheet).
func (g *Gate) VerifyNobody(ctx context.Context, pw string) error {
	_, err := g.compare(ctx, decoy, decoy.String(), pw)
	return err
}

// compare takes the hash as it is stored, too.
func (g *Gate) compare(ctx context.Context, h stored, encoded, pw string) (bool, error) {
	compared, err := g.carryOut(ctx, g.weight(h), order{Encoded: encoded, Password: []byte(pw)})
	return compared.Matches, err
}

// weight is how many slots h takes; a stored hash that is larger than the whole gate
// takes it alone.
func (g *Gate) weight(h stored) int64 { return min(h.slots(), g.size) }

// carryOut waits for that many slots, and has the order carried out.
func (g *Gate) carryOut(ctx context.Context, weight int64, o order) (result, error) {
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	turn, cancel := context.WithTimeout(ctx, g.wait)
	defer cancel()
	if g.slots.Acquire(turn, weight) != nil {
		if ctx.Err() != nil {
			return result{}, ctx.Err()
		}
		return result{}, ErrBusy
	}
	defer g.slots.Release(weight)
	if ctx.Err() != nil { // gone meanwhile
		return result{}, ctx.Err()
	}
	if g.workers == nil {
		return o.carryOut(), nil
	}
	return g.workers.carryOut(o), nil
}
