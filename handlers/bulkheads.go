package handlers

import (
	"cmp"
	"context"
	"hash/maphash"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
	"miniblog/internal/bulkhead"
	"miniblog/views"
)

// defaultConnections is how many connections to the database are shared out where Options say nothing.
const defaultConnections = 20

// crowd is how many may wait for each kind of work. Each holds some 20 KiB, and its form.
const crowd = 256

// How long one of them waits at most. A page that takes longer is asked for again anyway, and a
// search is typed on. A text is worth more waiting. Log-ins take the longest to be served: on two
// processors, beside readers who leave them half of those, a crowd takes some ten seconds.
const (
	searchingPatience = 2 * time.Second
	readingPatience   = 4 * time.Second
	writingPatience   = 8 * time.Second
	hashingPatience   = 15 * time.Second
)

// bulkheads are what requests that need the database are divided into, so that none of them
// can keep another from it. Together they hold fewer connections than there are: downloads and
// what the blog does by itself need some, too.
type bulkheads struct{ reading, searching, writing, hashing *bulkhead.Bulkhead }

// newBulkheads shares the connections out: a fifth each for writing and for what hashes passwords,
// a tenth each for searches, for downloads (account.ExportsAtOnce) and for the blog's own work;
// the rest, three tenths, are for reading.
func newBulkheads(connections int) bulkheads {
	connections = cmp.Or(connections, defaultConnections)
	fifth, tenth := max(1, connections/5), max(1, connections/10)
	return bulkheads{
		reading:   bulkhead.New(connections-2*fifth-3*tenth, crowd, readingPatience),
		searching: bulkhead.New(tenth, crowd, searchingPatience),
		writing:   bulkhead.New(fifth, crowd, writingPatience),
		hashing:   bulkhead.New(fifth, crowd, hashingPatience),
	}
}

// of is where a request belongs. A preview writes nothing, and a download is mostly read. Who is logged in
// proves a password among those who write: strangers who log in are not to stand in their way.
func (b bulkheads) of(c *fiber.Ctx) *bulkhead.Bulkhead {
	switch path := c.Path(); {
	case path == views.SearchURL:
		return b.searching
	case isRead(c), path == views.PreviewURL, path == views.ExportURL:
		return b.reading
	case path == views.LoginURL, path == views.SignupURL, strings.HasPrefix(path, views.ResetsURL+"/"):
		return b.hashing
	}
	return b.writing
}

// admit has a request wait for its turn, before anybody asks the database on its behalf. Its
// deadline begins with that.
func (s *Server) admit(c *fiber.Ctx) error {
	own := s.bulkheads.of(c)
	leave, ok := s.networks.enter(s.clientAddress(c))
	if !ok {
		return own.TurnAway()
	}
	defer leave()
	return own.Do(context.Background(), func() error {
		begin(c)
		return s.bound(c)
	})
}

// ofOneNetwork is how many requests from one network may wait and be at work, so that one client
// does not fill a line by which all others would be turned away.
const ofOneNetwork = crowd / 4

// networks count the requests of each. Some share a count, chance says which.
type networks struct {
	seed maphash.Seed
	all  [1 << 10]atomic.Int64
}

// enter counts a request until it leaves, if there are not too many from there. What comes from nearby may be
// everybody's, through a proxy that nobody named, and is not counted.
func (n *networks) enter(from netip.Addr) (leave func(), ok bool) {
	if !from.IsValid() || from.IsLoopback() || from.IsPrivate() {
		return func() {}, true
	}
	own := &n.all[maphash.String(n.seed, account.Network(from))%uint64(len(n.all))]
	leave = func() { own.Add(-1) }
	if own.Add(1) > ofOneNetwork {
		leave()
		return nil, false
	}
	return leave, true
}

// Use tells how much each kind of work is used, and how many wait together with somebody who waits to read.
func (s *Server) Use() map[string]bulkhead.Use {
	b := s.bulkheads
	return map[string]bulkhead.Use{
		"together": s.rounds.use(), "reading": b.reading.Use(), "searching": b.searching.Use(), "writing": b.writing.Use(), "hashing": b.hashing.Use(),
	}
}
