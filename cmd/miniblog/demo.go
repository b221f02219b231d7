package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"miniblog/db"
	"miniblog/internal/config"
	"miniblog/internal/demo"
	"miniblog/internal/password"
)

type demoCommand struct {
	config.Settings
	Authors int   `default:"5" help:"How many people write, 1 to 10000."`
	Posts   int   `default:"100" help:"How many posts they have written, 0 to 5000000."`
	Seed    int64 `default:"1" help:"The same seed makes the same blog."`
}

func (*demoCommand) example() string { return "miniblog demo --authors 5 --posts 100 --seed 1" }

// Run fills the blog and prints the password of its authors. Interrupted, it
// leaves the blog as it was; a second interrupt ends the program at once.
func (d *demoCommand) Run() error {
	planned, err := demo.New(demo.Options{Authors: d.Authors, Posts: d.Posts, Seed: d.Seed})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return withDatabase(ctx, &d.Settings, func(ctx context.Context, opened *database) error {
		return d.fill(ctx, opened.Store, planned)
	})
}

func (d *demoCommand) fill(ctx context.Context, store *db.Store, planned *demo.Demo) error {
	bar := newProgressBar(os.Stderr, d.Posts)
	secret, err := planned.Fill(ctx, store, password.New(0, hashWait), bar.show)
	bar.clear()
	switch {
	case err != nil && ctx.Err() != nil:
		return errors.New("stopped before the end: nothing was written")
	case err != nil:
		return err
	}
	fmt.Fprintf(os.Stderr, "Wrote %s by %s.\n", counted(d.Posts, "post"), counted(d.Authors, "author"))
	fmt.Printf("Log in as %s with the password %s\n", planned.Usernames()[0], secret)
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

const (
	barWidth = 30
	barEvery = 100 * time.Millisecond
)

// progressBar draws on one line of a terminal how far a command has come, and
// on anything else nothing.
type progressBar struct {
	out   *os.File
	total int
	drawn time.Time // zero before the first time
	quiet bool
}

func newProgressBar(out *os.File, total int) *progressBar {
	return &progressBar{out: out, total: total, quiet: !term.IsTerminal(int(out.Fd()))}
}

func (p *progressBar) show(done int) {
	if p.quiet || time.Since(p.drawn) < barEvery {
		return
	}
	p.drawn = time.Now()
	full := barWidth * done / p.total
	fmt.Fprintf(p.out, "\r%s%s %3d %%  %d of %s ",
		strings.Repeat("█", full), strings.Repeat("░", barWidth-full), 100*done/p.total, done, counted(p.total, "post"))
}

func (p *progressBar) clear() {
	if !p.drawn.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K") // ECMA-48, erase in line
	}
}
