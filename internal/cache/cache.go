// Package cache keeps answers in memory for as long as they are of the newest edition of the
// blog, and for no moment longer than PostgreSQL vouches for.
//
// An edition is a number that every change of what readers see raises, in the transaction
// that makes the change. The cache holds answers of one edition alone: hearing of a newer one
// empties it. It answers while the edition was confirmed within the last Lease, which Follow
// sees to, and never while this process is changing what readers see.
package cache

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"
)

// Lease is how long the newest edition is taken for the newest after PostgreSQL was asked for
// it: what another process changed is seen within it, whatever becomes of the connection.
const Lease = 50 * time.Millisecond

// mostShare is the part of the cache that one value may take: a few large ones do not empty it.
const mostShare = 16

// Cache keeps values by their keys, of a size that is bounded together. It is safe for
// concurrent use.
type Cache[K comparable, V any] struct {
	most int64 // bytes

	mu      sync.Mutex
	kept    map[K]*list.Element // of *entry
	order   *list.List          // used last first
	size    int64               // bytes
	edition int64               // that all of it is of
	changes int                 // of what readers see, under way in this process

	confirmed atomic.Int64 // when the edition was asked for last, in nanoseconds since begun; none: 0
	begun     time.Time
	beats     beats
}

type entry[K comparable, V any] struct {
	key   K
	value V
	size  int64
}

// New makes a cache of at most that many bytes. Until it Follows it answers nothing.
func New[K comparable, V any](most int64) *Cache[K, V] {
	return &Cache[K, V]{
		most: most, kept: map[K]*list.Element{}, order: list.New(), begun: time.Now(), beats: newBeats(),
	}
}

// Get returns what is kept by that key, if it may be shown now. For what is kept it waits, where
// nobody has asked for anything for a while, until PostgreSQL has vouched for it.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	if !c.has(key) {
		c.beats.want(c.isConfirmed())
		return value, false
	}
	if !c.isCurrent() {
		return value, false
	}
	return c.get(key)
}

// GetNow is Get without waiting.
func (c *Cache[K, V]) GetNow(key K) (value V, ok bool) {
	if !c.isConfirmed() {
		return value, false
	}
	c.beats.want(true)
	return c.get(key)
}

func (c *Cache[K, V]) has(key K) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.kept[key]
	return ok
}

func (c *Cache[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.kept[key]
	if !ok || c.changes > 0 {
		return value, false
	}
	c.order.MoveToFront(found)
	return found.Value.(*entry[K, V]).value, true
}

// Put keeps a value of that size, in bytes, that was made of that edition, unless a newer one
// is known, is being made, or may be there unheard of. What was used least lately goes for it.
func (c *Cache[K, V]) Put(key K, value V, size, edition int64) (kept bool) {
	current := c.isConfirmed()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !current || c.changes > 0 || edition != c.edition || size > c.most/mostShare {
		return false
	}
	c.remove(c.kept[key])
	c.kept[key] = c.order.PushFront(&entry[K, V]{key, value, size})
	for c.size += size; c.size > c.most; {
		c.remove(c.order.Back())
	}
	return true
}

func (c *Cache[K, V]) remove(element *list.Element) {
	if element == nil {
		return
	}
	gone := c.order.Remove(element).(*entry[K, V])
	delete(c.kept, gone.key)
	c.size -= gone.size
}

// Reach tells the cache of an edition: what is older is dropped.
func (c *Cache[K, V]) Reach(edition int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if edition <= c.edition {
		return
	}
	c.edition = edition
	c.drop()
}

// known is the newest edition that was heard of.
func (c *Cache[K, V]) known() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.edition
}

// restart begins anew from an edition, which may be an older one: a database can lose its
// newest commits, or be replaced by another. Known is what was known when it was asked for:
// what was heard since is newer than either.
func (c *Cache[K, V]) restart(edition, known int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if edition > c.edition || c.edition == known {
		c.edition = edition
	}
	c.drop()
}

// Keeps tells whether something that is made now could be kept.
func (c *Cache[K, V]) Keeps() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes == 0 && c.isConfirmed()
}

func (c *Cache[K, V]) drop() {
	clear(c.kept)
	c.order.Init()
	c.size = 0
}

// Forget drops everything, for when it is not known what there is.
func (c *Cache[K, V]) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.confirmed.Store(0)
	c.drop()
}

// Change has nothing answered from memory until done is told the edition that the change has
// led to, or that it is not known: then everything is dropped.
func (c *Cache[K, V]) Change() (done func(edition int64, known bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	return func(edition int64, known bool) {
		if known {
			c.Reach(edition)
		} else {
			c.Forget()
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changes--
	}
}

// Use tells how many values are kept, and their size in bytes.
func (c *Cache[K, V]) Use() (values int, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.kept), c.size
}
