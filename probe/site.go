package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"miniblog/db"
	"miniblog/internal/localpg"
)

const (
	startLimit = 2 * time.Minute
	endLimit   = 30 * time.Second
)

// site is a running blog on its private PostgreSQL, in a directory of its own.
type site struct {
	dir   string
	blog  *exec.Cmd
	gone  chan struct{} // closed when the blog has ended
	addr  string
	store *db.Store
}

// openSite builds and starts a blog with a few posts, and has its throttle forget at once: what is tried a thousand
// times must reach the code behind it.
func openSite(ctx context.Context) (s *site, err error) {
	dir, err := os.MkdirTemp("", "miniblog-probe-")
	if err != nil {
		return nil, err
	}
	s = &site{dir: dir, gone: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.program(), "miniblog/cmd/miniblog").CombinedOutput(); err != nil {
		return s, fmt.Errorf("build the blog: %w\n%s", err, out)
	}
	if err := s.start(ctx); err != nil {
		return s, err
	}
	if err := s.run("", "demo", "--authors", "2", "--posts", "25"); err != nil {
		return s, err
	}
	dsn, err := localpg.Join(ctx, filepath.Join(dir, "data"))
	if err != nil {
		return s, err
	}
	s.store, err = db.Open(dsn("miniblog"))
	go s.forget(ctx)
	return s, err
}

func (s *site) program() string { return filepath.Join(s.dir, "miniblog") }

func (s *site) start(ctx context.Context) error {
	log, err := os.Create(s.log())
	if err != nil {
		return err
	}
	defer log.Close()
	s.blog = s.command("serve", "--addr", "127.0.0.1:0", "--log", "json", "--signup", "open",
		"--signups-per-hour", "1000000", "--signups-per-day", "1000000",
		// A mail server that is not there: /forgot has its form, and nothing is sent.
		"--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "blog@example.org")
	s.blog.Stderr = log
	if err := s.blog.Start(); err != nil {
		return err
	}
	go func() {
		_ = s.blog.Wait() // how it ended is in its log
		close(s.gone)
	}()
	return s.listens(ctx)
}

func (s *site) log() string { return filepath.Join(s.dir, "log") }

func (s *site) listens(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		text, err := os.ReadFile(s.log())
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			var said struct{ Msg, Addr string }
			if json.Unmarshal(line, &said) == nil && said.Msg == "listening" {
				s.addr = said.Addr
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the blog does not listen: %w\n%s", ctx.Err(), text)
		case <-s.gone:
			return fmt.Errorf("the blog ended\n%s", text)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// command prepares a command of the blog, in a process group of its own: Ctrl-C reaches this program alone, which ends it.
func (s *site) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.program(), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "MINIBLOG_") && !strings.HasPrefix(setting, "DATABASE_URL") {
			cmd.Env = append(cmd.Env, setting)
		}
	}
	cmd.Env = append(cmd.Env, "MINIBLOG_DATA_DIR="+filepath.Join(s.dir, "data"))
	return cmd
}

// run runs a command of the blog to its end.
func (s *site) run(stdin string, args ...string) error {
	_, err := s.output(stdin, args...)
	return err
}

func (s *site) output(stdin string, args ...string) (string, error) {
	cmd := s.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("miniblog %s: %w\n%s", strings.Join(args, " "), err, &errs)
	}
	return string(out), nil
}

func (s *site) forget(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := s.store.Pool.Exec(ctx, "DELETE FROM throttles"); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "probe: the throttle remembers:", err)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// close ends the blog, which ends its PostgreSQL, and removes what they left.
func (s *site) close() error {
	if s.store != nil {
		s.store.Close()
	}
	if s.blog != nil && s.blog.Process != nil {
		for range 2 { // asked a second time, a blog waits for nothing
			_ = s.blog.Process.Signal(syscall.SIGTERM) // it may have ended
			select {
			case <-s.gone:
				return os.RemoveAll(s.dir)
			case <-time.After(endLimit):
			}
		}
		return fmt.Errorf("the blog does not end: process %d, in %s", s.blog.Process.Pid, s.dir)
	}
	return os.RemoveAll(s.dir)
}
