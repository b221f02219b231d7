package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

// startLimit bounds the wait for a start, with room for initdb on a busy machine, and every wait of which no length is promised.
const startLimit = 60 * time.Second

// process is a running blog.
type process struct {
	*exec.Cmd
	t       *testing.T
	dataDir string
	ready   chan struct{} // closed once it says that it listens
	gone    chan struct{}

	mu          sync.Mutex
	log         []string
	addr, admin string
}

// launch starts a blog that logs in JSON, and returns at once.
func launch(t *testing.T, env settings, ordinary bool) *process {
	t.Helper()
	env = maps.Clone(env)
	env["MINIBLOG_LOG"] = "json"
	if env["MINIBLOG_ADDR"] == "" {
		env["MINIBLOG_ADDR"] = "127.0.0.1:0"
	}
	return watch(t, program(t, env, ordinary), env["MINIBLOG_DATA_DIR"])
}

// watch starts a prepared blog and reads its log until the test ends.
func watch(t *testing.T, cmd *exec.Cmd, dataDir string) *process {
	t.Helper()
	p := &process{Cmd: cmd, t: t, dataDir: dataDir, ready: make(chan struct{}), gone: make(chan struct{})}
	stderr, err := p.StderrPipe()
	noError(t, err)
	noError(t, p.Start())
	go func() {
		p.follow(stderr)
		_ = p.Wait() // how it ended is in ProcessState
		close(p.gone)
	}()
	t.Cleanup(p.end)
	return p
}

// start starts a blog and waits until it listens.
func start(t *testing.T, env settings) *process {
	t.Helper()
	p := launch(t, env, false)
	p.listens()
	return p
}

func (p *process) listens() {
	p.t.Helper()
	select {
	case <-p.ready:
	case <-p.gone:
		p.t.Fatalf("it ended: %s", p.said())
	case <-time.After(startLimit):
		p.t.Fatalf("it does not listen: %s", p.said())
	}
}

// follow reads the log.
func (p *process) follow(stderr io.Reader) {
	lines := bufio.NewScanner(stderr)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Msg   string `json:"msg"`
			Addr  string `json:"addr"`
			Admin string `json:"admin_addr"`
		}
		_ = json.Unmarshal(lines.Bytes(), &line) // what is no JSON is an error, and kept all the same
		p.mu.Lock()
		p.log = append(p.log, lines.Text())
		if line.Admin != "" {
			p.admin = line.Admin
		}
		if line.Msg == "listening" {
			p.addr = line.Addr
			close(p.ready)
		}
		p.mu.Unlock()
	}
}

// said is the end of the log.
func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log[max(0, len(p.log)-20):], "\n")
}

func (p *process) send(signal os.Signal) {
	p.t.Helper()
	noError(p.t, p.Process.Signal(signal))
}

// exits waits for the end and returns the exit code, -1 for one by a signal.
func (p *process) exits(limit time.Duration) int {
	p.t.Helper()
	select {
	case <-p.gone:
		return p.ProcessState.ExitCode()
	case <-time.After(limit):
		p.t.Fatalf("it does not end within %s: %s", limit, p.said())
		return 0
	}
}

// end leaves nothing running, however the test went.
func (p *process) end() {
	_ = p.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.gone:
	case <-time.After(startLimit):
		p.t.Errorf("it does not end: %s", p.said())
		_ = p.Process.Kill()
		<-p.gone
	}
	if pid := postmaster(p.dataDir); pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGQUIT)
		for alive(pid) {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// postmaster returns the process that runs the private PostgreSQL of a data directory, 0 for none.
func postmaster(dataDir string) int {
	text, err := os.ReadFile(filepath.Join(dataDir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || pid <= 0 || !alive(pid) {
		return 0
	}
	return pid
}

// alive is false for a process that has ended and was not collected, as in containers without an init.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		return !strings.Contains(string(stat), ") Z ")
	}
	return syscall.Kill(pid, 0) == nil
}

// leftNothing asserts that the private PostgreSQL is gone too.
func (p *process) leftNothing() {
	p.t.Helper()
	if pid := postmaster(p.dataDir); pid != 0 {
		p.t.Errorf("its PostgreSQL still runs as process %d: %s", pid, p.said())
	}
}

// caller is a browser's worth of HTTP against the process: no redirects are followed.
func (p *process) caller() *http.Client {
	return &http.Client{
		Timeout:       60 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			network := "tcp"
			if strings.HasPrefix(p.addr, "/") {
				network = "unix"
			}
			return new(net.Dialer).DialContext(ctx, network, p.addr)
		}},
	}
}

// get returns the status, 0 when there was no answer, and the page.
func (p *process) get(path string) (status int, header http.Header, body string) {
	client := p.caller()
	defer client.CloseIdleConnections()
	response, err := client.Get("http://localhost" + path)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, err.Error()
	}
	return response.StatusCode, response.Header, string(text)
}

func (p *process) answers(path string, status int) {
	p.t.Helper()
	if got, _, body := p.get(path); got != status {
		p.t.Fatalf("%s answered %d, want %d: %.300s\n%s", path, got, status, body, p.said())
	}
}

// becomes waits until the path answers with the status, and returns how long that took.
func (p *process) becomes(path string, status int, limit time.Duration) time.Duration {
	p.t.Helper()
	begun := time.Now()
	for {
		got, _, body := p.get(path)
		if got == status {
			return time.Since(begun)
		}
		if time.Since(begun) > limit {
			p.t.Fatalf("%s answers %d after %s, want %d: %.300s\n%s", path, got, limit, status, body, p.said())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// login returns the session cookie of dbtest's standing people.
func (p *process) login(username string) string {
	p.t.Helper()
	response, err := p.caller().PostForm("http://localhost/login", url.Values{"username": {username}, "password": {dbtest.Password}})
	noError(p.t, err)
	defer response.Body.Close()
	for _, cookie := range response.Cookies() {
		if cookie.Name == "session" && response.StatusCode == http.StatusSeeOther {
			return cookie.Value
		}
	}
	p.t.Fatalf("login answered %d without a session", response.StatusCode)
	return ""
}

// formRequest is a form sent from the blog's own page by who holds the session.
func formRequest(session, path string, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequest(http.MethodPost, "http://localhost"+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Cookie", "session="+session)
	return request, nil
}

// add makes an account with dbtest's password by the command.
func add(t *testing.T, env settings, username string) {
	t.Helper()
	run(t, env, dbtest.Password+"\n", "user", "add", username, "--password-stdin").wants(t, 0)
}
