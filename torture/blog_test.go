package torture

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	author   = "ada"
	password = "seven grey herons"
)

// blog is the running program. It listens on a Unix socket: unlike a port it is free
// again for the next start, whatever else the machine does.
type blog struct {
	t       *testing.T
	program string
	socket  string
	dsn     string

	cmd  *exec.Cmd
	gone chan struct{} // closed when cmd has ended
	said *tail
}

// openBlog starts a blog on the database of a DSN.
func openBlog(t *testing.T, dsn string) *blog {
	t.Helper()
	program, err := build()
	noError(t, err)
	b := &blog{t: t, program: program, socket: filepath.Join(ownDir(t), "http"), dsn: dsn}
	b.open()
	t.Cleanup(b.kill)
	return b
}

// command prepares a run of the program, which sees no other settings than these.
func (b *blog) command(args ...string) *exec.Cmd {
	cmd := exec.Command(b.program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "DATABASE_URL=" + b.dsn, "MINIBLOG_ADDR=" + b.socket}
	return cmd
}

// launch starts the program and does not wait until it listens.
func (b *blog) launch() {
	b.t.Helper()
	b.said, b.gone = &tail{}, make(chan struct{})
	b.cmd = b.command()
	b.cmd.Stderr = b.said
	noError(b.t, b.cmd.Start())
	go func(cmd *exec.Cmd, gone chan struct{}) {
		_ = cmd.Wait() // it is killed, mostly
		close(gone)
	}(b.cmd, b.gone)
}

// open starts the program and waits until it serves.
func (b *blog) open() {
	b.t.Helper()
	b.launch()
	client := b.caller(time.Second)
	defer client.CloseIdleConnections()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if response, err := client.Get("http://localhost/healthz"); err == nil {
			response.Body.Close()
			return
		}
		select {
		case <-b.gone:
			b.t.Fatalf("the blog ended by itself: %s", b.said)
		default:
		}
		if time.Since(begun) > openLimit {
			b.t.Fatalf("the blog does not serve after %s: %s", openLimit, b.said)
		}
	}
}

func (b *blog) kill() {
	_ = b.cmd.Process.Kill() // it fails only when the process is gone
	<-b.gone
}

// caller is a browser's worth of HTTP: it follows no redirect.
func (b *blog) caller(patience time.Duration) *http.Client {
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", b.socket)
		}},
	}
}

// join adds the author to the blog and returns the cookie of a session.
func (b *blog) join() string {
	b.t.Helper()
	add := b.command("user", "add", author, "--password-stdin")
	add.Stdin = strings.NewReader(password + "\n")
	if out, err := add.CombinedOutput(); err != nil {
		b.t.Fatalf("user add: %v: %s", err, out)
	}
	time.Sleep(2 * lie) // a line that lies has brought the account to the database by then
	client := b.caller(openLimit)
	defer client.CloseIdleConnections()
	response, err := client.PostForm("http://localhost/login", url.Values{"username": {author}, "password": {password}})
	noError(b.t, err)
	response.Body.Close()
	for _, cookie := range response.Cookies() {
		if cookie.Name == "session" {
			return cookie.Name + "=" + cookie.Value
		}
	}
	b.t.Fatalf("login answered %d without a session", response.StatusCode)
	return ""
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (w *tail) Write(text []byte) (int, error) {
	const most = 8 << 10
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, text...)
	w.text = w.text[max(0, len(w.text)-most):]
	return len(text), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.text)
}
