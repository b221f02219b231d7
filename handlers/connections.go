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

// lingerBytes is how much of a request that was refused unread is still taken.
const lingerBytes = 64 << 20

// connections is a listener that knows how many of its connections have a request under way.
type connections struct {
	net.Listener
	busy  atomic.Int64
	close func() error
}

func newConnections(listener net.Listener) *connections {
	return &connections{Listener: listener, close: sync.OnceValue(listener.Close)}
}

// Accept waits for the next connection. When the system has no more files for one it
// waits too: fasthttp would take that for the end, and any crowd could stop the blog.
func (l *connections) Accept() (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		accepted, err := l.Listener.Accept()
		switch {
		case err == nil:
			return &connection{Conn: accepted, busy: &l.busy}, nil
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

// quiet waits until no request is under way.
func (l *connections) quiet(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for l.busy.Load() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// connection is one client's. Only the goroutine that serves it changes working.
type connection struct {
	net.Conn
	busy    *atomic.Int64
	working bool // from a request's first byte to the end of its answer
	linger  atomic.Int64
}

// follow learns from fasthttp what happens on a connection.
func follow(conn net.Conn, state fasthttp.ConnState) {
	if c, ok := conn.(*connection); ok {
		c.works(state == fasthttp.StateActive)
	}
}

func (c *connection) works(working bool) {
	if working == c.working {
		return
	}
	c.working = working
	if working {
		c.busy.Add(1)
	} else {
		c.busy.Add(-1)
	}
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
		c.works(false) // nobody has to wait for this at the end of the program
		if c.SetReadDeadline(time.Now().Add(patience)) == nil {
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // it ends in an error: that is the aim
		}
	}
	return c.Conn.Close()
}
