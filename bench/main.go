// Command bench measures the blog under load, on a site of its own that it starts on
// loopback and ends again. Contenders take turns in short rounds, so that whatever else
// the machine does falls on all of them, and what counts is their ratio.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"miniblog/bench/contender"
)

// options say what is measured, and for how long.
type options struct {
	rounds      int
	each        time.Duration // of one round
	connections int           // of readers
	writers     int
	every       time.Duration // between two autosaves of one writer
	posts       int           // that there are by now
	first       bool          // at the first number of posts
	sizes       string        // numbers of posts, with commas between them
	dir         string        // where the data directory is made
	admin       string        // where the blog serves profiles meanwhile
	write       string        // the document to renew
	only        string        // the parts to measure, with commas between them
	mixed       time.Duration // of the mixed load
	wide        int           // connections of wrk
}

// contend is the first argument of a contender: this program runs itself.
const contend = "contend"

func main() {
	if len(os.Args) > 1 && os.Args[1] == contend {
		if err := contender.Run(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "contender:", err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.IntVar(&o.rounds, "rounds", 4, "rounds of each contender")
	flag.DurationVar(&o.each, "each", 2*time.Second, "how long a round takes; wrk and pgbench know whole seconds alone")
	flag.IntVar(&o.connections, "connections", 16, "connections that read beside people who autosave")
	flag.IntVar(&o.writers, "writers", 50, "people who autosave")
	flag.DurationVar(&o.every, "every", time.Second, "how often each of them does")
	flag.StringVar(&o.sizes, "posts", "1000,100000,1000000", "how many posts there are, with commas between them; each a multiple of the first")
	flag.StringVar(&o.dir, "dir", "", "where to put the database; fsync there should cost what it costs (default: the directory for temporary files)")
	flag.StringVar(&o.admin, "admin", "", "where the blog serves profiles meanwhile, as 127.0.0.1:6060")
	flag.StringVar(&o.write, "write", "", "a document to renew, as docs/performance.md")
	flag.StringVar(&o.only, "only", "", "parts to measure, with commas between them (default: all): "+strings.Join(partNames(), ","))
	flag.DurationVar(&o.mixed, "mixed", time.Minute, "how long the mixed load takes")
	flag.IntVar(&o.wide, "wide", 32, "connections of wrk, except where more and more are compared")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures and prints what came out; progress goes to another place. What failed that is
// not to, such as an autosave that was not kept, is an error, told after everything was measured.
func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	if o.rounds < 1 || o.each <= 0 || o.connections < 1 || o.writers < 1 || o.every <= 0 {
		return errors.New("every number must be above zero")
	}
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	sizes, err := parseSizes(o.sizes)
	if err != nil {
		return err
	}
	o.posts = sizes[0]
	s, err := openSite(ctx, o, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return measure(ctx, s, o, sizes, chosen, out, progress)
}

// measure has every part measured at the first size, and those that may depend on it at each.
func measure(ctx context.Context, s *site, o options, sizes []int, chosen []part, out, progress io.Writer) error {
	texts := map[string]string{}
	var failures []error
	for i, size := range sizes {
		if i > 0 {
			fmt.Fprintf(progress, "copying posts until there are %d\n", size)
			if err := s.grow(ctx, size); err != nil {
				return err
			}
		}
		o.posts, o.first = size, i == 0
		for _, p := range chosen {
			if i > 0 && !p.grows {
				continue
			}
			fmt.Fprintf(progress, "measuring %s at %d posts\n", p.name, size)
			text, err := p.measure(ctx, s, o, progress)
			fmt.Fprintln(out, text)
			if err != nil {
				failures = append(failures, fmt.Errorf("%s at %d posts: %w", p.name, size, err))
			}
			if ctx.Err() != nil {
				return errors.Join(failures...)
			}
			texts[p.name] += text + "\n"
		}
	}
	if len(s.growth.sizes) > 0 {
		texts["size"] = s.growth.text(s)
		fmt.Fprintln(out, texts["size"])
	}
	if o.write != "" {
		failures = append(failures, s.document(o.write, texts))
	}
	return errors.Join(failures...)
}

// parseSizes reads numbers of posts.
func parseSizes(text string) (sizes []int, err error) {
	for word := range strings.SplitSeq(text, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || size < 1 || len(sizes) > 0 && (size <= sizes[len(sizes)-1] || size%sizes[0] != 0) {
			return nil, fmt.Errorf("numbers of posts must rise, each a multiple of the first: %q", text)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}
