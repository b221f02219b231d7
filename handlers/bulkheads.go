package handlers

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

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

// of is where a request belongs. A preview writes nothing, and a download is mostly read. What is
// about accounts asks for a password, if only sometimes.
func (b bulkheads) of(c *fiber.Ctx) *bulkhead.Bulkhead {
	switch path := c.Path(); {
	case path == views.SearchURL:
		return b.searching
	case isRead(c), path == views.PreviewURL, path == views.ExportURL:
		return b.reading
	case path == views.LoginURL, path == views.SignupURL, strings.HasPrefix(path, views.ResetsURL+"/"),
		strings.HasPrefix(path, views.SettingsURL+"/"), strings.HasPrefix(path, views.AdminURL+"/"):
		return b.hashing
	}
	return b.writing
}

// admit has a request wait for its turn, before anybody asks the database on its behalf. Its
// deadline begins with that.
func (s *Server) admit(c *fiber.Ctx) error {
	return s.bulkheads.of(c).Do(context.Background(), func() error { return s.bound(c) })
}

// Use tells how much each kind of work is used.
func (s *Server) Use() map[string]bulkhead.Use {
	b := s.bulkheads
	return map[string]bulkhead.Use{
		"reading": b.reading.Use(), "searching": b.searching.Use(), "writing": b.writing.Use(), "hashing": b.hashing.Use(),
	}
}
