package handlers

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	lingerBytes = 64 << 20               // of a request that was refused unread are still taken
	lastLinger  = 500 * time.Millisecond // at the end of the program
	bulkKiB     = 64 << 10               // of large bodies may be under way at once
)

// phase is how far a connection's request has come.
type phase int

const (
	silent    phase = iota // nothing of one is here
	begun                  // its header is not
	working                // its header is: it is awaited at the end of the program
	lingering              // it was refused
)

// connections is a listener that knows how many of its connections have a request
// under way, and how much memory the large ones take.
type connections struct {
	net.Listener
	close func() error
	bulk  atomic.Int64 // KiB
	quick atomic.Int64 // answers on their way from atOnce

	// atOnce answers a request before fasthttp reads it, if it can.
	atOnce func(request []byte, c *connection) (answered bool, err error)

	mu     sync.Mutex
	open   map[*connection]struct{}
	busy   int
	ending bool
}

func newConnections(listener net.Listener) *connections {
	return &connections{Listener: listener, close: sync.OnceValue(listener.Close), open: map[*connection]struct{}{}}
}

// Accept waits for the next connection. When the system has no more files for one it
// waits too: fasthttp would take that for the end, and any crowd could stop the blog.
func (l *connections) Accept() (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		accepted, err := l.Listener.Accept()
		switch {
		case err == nil:
			return l.add(accepted), nil
		case !isShortage(err):
			return nil, err
		}
		time.Sleep(pause)
	}
}

func isShortage(err error) bool {
	return slices.ContainsFunc([]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM},
		func(shortage error) bool { return errors.Is(err, shortage) })
}

// Close takes no new connections. It may be called twice.
func (l *connections) Close() error { return l.close() }

func (l *connections) add(accepted net.Conn) *connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &connection{Conn: accepted, all: l}
	if socket, ok := accepted.(syscall.Conn); ok && l.atOnce != nil {
		c.raw, _ = socket.SyscallConn() // nil where it fails: then all is fasthttp's
	}
	l.open[c] = struct{}{}
	return c
}

// quiet waits until no request is under way.
func (l *connections) quiet(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for l.working() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

func (l *connections) working() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.busy + int(l.quick.Load())
}

// end waits no longer for requests, headers and refused bodies, whose clients may take any time.
func (l *connections) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ending = true
	for c := range l.open {
		switch c.phase {
		case silent, begun:
			_ = c.Conn.SetReadDeadline(time.Now())
		case lingering:
			_ = c.Conn.SetReadDeadline(time.Now().Add(lastLinger))
		}
	}
}

// admit takes room for a large body, if there is any.
func (l *connections) admit(kib int64) admission {
	if l.bulk.Add(kib) > bulkKiB {
		l.bulk.Add(-kib)
		return crowdedOut
	}
	return admission(kib)
}

// admission is the room, in KiB, that was taken for a request's body: 0 for a small one.
type admission int64

// crowdedOut is the admission of a large body for which there was no room.
const crowdedOut admission = -1

const day = 24 * time.Hour

// asTimeout hides the admission in a timeout, of a day or more. fasthttp shows the header to
// a function that does not learn whose it is; the deadline that this function asks for
// is all that the header's connection hears of it.
func (a admission) asTimeout() time.Duration { return time.Duration(a-crowdedOut+1) * day }

// admissionIn finds what asTimeout hid; ok is false for an ordinary deadline.
func admissionIn(deadline time.Time) (a admission, ok bool) {
	days := time.Until(deadline).Round(day) / day
	return admission(days) - 1 + crowdedOut, days > 0
}

// connection is one client's. Its listener's mutex guards its phase and what was admitted;
// the rest, but for what is atomic, is used by who serves it alone.
type connection struct {
	net.Conn
	all      *connections
	phase    phase
	admitted admission
	linger   atomic.Int64

	raw             syscall.RawConn
	ahead           []byte           // was read and is fasthttp's
	aheadIn         *[headLimit]byte // of heads
	pieces          [2][]byte        // of what is sent
	readBy, writeBy time.Time        // the deadlines
}

// isSilent tells whether the next byte is a request's first.
func (c *connection) isSilent() bool {
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	return c.phase == silent
}

// follow learns from fasthttp what happens on a connection.
func follow(conn net.Conn, state fasthttp.ConnState) {
	c, ok := conn.(*connection)
	switch {
	case !ok:
	case state == fasthttp.StateActive:
		c.enter(begun, 0)
	default:
		c.enter(silent, 0)
	}
}

// enter begins a phase, and gives back what the last one held.
func (c *connection) enter(next phase, admitted admission) {
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	c.all.bulk.Add(-int64(max(c.admitted, 0)))
	if c.phase == working {
		c.all.busy--
	}
	if next == working {
		c.all.busy++
	}
	c.phase, c.admitted = next, admitted
}

// SetReadDeadline is told by an admission that the header is complete, and keeps the
// deadline: it is the whole request's.
func (c *connection) SetReadDeadline(t time.Time) error {
	if admitted, ok := admissionIn(t); ok {
		c.enter(working, admitted)
		return nil
	}
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	if c.all.ending && (c.phase == silent || c.phase == begun) {
		t = time.Now()
	}
	c.readBy = t
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline notes the deadline.
func (c *connection) SetWriteDeadline(t time.Time) error {
	c.writeBy = t
	return c.Conn.SetWriteDeadline(t)
}

// wasCrowdedOut tells whether there was no room for the large body that now comes.
func wasCrowdedOut(conn net.Conn) bool {
	c, ok := conn.(*connection)
	if !ok {
		return false
	}
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	return c.admitted == crowdedOut
}

// lingerFor makes Close take what the client still sends for at most that long.
func lingerFor(conn net.Conn, patience time.Duration) {
	if c, ok := conn.(*connection); ok {
		c.linger.Store(int64(patience))
	}
}

// Close ends the connection. Closing while the client sends would make the kernel
// reset it and throw away the answer, so after a refusal only our own side is
// closed at first, and the rest is taken until the client has read why.
func (c *connection) Close() error {
	patience := time.Duration(c.linger.Swap(0))
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if patience > 0 && ok && half.CloseWrite() == nil {
		c.enter(lingering, 0) // nobody has to wait for this at the end of the program
		if c.lastDeadline(patience) == nil {
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // it ends in an error: that is the aim
		}
	}
	c.enter(silent, 0)
	c.all.mu.Lock()
	delete(c.all.open, c)
	c.all.mu.Unlock()
	return c.Conn.Close()
}

func (c *connection) lastDeadline(patience time.Duration) error {
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	if c.all.ending {
		patience = min(patience, lastLinger)
	}
	return c.Conn.SetReadDeadline(time.Now().Add(patience))
}
