package main

import (
	"context"
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
	startLimit = 2 * time.Minute  // for a first start
	endLimit   = 30 * time.Second // for draining, and again for stopping at once
)

// site is a blog on a database of its own, in a directory of its own, and what it is measured against.
type site struct {
	dir      string
	database *database
	*blog            // as it is usually set up
	blogs    []*blog // that one and others
	password string  // of all authors
	// usernames are those of the authors; the first so many of them write, and are logged in as long as the site is there.
	usernames []string
	writers   []*writer
	children  []*child
	growth    growth            // of pages, by the number of posts
	saved     int               // posts that were published to be saved
	charts    map[string]*chart // by the file, without its ending
}

// openSite builds the blog, fills its database, starts it, and logs its writers in.
func openSite(ctx context.Context, o options, progress io.Writer) (s *site, err error) {
	dir, err := os.MkdirTemp(o.dir, "miniblog-bench-")
	if err != nil {
		return nil, err
	}
	s = &site{dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	fmt.Fprintln(progress, "building and starting a blog in", dir)
	if err := s.build(ctx); err != nil {
		return s, err
	}
	if s.database, err = openDatabase(ctx, filepath.Join(dir, "data")); err != nil {
		return s, err
	}
	fmt.Fprintf(progress, "writing %d posts, logging %d people in\n", o.posts, o.writers)
	if err := s.fill(ctx, o); err != nil {
		return s, err
	}
	if s.blog, err = s.openBlog(ctx, "MINIBLOG_ADMIN_ADDR="+o.admin); err != nil {
		return s, err
	}
	return s, s.logIn(ctx, o)
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
	cmd.Env = append(cmd.Env, "DATABASE_URL="+s.database.socket())
	return cmd
}

// chart is the one in that file, which begins empty.
func (s *site) chart(file, title, x string) *chart {
	if s.charts == nil {
		s.charts = map[string]*chart{}
	}
	if s.charts[file] == nil {
		s.charts[file] = &chart{title: title, x: x}
	}
	return s.charts[file]
}

// endChildren ends the contenders that run.
func (s *site) endChildren() error {
	var failed []error
	for _, c := range s.children {
		failed = append(failed, c.close())
	}
	s.children = nil
	return errors.Join(failed...)
}

// close ends everything and removes what it left.
func (s *site) close() error {
	failed := []error{s.endChildren()}
	if s.growth.small != nil {
		failed = append(failed, s.growth.small.close())
	}
	for _, b := range s.blogs {
		failed = append(failed, b.end())
	}
	if s.database != nil {
		failed = append(failed, s.database.close())
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	return os.RemoveAll(s.dir)
}
