package localpg

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// relay passes what postgres writes to the blog's log, and remembers the last of it for error messages.
type relay struct {
	log  *slog.Logger
	done chan struct{} // closed when the last process that writes is gone

	mu       sync.Mutex
	recent   []string
	lockHeld bool
}

func newRelay(log *slog.Logger) *relay {
	return &relay{log: log, done: make(chan struct{})}
}

func (r *relay) copy(from io.ReadCloser) {
	defer close(r.done)
	defer from.Close()
	lines := bufio.NewReaderSize(from, 16<<10)
	for {
		// Not a Scanner: that stops at an overlong line, and postgres would stop with it.
		line, _, err := lines.ReadLine()
		if err != nil {
			return
		}
		r.line(string(line))
	}
}

func (r *relay) line(line string) {
	state, message, ok := strings.Cut(line, " ")
	if !ok || len(state) != 5 {
		state, message = "", line
	}
	message = strings.TrimSpace(message)
	r.log.Log(context.Background(), level(state, message), "postgres: "+message)
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasPrefix(message, "LOG:") {
		return
	}
	r.lockHeld = r.lockHeld || state == "F0001" // lock_file_exists, also for shared memory in use
	r.recent = append(r.recent, message)
	r.recent = r.recent[max(0, len(r.recent)-5):]
}

// level keeps the log quiet about what the blog itself knows: its own failed statements, and sessions that end or are
// turned away (57P01 to 57P03) because the database stops or starts.
func level(state, message string) slog.Level {
	kind, _, _ := strings.Cut(message, ":")
	switch {
	case kind == "PANIC":
		return slog.LevelError
	case kind == "WARNING", kind == "FATAL" && !strings.HasPrefix(state, "57P0"):
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// drain waits until all of a dead postmaster's words are read; its backends may keep the pipe open a little longer.
func (r *relay) drain() {
	select {
	case <-r.done:
	case <-time.After(time.Second):
	}
}

func (r *relay) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.recent) == 0 {
		return "it says nothing"
	}
	return strings.Join(r.recent, "; ")
}

func (r *relay) sawLockHeld() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lockHeld
}
