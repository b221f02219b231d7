package main_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

const mib = 1 << 20

// memory reads a line of /proc/PID/status, in bytes: VmRSS is what the process uses, VmHWM the most it ever did.
func (p *process) memory(name string) int {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	noError(p.t, err)
	bytes, err := memoryIn(string(text), name)
	noError(p.t, err)
	return bytes
}

func memoryIn(status, name string) (bytes int, err error) {
	_, after, _ := strings.Cut(status, "\n"+name+":")
	_, err = fmt.Sscanf(after, "%d kB", &bytes)
	return bytes << 10, err
}

// workers are the processes that hash for this one, and the most memory that they had, without the program that they share.
func (p *process) workers() (all struct{ number, most int }) {
	p.t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/status")
	noError(p.t, err)
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may have ended
		if status := string(text); strings.Contains(status, fmt.Sprintf("\nPPid:\t%d\n", p.Process.Pid)) {
			most, err := memoryIn(status, "VmHWM")
			shared, failed := memoryIn(status, "RssFile")
			noError(p.t, errors.Join(err, failed))
			all.number, all.most = all.number+1, all.most+most-shared
		}
	}
	return all
}

func TestAStormOfLoginsLeavesReadersAndMemoryAlone(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is read from /proc")
	}
	store := dbtest.Store(t)
	dbtest.Post(t, store, dbtest.User(t, store, "ada"))
	for n := range 250 {
		dbtest.User(t, store, fmt.Sprintf("ada-%d", n))
	}
	p := start(t, settings{"DATABASE_URL": store.Pool.Config().ConnString(), "MINIBLOG_TRUSTED_PROXIES": "127.0.0.1"})
	p.answers("/", 200)

	var logins sync.WaitGroup
	var mu sync.Mutex
	seen, begun := map[int]int{}, time.Now()
	for i := range 1000 {
		logins.Go(func() {
			status := p.attempt(i)
			mu.Lock()
			defer mu.Unlock()
			seen[status]++
		})
	}
	over := make(chan struct{})
	go func() { logins.Wait(); close(over) }()
	times := p.readUntil(over)
	apart := p.workers()
	t.Logf("1,000 logins in %s: %v; %d pages meanwhile, median %s, p99 %s, slowest %s; most memory %d MiB, and %d MiB of %d processes that hash",
		time.Since(begun).Round(time.Millisecond), seen, len(times), at(times, 50), at(times, 99), at(times, 100), p.memory("VmHWM")/mib,
		apart.most/mib, apart.number)
	for status := range seen {
		if !slices.Contains([]int{303, 422, 503}, status) {
			t.Errorf("%d logins were answered %d", seen[status], status)
		}
	}
	if seen[303] == 0 || apart.number == 0 {
		t.Errorf("%d were let in, by %d processes", seen[303], apart.number)
	}
	if most := p.memory("VmHWM") + apart.most; most > 192*mib {
		t.Errorf("it took %d MiB", most/mib)
	}
}

func TestACrowdBeyondTheLimitOfOpenFilesEndsNothing(t *testing.T) {
	t.Parallel()
	env := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": "127.0.0.1:0", "MINIBLOG_LOG": "json"}
	cmd := program(t, env, false)
	cmd.Args = []string{"/bin/sh", "-c", `ulimit -n 64 && exec "$0"`, cmd.Path}
	cmd.Path = cmd.Args[0]
	p := watch(t, cmd, "")
	p.listens()
	p.answers("/", http.StatusOK)
	var crowd []net.Conn
	for range 200 { // the system takes what the blog cannot
		crowd = append(crowd, p.dial())
	}
	time.Sleep(200 * time.Millisecond)
	for _, conn := range crowd {
		conn.Close()
	}
	p.becomes("/", http.StatusOK, 10*time.Second)
}

// attempt is one of many logins that no throttle stops: under each name there are four, two of them right, and
// each comes from an address of its own. It returns the status, 0 when there was no answer.
func (p *process) attempt(n int) int {
	client := p.caller()
	defer client.CloseIdleConnections()
	form := url.Values{"username": {fmt.Sprintf("ada-%d", n/4)}, "password": {[]string{dbtest.Password, "a wrong password"}[n%2]}}
	request, err := http.NewRequest(http.MethodPost, "http://localhost/login", strings.NewReader(form.Encode()))
	if err != nil {
		return 0
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.%d.%d", n/250, n%250))
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// readUntil asks for the home page again and again, and returns how long each answer took, sorted.
func (p *process) readUntil(over <-chan struct{}) (times []time.Duration) {
	p.t.Helper()
	for {
		begun := time.Now()
		p.answers("/", http.StatusOK)
		times = append(times, time.Since(begun).Round(100*time.Microsecond))
		select {
		case <-over:
			slices.Sort(times)
			return times
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

func TestTheProgramIsSmallAndQuick(t *testing.T) {
	store := dbtest.Store(t)
	path, err := build()
	noError(t, err)
	info, err := os.Stat(path)
	noError(t, err)
	t.Logf("the stripped, static program has %.1f MiB", float64(info.Size())/mib)
	if info.Size() > 30*mib { // code's colours 3, time zones and the fonts of pictures 1
		t.Error("that is more than 30 MiB")
	}

	begun := time.Now()
	p := start(t, settings{"DATABASE_URL": store.Pool.Config().ConnString()})
	took := p.becomes("/", http.StatusOK, 5*time.Second)
	t.Logf("first page %s after the start, %s of it after it listened", time.Since(begun).Round(time.Millisecond), took.Round(time.Millisecond))
	if time.Since(begun) > 5*time.Second {
		t.Error("that is more than 5 s")
	}
	if runtime.GOOS != "linux" {
		return
	}
	for range 20 {
		p.answers("/", http.StatusOK)
		p.answers("/login", http.StatusOK)
	}
	t.Logf("idle it takes %.1f MiB", float64(p.memory("VmRSS"))/mib)
	if p.memory("VmRSS") > 40*mib {
		t.Error("that is more than 40 MiB")
	}
}
