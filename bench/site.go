package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 2 * time.Minute  // for a first start, initdb included
	endLimit   = 30 * time.Second // for draining, and again for stopping at once
)

// site is a running blog on its private PostgreSQL, durable as anybody's, in a
// directory of its own.
type site struct {
	dir      string
	blog     *exec.Cmd
	gone     chan struct{} // closed when the blog has ended
	addr     string
	postgres string // its version
	writers  []*writer
}

// openSite builds the blog, starts it, fills it, and logs its writers in.
func openSite(ctx context.Context, o options, progress io.Writer) (s *site, err error) {
	dir, err := os.MkdirTemp(o.dir, "miniblog-bench-")
	if err != nil {
		return nil, err
	}
	s = &site{dir: dir, gone: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	fmt.Fprintln(progress, "building and starting a blog in", dir)
	if err := s.build(ctx); err != nil {
		return s, err
	}
	if err := s.start(ctx, o.admin); err != nil {
		return s, err
	}
	fmt.Fprintf(progress, "writing %d posts, logging %d people in\n", o.posts, o.writers)
	return s, s.fill(ctx, o)
}

func (s *site) build(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", s.program(), "miniblog/cmd/miniblog")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the blog: %w\n%s", err, out)
	}
	return nil
}

func (s *site) program() string { return filepath.Join(s.dir, "miniblog") }

// start starts the blog and waits until it listens. Its log goes to a file, as it would
// to a journal: reading it here would take time from what is measured.
func (s *site) start(ctx context.Context, admin string) error {
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.blog = s.command("serve")
	s.blog.Env = append(s.blog.Env, "MINIBLOG_ADDR=127.0.0.1:0", "MINIBLOG_LOG=json", "MINIBLOG_ADMIN_ADDR="+admin)
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

// command prepares a command of the blog. It gets a process group of its own, so that
// Ctrl-C reaches this program alone, which ends the blog in order.
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

func (s *site) listens(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		text, err := os.ReadFile(filepath.Join(s.dir, "log"))
		if err != nil {
			return err
		}
		if s.readLog(text); s.addr != "" {
			return nil
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

// readLog finds where the blog listens and on which PostgreSQL it runs.
func (s *site) readLog(text []byte) {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var line struct{ Msg, Addr, Version string }
		_ = json.Unmarshal(lines.Bytes(), &line) // the last line may be half written
		switch line.Msg {
		case "database started":
			s.postgres = line.Version
		case "listening":
			s.addr = line.Addr
		}
	}
}

// close ends the blog, which ends its PostgreSQL, and removes what they left. Asked a
// second time, a blog waits for nothing.
func (s *site) close() error {
	if s.blog != nil && s.blog.Process != nil {
		if err := s.end(); err != nil {
			return err
		}
	}
	return os.RemoveAll(s.dir)
}

func (s *site) end() error {
	for range 2 {
		_ = s.blog.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-s.gone:
			return nil
		case <-time.After(endLimit):
		}
	}
	return fmt.Errorf("the blog does not end: process %d, in %s", s.blog.Process.Pid, s.dir)
}
