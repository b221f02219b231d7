package cache

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	beat     = Lease / 2              // between two questions for the edition, while there are readers
	patience = 500 * time.Millisecond // of a reader with a beat that is late, before they go to the database themselves
	giveUp   = 2 * time.Second        // on one question: the connection is as good as cut
	again    = 250 * time.Millisecond // until another connection is tried
)

// Watch is a connection on which PostgreSQL tells of new editions.
type Watch interface {
	Edition(ctx context.Context) (int64, error) // asks for the newest
	Wait(ctx context.Context) error             // until one was told, or ctx ends
	Close()
}

// beats are what readers and the one who follows tell each other.
type beats struct {
	wanted atomic.Bool // since the last beat somebody asked the cache
	slow   atomic.Bool // the last answer came too late to hold when it came
	wake   atomic.Pointer[context.CancelFunc]

	mu   sync.Mutex
	next chan struct{} // closed by the next beat
}

func newBeats() beats { return beats{next: make(chan struct{})} }

// waiting is closed by the next beat.
func (b *beats) waiting() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next
}

func (b *beats) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.next)
	b.next = make(chan struct{})
}

// want notes that somebody asked the cache, and calls for a beat unless there was one just now.
func (b *beats) want(confirmed bool) {
	if !b.wanted.Load() {
		b.wanted.Store(true)
	}
	if wake := b.wake.Load(); !confirmed && wake != nil { // somebody follows
		(*wake)()
	}
}

// isCurrent tells whether the edition was confirmed just now; who asks after a silence waits
// for that, as long as a quick database takes.
func (c *Cache[K, V]) isCurrent() bool {
	if !c.beats.wanted.Load() {
		c.beats.wanted.Store(true)
	}
	if c.isConfirmed() {
		return true
	}
	next := c.beats.waiting()
	if c.isConfirmed() { // by the beat before that one
		return true
	}
	c.beats.wanted.Store(true)
	wake := c.beats.wake.Load()
	if wake == nil { // nobody follows
		return false
	}
	(*wake)()
	if c.beats.slow.Load() {
		return false
	}
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-next:
	case <-limit.C:
	}
	return c.isConfirmed()
}

func (c *Cache[K, V]) isConfirmed() bool {
	at := c.confirmed.Load()
	return at != 0 && time.Since(c.begun)-time.Duration(at) <= Lease
}

// Follow keeps the cache in step with the newest edition until ctx ends, on a connection of
// its own: told by PostgreSQL at once, and by asking again and again while there are readers,
// since a connection that is cut may not say so. While there is none, nothing is answered.
func (c *Cache[K, V]) Follow(ctx context.Context, connect func(ctx context.Context, tell func(int64)) (Watch, error), log *slog.Logger) {
	silent := false
	for ctx.Err() == nil {
		err := c.follow(ctx, connect, func() { silent = false })
		c.beats.wake.Store(nil)
		c.confirmed.Store(0)
		c.beats.done() // nobody is to wait for what does not come
		if ctx.Err() == nil && !silent {
			log.Warn("every page is made anew until the database says what has changed", "cause", err)
		}
		silent = true
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

func (c *Cache[K, V]) follow(
	ctx context.Context, connect func(ctx context.Context, tell func(int64)) (Watch, error), connected func(),
) error {
	connecting, cancel := context.WithTimeout(ctx, giveUp)
	defer cancel()
	watch, err := connect(connecting, c.Reach)
	if err != nil {
		return err
	}
	defer watch.Close()
	for isNew := true; ; isNew = false {
		if err := c.confirm(ctx, watch, isNew); err != nil {
			return err
		}
		connected()
		if err := c.rest(ctx, watch); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// confirm asks which edition is the newest. What it hears held when it asked. On a new
// connection, or where it is an older one than was known, everything that is kept may be of
// another past.
func (c *Cache[K, V]) confirm(ctx context.Context, watch Watch, isNew bool) error {
	c.beats.wanted.Store(false)
	known := c.known()
	asked := time.Since(c.begun)
	ctx, cancel := context.WithTimeout(ctx, giveUp)
	defer cancel()
	edition, err := watch.Edition(ctx)
	if err != nil {
		return err
	}
	if isNew || edition < known {
		c.restart(edition, known)
	} else {
		c.Reach(edition)
	}
	c.beats.slow.Store(time.Since(c.begun)-asked > Lease)
	c.confirmed.Store(int64(asked))
	c.beats.done()
	return nil
}

// rest waits, hearing of new editions, for a beat or, while nobody reads, for a reader.
func (c *Cache[K, V]) rest(ctx context.Context, watch Watch) error {
	for asked := false; !asked && ctx.Err() == nil; asked = c.beats.wanted.Load() {
		resting, cancel := context.WithCancel(ctx)
		c.beats.wake.Store(&cancel)
		timer := time.AfterFunc(beat, func() {
			if c.beats.wanted.Load() {
				cancel()
			}
		})
		if c.beats.wanted.Load() && !c.isConfirmed() { // a reader who came a moment too early to wake this
			cancel()
		}
		err := watch.Wait(resting)
		timer.Stop()
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}
