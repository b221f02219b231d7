// Command probe has sqlmap and wapiti attack every form and parameter of a blog of its own on loopback, signed out and
// in, and exits with 1 when they find anything or the blog fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	only := flag.String("only", "", "probe only what has this in its line, such as /login")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

// atOnce is how many targets are probed at a time.
const atOnce = 2

// run probes and prints a line for each target.
func run(ctx context.Context, only string, out io.Writer) (err error) {
	begun := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	s, err := openSite(ctx)
	if err != nil {
		cancel()
		return err
	}
	defer func() { cancel(); err = errors.Join(err, s.close()) }()
	jobs, err := s.jobs(ctx, only)
	if err != nil {
		return err
	}
	found := inTurns(jobs, out)
	fmt.Fprintf(out, "%d probes, %d requests, %d findings in %s\n", len(jobs), found.requests, found.findings, time.Since(begun).Round(time.Second))
	if found.findings > 0 {
		err = errors.New("something was found")
	}
	return errors.Join(append(found.errors, err)...)
}

// job is a probe, and the line that it is known by.
type job struct {
	name string
	run  func() (verdict, error)
}

func (s *site) jobs(ctx context.Context, only string) (jobs []job, err error) {
	add := func(name string, run func() (verdict, error)) {
		if strings.Contains(name, only) {
			jobs = append(jobs, job{name, run})
		}
	}
	for _, as := range []viewer{nobody, author, owner} { // they take longest
		add("wapiti "+string(as), func() (verdict, error) { return s.wapiti(ctx, as) })
	}
	all, err := s.targets(ctx)
	for _, each := range all {
		add("sqlmap "+string(each.as)+" "+each.String(), func() (verdict, error) { return s.sqlmap(ctx, each) })
	}
	for i, c := range cookies {
		add(fmt.Sprintf("sqlmap %s %s %s cookie %s", c.as, c.method, c.path, c.name), func() (verdict, error) { return s.sqlmapCookie(ctx, i) })
	}
	return jobs, err
}

// sum is what all probes came to.
type sum struct {
	requests, findings int
	errors             []error
}

func inTurns(jobs []job, out io.Writer) (all sum) {
	var turns sync.WaitGroup
	var mu sync.Mutex
	queue := make(chan job)
	for range atOnce {
		turns.Go(func() {
			for next := range queue {
				found, err := next.run()
				mu.Lock()
				if err != nil {
					fmt.Fprintln(out, "FAILED ", next.name)
					all.errors = append(all.errors, fmt.Errorf("%s: %w", next.name, err))
				} else {
					found.print(out)
				}
				all.requests += found.requests
				all.findings += len(found.findings)
				mu.Unlock()
			}
		})
	}
	for _, each := range jobs {
		queue <- each
	}
	close(queue)
	turns.Wait()
	return all
}

func (v verdict) print(out io.Writer) {
	word := "nothing"
	if len(v.findings) > 0 {
		word = "FOUND  "
	}
	fmt.Fprintf(out, "%s %s %-6s %s: %d requests in %s (%s)\n", word, v.tool, v.as, v.what, v.requests, v.took.Round(time.Second), v.statuses)
	for _, line := range v.judged {
		fmt.Fprintln(out, "        judged:", line)
	}
	for _, line := range v.findings {
		fmt.Fprintln(out, "        found:", line)
	}
}
