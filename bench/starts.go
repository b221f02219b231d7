package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

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
		promises(promise{"first page after the start, ms", first.median, 500, true}, promise{"memory idle, MiB", resting.resident, 40, true},
			promise{"memory under load, MiB", loaded.most, 150, true}), nil
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

// loadedMemory is that of the blog that all parts so far have loaded, after some more of everything.
func (s *site) loadedMemory(ctx context.Context, o options) (memoryUse, error) {
	until := time.Now().Add(o.each)
	paths := []string{"/", "/search?q=mayor", "/archive", "/tags", "/feed.atom", "/sitemap.xml", "/@" + s.usernames[0]}
	connections := make([]connection, o.wide)
	t := drive(ctx, until, o.wide, func(i int) error {
		connections[i].addr = s.addr
		_, err := connections[i].ask([]byte("GET " + paths[i%len(paths)] + " HTTP/1.1\r\nHost: " + s.addr + "\r\nAccept-Encoding: br\r\n\r\n"))
		return err
	})
	for i := range connections {
		connections[i].close()
	}
	return memoryOf(s.cmd.Process.Pid), t.failure
}

// memoryUse is what Linux tells of a process's memory, in MiB; zeros elsewhere.
type memoryUse struct{ resident, private, most float64 }

func memoryOf(pid int) (use memoryUse) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // elsewhere there is none
	use.resident, use.most = mebibytes(string(status), "VmRSS:"), mebibytes(string(status), "VmHWM:")
	parts, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)) // ditto
	use.private = mebibytes(string(parts), "Private_Clean:") + mebibytes(string(parts), "Private_Dirty:")
	return use
}

// mebibytes reads a line such as "VmRSS:    2048 kB".
func mebibytes(text, name string) float64 {
	_, after, _ := strings.Cut(text, name)
	var kib float64
	_, _ = fmt.Sscanf(after, "%f kB", &kib) // 0 where it is not told
	return kib / 1024
}
