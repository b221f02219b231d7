package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

//go:embed sql/public.sql
var public string

const (
	starts = 7
	// idle is how long a blog has nothing to do before its memory is looked at.
	idle = 3 * time.Second
)

// measureStarts measures how soon a blog answers that finds its database running, and what memory it takes.
func measureStarts(ctx context.Context, s *site, o options, progress io.Writer) (string, error) {
	var took []float64
	var resting memoryUse
	for n := range starts {
		each, use, err := s.startOnce(ctx, n == starts-1)
		if err != nil {
			return "", err
		}
		took, resting = append(took, milliseconds(each)), use
		fmt.Fprintf(progress, "answers %s after it was started\n", each.Round(time.Millisecond))
	}
	loaded, err := s.loadedMemory(ctx, o)
	if err != nil {
		return "", err
	}
	first := spreadOf(took)
	return fmt.Sprintf("%s.\n%d posts.\n\n", machine(s), o.posts) +
		"| | |\n|---|---:|\n" +
		fmt.Sprintf("| from exec to the first page, of %d starts, ms | %.0f (%.0f..%.0f) |\n", starts, first.median, first.min, first.max) +
		fmt.Sprintf("| memory of the process, idle, MiB | %.1f (private %.1f) |\n", resting.resident, resting.private) +
		fmt.Sprintf("| memory of the process under load, the most so far, MiB | %.1f |\n", loaded.most) +
		fmt.Sprintf("| memory of the %d processes that hash passwords, the most, MiB | %.1f |\n", loaded.workers, loaded.below) +
		promises(promise{"first page after the start, ms", first.median, 500, true}, promise{"memory idle, MiB", resting.resident, 40, true},
			promise{"memory under load, of all of them, MiB", loaded.most + loaded.below, 150, true}), nil
}

// startOnce starts a blog and asks for `/` until it answers.
func (s *site) startOnce(ctx context.Context, rest bool) (took time.Duration, use memoryUse, err error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, use, err
	}
	b, err := s.startBlog("MINIBLOG_ADDR=" + addr)
	if err != nil {
		return 0, use, err
	}
	for {
		took = time.Since(b.began)
		if _, err = fetch(ctx, addr, "/", nil); err == nil {
			took = time.Since(b.began)
			break
		}
		if !errors.As(err, new(*net.OpError)) || took > startLimit || !sleep(ctx, time.Millisecond) {
			return 0, use, errors.Join(err, b.end())
		}
	}
	if rest && sleep(ctx, idle) {
		use = memoryOf(b.cmd.Process.Pid)
	}
	return took, use, errors.Join(ctx.Err(), b.end())
}

// fillMemory has more pages made than can be kept, in each of their encodings.
func (s *site) fillMemory(ctx context.Context) error {
	var paths []string
	if err := s.database.store.Pool.QueryRow(ctx, public).Scan(&paths); err != nil {
		return fmt.Errorf("list public pages: %w", err)
	}
	c := connection{addr: s.addr}
	defer c.close()
	for _, path := range paths {
		for _, encoding := range []string{"identity", "gzip", "br"} {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if _, err := c.ask([]byte("GET " + path + " HTTP/1.1\r\nHost: " + s.addr + "\r\nAccept-Encoding: " + encoding + "\r\n\r\n")); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return nil
}

// loadedMemory is that of the blog that all parts so far have loaded, with as many pages in memory as it keeps, after some more of
// everything, and people logging in.
func (s *site) loadedMemory(ctx context.Context, o options) (memoryUse, error) {
	if err := s.fillMemory(ctx); err != nil {
		return memoryUse{}, err
	}
	until := time.Now().Add(o.each)
	paths := []string{"/", "/search?q=mayor", "/archive", "/tags", "/feed.atom", "/sitemap.xml", "/@" + s.usernames[0]}
	connections := make([]connection, o.wide)
	var both sync.WaitGroup
	var logIns tally
	both.Go(func() { logIns = s.logInUntil(ctx, until) })
	pages := drive(ctx, until, o.wide, func(i int) error {
		connections[i].addr = s.addr
		_, err := connections[i].ask([]byte("GET " + paths[i%len(paths)] + " HTTP/1.1\r\nHost: " + s.addr + "\r\nAccept-Encoding: br\r\n\r\n"))
		return err
	})
	both.Wait()
	for i := range connections {
		connections[i].close()
	}
	return memoryOf(s.cmd.Process.Pid), errors.Join(pages.failure, logIns.failure)
}

// memoryUse is what Linux tells of a process's memory, in MiB, and of the most that each of its workers took, without
// the pages of the program file, which are the same; zeros elsewhere.
type memoryUse struct {
	resident, private, most float64
	workers                 int
	below                   float64
}

func memoryOf(pid int) (use memoryUse) {
	status := statusOf(pid)
	use.resident, use.most = mebibytes(status, "VmRSS:"), mebibytes(status, "VmHWM:")
	parts, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)) // as in statusOf
	use.private = mebibytes(string(parts), "Private_Clean:") + mebibytes(string(parts), "Private_Dirty:")
	for _, p := range processes() {
		if p.parent == pid {
			status := statusOf(p.pid)
			use.workers, use.below = use.workers+1, use.below+mebibytes(status, "VmHWM:")-mebibytes(status, "RssFile:")
		}
	}
	return use
}

func statusOf(pid int) string {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // elsewhere there is none
	return string(status)
}

// mebibytes reads a line such as "VmRSS:    2048 kB".
func mebibytes(text, name string) float64 {
	_, after, _ := strings.Cut(text, name)
	var kib float64
	_, _ = fmt.Sscanf(after, "%f kB", &kib) // 0 where it is not told
	return kib / 1024
}
