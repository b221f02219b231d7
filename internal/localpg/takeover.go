package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// errGarbled says that postmaster.pid holds no number.
var errGarbled = errors.New("postmaster.pid is unreadable")

// pidFile is what a running postgres writes into postmaster.pid.
type pidFile struct {
	pid    int
	status string // "starting", "ready", "stopping"
	lines  []string
}

func readPidFile(dir string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return pidFile{}, errGarbled
	}
	file := pidFile{pid: pid, lines: lines}
	if len(lines) > 7 {
		file.status = strings.TrimSpace(lines[7])
	}
	return file, nil
}

// clear makes way for a new postmaster. We hold the lock, so a server that still runs here is the orphan of a blog that
// was killed, and it is stopped; what it committed is kept. No other process is ever signalled.
func (s *Server) clear(ctx context.Context) error {
	file, err := readPidFile(s.cluster.dir)
	if errors.Is(err, errGarbled) {
		return s.removeGarbled(ctx)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for an earlier database server: %w", err)
	}
	if file.pid <= 0 { // somebody repairs the files in single-user mode: postgres itself refuses, and says so
		return nil
	}
	// The handle is taken before the check, so that on Linux the signal cannot reach a process that got the number since.
	process, err := os.FindProcess(file.pid)
	if err != nil {
		return fmt.Errorf("look for an earlier database server: %w", err)
	}
	defer process.Release()
	if isPostmaster(file.pid, s.cluster.dir) {
		s.log.Info("stopping the database server that an earlier blog left", "pid", file.pid)
		return s.stopOrphan(ctx, process)
	}
	if file.pid != os.Getpid() && alive(file.pid) {
		return s.disown(file)
	}
	return nil
}

func (s *Server) stopOrphan(ctx context.Context, process *os.Process) error {
	for _, step := range []struct {
		signal   os.Signal
		patience time.Duration
	}{{syscall.SIGINT, fastShutdown}, {syscall.SIGQUIT, hardShutdown}} {
		_ = process.Signal(step.signal) // it fails only when the process is gone
		for end := time.Now().Add(step.patience); time.Now().Before(end); {
			if !isPostmaster(process.Pid, s.cluster.dir) {
				return nil
			}
			if err := sleep(ctx, pollEvery); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the database server that an earlier blog left (process %d) does not stop; end it with kill -QUIT %d", process.Pid, process.Pid)
}

// disown mends a postmaster.pid whose process is long dead while an unrelated one has its number now: postgres would
// refuse to start. Our own number in its place tells postgres that the file is stale, since we are its parent, yet
// keeps the rest, by which it makes sure that no backend of the dead server still uses the files.
func (s *Server) disown(file pidFile) error {
	s.log.Info("the database server that wrote postmaster.pid is gone", "pid", file.pid)
	file.lines[0] = strconv.Itoa(os.Getpid())
	if err := s.cluster.replace("postmaster.pid", strings.Join(file.lines, "\n")); err != nil {
		return err
	}
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(s.socketDir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the dead server's socket: %w", err)
		}
	}
	return nil
}

// removeGarbled removes a postmaster.pid that lost its text when the machine lost power, over which postgres would
// refuse to start for ever. A server that is just writing its own is given a second.
func (s *Server) removeGarbled(ctx context.Context) error {
	if err := sleep(ctx, time.Second); err != nil {
		return err
	}
	if _, err := readPidFile(s.cluster.dir); !errors.Is(err, errGarbled) {
		return s.clear(ctx)
	}
	s.log.Warn("removing a postmaster.pid without a number in it")
	return os.Remove(filepath.Join(s.cluster.dir, "postmaster.pid"))
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
