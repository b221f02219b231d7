package torture

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// proxy stands between the blog and PostgreSQL, and is the bad line between them.
type proxy struct {
	listener net.Listener
	// carry takes the bytes of one connection both ways until either end is gone.
	carry func(p *proxy, blog, server net.Conn)

	mu        sync.Mutex
	dice      *rand.Rand
	network   string
	address   string // of PostgreSQL
	lines     map[*net.TCPConn]bool
	stalled   time.Time // nothing passes before
	slow      time.Time // only crumbs pass before
	connected sync.WaitGroup
}

// openProxy begins to take connections; aim says where they lead.
func openProxy(t *testing.T, carry func(p *proxy, blog, server net.Conn)) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	p := &proxy{listener: listener, carry: carry, dice: dice(1000), lines: map[*net.TCPConn]bool{}}
	p.connected.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.cut()
		p.connected.Wait()
	})
	return p
}

// dsn leads to PostgreSQL through the proxy, in plain bytes so that they can be read.
// No password: PostgreSQL is told by the kernel who the proxy is.
func (p *proxy) dsn() string {
	return fmt.Sprintf("postgres://miniblog@%s/miniblog?sslmode=disable", p.listener.Addr())
}

func (p *proxy) aim(network, address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.network, p.address = network, address
}

func (p *proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.connected.Go(func() { p.serve(conn.(*net.TCPConn)) })
	}
}

func (p *proxy) serve(blog *net.TCPConn) {
	defer hangUp(blog)
	p.mu.Lock()
	network, address := p.network, p.address
	p.lines[blog] = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.lines, blog)
	}()
	server, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return // PostgreSQL is dead just now
	}
	defer server.Close()
	p.carry(p, blog, server)
}

// hangUp closes a connection as a lost machine does, with RST.
func hangUp(conn *net.TCPConn) {
	_ = conn.SetLinger(0) // it fails only when the connection is gone
	conn.Close()
}

// cut resets every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for line := range p.lines {
		hangUp(line)
	}
}

// stall lets nothing pass for a while.
func (p *proxy) stall(length time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = time.Now().Add(length)
}

// trickle lets only crumbs pass for a while.
func (p *proxy) trickle(length time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = time.Now().Add(length)
}

// weather is how long to wait before the next bytes, and how many may pass at once.
func (p *proxy) weather() (wait time.Duration, crumb int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); p.stalled.After(now) {
		return p.stalled.Sub(now), 0
	} else if p.slow.After(now) {
		return between(p.dice, 0, 4*time.Millisecond), 1 + p.dice.IntN(300)
	}
	return 0, 1 << 20
}

// carryBytes passes on what comes, in the weather there is.
func carryBytes(p *proxy, blog, server net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { p.pump(server, blog); server.Close() })
	p.pump(blog, server)
	hangUp(blog.(*net.TCPConn))
	both.Wait()
}

// pump copies until either end is gone.
func (p *proxy) pump(to io.Writer, from io.Reader) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		for text := buffer[:n]; len(text) > 0; {
			wait, crumb := p.weather()
			time.Sleep(wait)
			part := text[:min(crumb, len(text))]
			if _, err := to.Write(part); err != nil {
				return
			}
			text = text[len(part):]
		}
		if err != nil {
			return
		}
	}
}
