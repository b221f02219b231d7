package cache_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"miniblog/internal/cache"
)

// server stands for PostgreSQL: it has an edition, and can be silent or away.
type server struct {
	edition  atomic.Int64
	silent   atomic.Bool
	away     atomic.Bool
	asked    atomic.Int64
	mu       sync.Mutex
	tell     func(int64)
	wait     chan error
	connects atomic.Int64
}

func (s *server) connect(_ context.Context, tell func(int64)) (cache.Watch, error) {
	if s.away.Load() {
		return nil, errors.New("away")
	}
	s.connects.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell, s.wait = tell, make(chan error, 1)
	return &watch{s, s.wait}, nil
}

// cut ends the connection as the server does.
func (s *server) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait <- errors.New("cut")
}

// publish makes an edition and tells it.
func (s *server) publish() {
	number := s.edition.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(number)
}

type watch struct {
	server *server
	wait   chan error
}

func (w *watch) Edition(ctx context.Context) (int64, error) {
	w.server.asked.Add(1)
	if w.server.silent.Load() {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return w.server.edition.Load(), nil
}

func (w *watch) Wait(ctx context.Context) error {
	select {
	case err := <-w.wait:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (w *watch) Close() {}

// following is a cache that follows a server.
func following(t *testing.T, most int64) (*cache.Cache[string, string], *server) {
	t.Helper()
	c, s := cache.New[string, string](most), &server{}
	s.edition.Store(1)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Follow(ctx, s.connect, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() { cancel(); <-ended })
	until(t, func() bool { return s.asked.Load() > 0 })
	put(t, c, "warm", 1, 1)
	return c, s
}

func until(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within 10 s")
		}
	}
}

// put keeps a value, and asks first, as readers do, so that the edition is confirmed.
func put(t *testing.T, c *cache.Cache[string, string], key string, size, edition int64) {
	t.Helper()
	until(t, func() bool { c.Get(key); return c.Put(key, key, size, edition) })
}

func wants(t *testing.T, c *cache.Cache[string, string], keys ...string) {
	t.Helper()
	for _, key := range keys {
		if value, ok := c.Get(key); !ok || value != key {
			t.Errorf("%s is not kept", key)
		}
	}
}

func lacks(t *testing.T, c *cache.Cache[string, string], keys ...string) {
	t.Helper()
	for _, key := range keys {
		if _, ok := c.Get(key); ok {
			t.Errorf("%s is answered", key)
		}
	}
}

func TestNothingIsAnsweredUnlessSomebodyFollows(t *testing.T) {
	c := cache.New[string, string](100)
	c.Reach(1)
	if c.Put("a", "a", 1, 1) {
		t.Error("it was kept")
	}
	lacks(t, c, "a")
}

func TestWhatWasUsedLeastLatelyGoesFirst(t *testing.T) {
	c, _ := following(t, 160)
	keys := strings.Split("abcdefghijklmnop", "")
	for _, key := range keys {
		put(t, c, key, 10, 1)
	}
	wants(t, c, "a")
	put(t, c, "q", 10, 1)
	lacks(t, c, "b", "warm")
	wants(t, c, append(keys[2:], "a", "q")...)
	if c.Put("r", "r", 11, 1) {
		t.Error("more than a sixteenth was kept as one")
	}
	put(t, c, "a", 5, 1)
	if values, bytes := c.Use(); values != 16 || bytes != 155 {
		t.Errorf("it has %d values of %d bytes, want 16 of 155", values, bytes)
	}
}

func TestANewEditionDropsWhatIsOlder(t *testing.T) {
	c, s := following(t, 100)
	s.publish()
	lacks(t, c, "warm")
	if c.Put("late", "late", 1, 1) {
		t.Error("what was made of the older edition was kept")
	}
	put(t, c, "new", 1, 2)
	c.Reach(1)
	wants(t, c, "new")
}

func TestAnEditionThatGoesBackDropsEverything(t *testing.T) {
	c, s := following(t, 100)
	s.edition.Store(100)
	put(t, c, "new", 1, 100)
	s.edition.Store(98) // the database lost its newest commits
	time.Sleep(cache.Lease + time.Millisecond)
	lacks(t, c, "new")
	put(t, c, "older", 1, 98)
	wants(t, c, "older")
}

func TestANewConnectionMayBeToAnotherPast(t *testing.T) {
	c, s := following(t, 100)
	s.cut()
	until(t, func() bool { return s.connects.Load() > 1 })
	until(t, func() bool { c.Get("warm"); return c.Keeps() })
	lacks(t, c, "warm")
}

func TestAnEditionThatNobodyToldIsSeenWithinTheLease(t *testing.T) {
	c, s := following(t, 100)
	for range 20 {
		s.edition.Add(1) // and nothing is told
		time.Sleep(cache.Lease + time.Millisecond)
		lacks(t, c, "warm")
		put(t, c, "warm", 1, s.edition.Load())
	}
}

func TestASilentServerHasNothingAnsweredFromMemory(t *testing.T) {
	c, s := following(t, 100)
	s.silent.Store(true)
	time.Sleep(cache.Lease + time.Millisecond)
	lacks(t, c, "warm")
	s.silent.Store(false)
	until(t, func() bool { return c.Put("again", "again", 1, 1) || func() bool { c.Get("again"); return false }() })
	wants(t, c, "again")
}

func TestACutConnectionHasNothingAnsweredUntilThereIsAnother(t *testing.T) {
	c, s := following(t, 100)
	s.away.Store(true)
	s.cut()
	until(t, func() bool { _, ok := c.Get("warm"); return !ok })
	time.Sleep(2 * cache.Lease)
	lacks(t, c, "warm")
	s.away.Store(false)
	until(t, func() bool { return s.connects.Load() > 1 })
	put(t, c, "again", 1, 1)
	wants(t, c, "again")
}

func TestNothingIsAnsweredWhileThisProcessChangesSomething(t *testing.T) {
	c, _ := following(t, 100)
	one, two := c.Change(), c.Change()
	lacks(t, c, "warm")
	one(1, true)
	lacks(t, c, "warm")
	if c.Put("meanwhile", "meanwhile", 1, 1) {
		t.Error("something was kept meanwhile")
	}
	two(1, true)
	wants(t, c, "warm")
	c.Change()(2, true)
	lacks(t, c, "warm")
	put(t, c, "new", 1, 2)
	c.Change()(0, false)
	lacks(t, c, "new")
}

func TestNobodyIsAskedWhileNobodyReads(t *testing.T) {
	_, s := following(t, 100)
	time.Sleep(3 * cache.Lease)
	before := s.asked.Load()
	time.Sleep(10 * cache.Lease)
	if more := s.asked.Load() - before; more > 1 {
		t.Errorf("it asked %d times", more)
	}
}

func TestWhoDoesNotWaitGetsWhatIsVouchedForNow(t *testing.T) {
	c, _ := following(t, 100)
	wants(t, c, "warm")
	if value, ok := c.GetNow("warm"); !ok || value != "warm" {
		t.Error("what was confirmed just now is not answered")
	}
	time.Sleep(10 * cache.Lease) // in which nobody asks
	if _, ok := c.GetNow("warm"); ok {
		t.Error("something is answered that nobody vouches for")
	}
	wants(t, c, "warm")
	for range 5 * cache.Lease / (10 * time.Millisecond) { // who does not wait keeps it confirmed, too
		time.Sleep(10 * time.Millisecond)
		c.GetNow("warm")
	}
	until(t, func() bool { _, ok := c.GetNow("warm"); return ok })
	if _, ok := c.GetNow("none"); ok {
		t.Error("what is not kept is answered")
	}
}
