package password

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// ErrBusy says that the password could not be hashed soon enough because too
// many others are: the caller answers 503 with Retry-After.
var ErrBusy = errors.New("password: too many at once")

const (
	// patience is how long a person waits at a login before "try again" is kinder.
	patience = 2 * time.Second
	// settle is how long the gate is empty before its memory goes back.
	settle = 5 * time.Second
)

// Gate is the only way to hash a password or to compare one. It lets in as many
// at once as it has slots; a slot is one processor, and 19 MiB. How many wait is for
// its callers to bound. It is safe for concurrent use.
type Gate struct {
	slots *semaphore.Weighted
	size  int64
	wait  time.Duration
	line  atomic.Int64 // those hashing and those waiting
	empty *time.Timer
	free  func()

	leavings *leavings

	mu    sync.Mutex
	wide  bool // Go runs more threads at once, as a hash is under way or was just now
	widen func(gates int)
}

// New returns a gate with that many slots, at which nobody waits longer than
// wait for their turn (0: 2 s). 0 slots are all processors.
//
// While hashes are under way Go runs twice as many threads at once. A hash never pauses, and Go
// takes its thread from it every 10 ms only: on two processors a page from memory, 0.3 ms, would
// wait 10 ms (median; p99 40 ms). Side by side with them it has the system's turn, which is for who
// has slept: 0.3 ms (p99 6 ms), with as many hashes. A lower priority for the hashes' threads
// made that worse: Go's collector waits for each of them.
func New(slots int, wait time.Duration) *Gate {
	if slots < 1 {
		slots = processors
	}
	if wait <= 0 {
		wait = patience
	}
	g := &Gate{slots: semaphore.NewWeighted(int64(slots)), size: int64(slots), wait: wait, free: debug.FreeOSMemory, widen: runThreads, leavings: newLeavings(int64(slots))}
	g.empty = time.AfterFunc(settle, g.giveBack)
	g.empty.Stop()
	return g
}

// Hash returns the Argon2id hash of pw as a PHC string, with a salt of its own.
// It returns ErrBusy, or ctx.Err() when ctx ends before its turn. Whether pw may
// be chosen is Check's to say.
func (g *Gate) Hash(ctx context.Context, pw string) (string, error) {
	leave, err := g.enter(ctx, 1)
	if err != nil {
		return "", err
	}
	defer leave()
	return derive(pw).String(), nil
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
	ok, err = g.compare(ctx, h, pw)
	return ok, ok && !h.current(), err
}

// VerifyNobody takes as long as Verify and fails as it does, for a user who does
// not exist: the time of the answer must not tell who has an account (OWASP
// Authentication Cheat Sheet).
func (g *Gate) VerifyNobody(ctx context.Context, pw string) error {
	_, err := g.compare(ctx, decoy, pw)
	return err
}

func (g *Gate) compare(ctx context.Context, h stored, pw string) (bool, error) {
	leave, err := g.enter(ctx, g.weight(h))
	if err != nil {
		return false, err
	}
	defer leave()
	return h.matches(pw), nil
}

// weight is how many slots h takes; a stored hash that is larger than the whole gate
// takes it alone.
func (g *Gate) weight(h stored) int64 { return min(h.slots(), g.size) }

// enter waits for that many slots. Who got in calls leave.
func (g *Gate) enter(ctx context.Context, weight int64) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			g.stepOut()
		}
	}()
	g.line.Add(1)
	g.makeRoom()
	turn, cancel := context.WithTimeout(ctx, g.wait)
	defer cancel()
	if g.slots.Acquire(turn, weight) != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, ErrBusy
	}
	g.leavings.take(weight)
	free := func() {
		g.leavings.leave(weight)
		g.slots.Release(weight)
	}
	if ctx.Err() != nil { // gone meanwhile
		free()
		return nil, ctx.Err()
	}
	return func() { free(); g.stepOut() }, nil
}

func (g *Gate) stepOut() {
	if g.line.Add(-1) == 0 {
		g.empty.Reset(settle)
	}
}

// makeRoom has Go run more threads, for others than the hashes.
func (g *Gate) makeRoom() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.wide {
		g.wide = true
		g.widen(1)
	}
}

// giveBack ends that, and returns the memory of past hashes to the system. Left alone, Go keeps
// it until the collector runs of itself, two minutes later: after a single login
// an idle process would be 20 to 80 MiB larger than it has to be.
func (g *Gate) giveBack() {
	if g.narrow() {
		g.leavings.empty(g.free) // which is a whole collection: nobody is to wait for it
	}
}

// narrow has Go run as many threads as before, if nobody hashes.
func (g *Gate) narrow() (done bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.line.Load() != 0 || !g.wide {
		return false
	}
	g.wide = false
	g.widen(-1)
	return true
}

// processors are those that Go was given at the start.
var processors = runtime.GOMAXPROCS(0)

// hashing counts the gates with hashes under way: there may be several.
var hashing struct {
	sync.Mutex
	gates int
}

// runThreads has Go run twice as many threads at once while there are any such gates.
func runThreads(gates int) {
	hashing.Lock()
	defer hashing.Unlock()
	hashing.gates += gates
	threads := processors
	if hashing.gates > 0 {
		threads *= 2
	}
	if threads != runtime.GOMAXPROCS(0) { // which stops all of them
		runtime.GOMAXPROCS(threads)
	}
}
