package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// blog is one that runs on the site's database.
type blog struct {
	cmd   *exec.Cmd
	log   string        // the file
	gone  chan struct{} // closed when it has ended
	addr  string
	began time.Time
}

// openBlog starts a blog with these settings, such as MINIBLOG_MEMORY_MIB=0, and waits until it listens.
func (s *site) openBlog(ctx context.Context, settings ...string) (*blog, error) {
	b, err := s.startBlog(append([]string{"MINIBLOG_ADDR=127.0.0.1:0"}, settings...)...)
	if err != nil {
		return nil, err
	}
	return b, b.listens(ctx)
}

// startBlog starts a blog. Its log goes to a file, as it would to a journal: reading it here would take time from
// what is measured.
func (s *site) startBlog(settings ...string) (*blog, error) {
	log, err := os.CreateTemp(s.dir, "log-")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	b := &blog{cmd: s.command("serve"), log: log.Name(), gone: make(chan struct{})}
	b.cmd.Env = append(append(b.cmd.Env, "MINIBLOG_LOG=json"), settings...)
	b.cmd.Stderr = log
	b.began = time.Now()
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = b.cmd.Wait() // how it ended is in its log
		close(b.gone)
	}()
	s.blogs = append(s.blogs, b)
	return b, nil
}

func (b *blog) listens(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		text, err := os.ReadFile(b.log)
		if err != nil {
			return err
		}
		if b.addr = addressIn(text); b.addr != "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the blog does not listen: %w\n%s", ctx.Err(), text)
		case <-b.gone:
			return fmt.Errorf("the blog ended\n%s", text)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// addressIn is where the blog listens, if its log says so yet.
func addressIn(log []byte) string {
	for lines := bufio.NewScanner(bytes.NewReader(log)); lines.Scan(); {
		var line struct{ Msg, Addr string }
		_ = json.Unmarshal(lines.Bytes(), &line) // the last line may be half written
		if line.Msg == "listening" {
			return line.Addr
		}
	}
	return ""
}

// end ends the blog. Asked a second time, a blog waits for nothing.
func (b *blog) end() error {
	for range 2 {
		_ = b.cmd.Process.Signal(os.Interrupt) // it may have ended
		select {
		case <-b.gone:
			return nil
		case <-time.After(endLimit):
		}
	}
	return fmt.Errorf("the blog does not end: process %d, in %s", b.cmd.Process.Pid, filepath.Dir(b.log))
}
