package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	logInsAtOnce = 8
	// paced is how many pages a second are read beside log-ins.
	paced = 100
)

// measureLogins compares log-ins with bare Argon2id on all processors, beside somebody who reads `/` from memory.
func measureLogins(ctx context.Context, s *site, o options, progress io.Writer) (string, error) {
	hashes, err := bareHashes()
	if err != nil {
		return "", err
	}
	var beside paces
	logIns := rival{"miniblog", s.cmd.Process.Pid, func(ctx context.Context, each time.Duration) (answers, error) {
		return beside.read(ctx, s, each, func() (answers, error) {
			begun := time.Now()
			t := s.logInUntil(ctx, begun.Add(each))
			return t.answers(time.Since(begun)), ctx.Err()
		})
	}}
	bare := rival{"bare Argon2id, all processors", 0, func(ctx context.Context, each time.Duration) (answers, error) {
		return beside.read(ctx, s, each, func() (answers, error) { return hashes(ctx, each) })
	}}
	t, err := contest(ctx, fmt.Sprintf("log-ins, %d at once", logInsAtOnce), []rival{logIns, bare}, o, progress)
	if err != nil {
		return "", err
	}
	pages := beside.turns[:2*(o.rounds+1)]
	var besideLogIns, besideHashes []tally
	for i, page := range pages[2:] { // after the two that warm up; the turns are ABBA
		if i%4 == 0 || i%4 == 3 {
			besideLogIns = append(besideLogIns, page)
		} else {
			besideHashes = append(besideHashes, page)
		}
	}
	text := setting(s, o, fmt.Sprintf("%d clients", logInsAtOnce)) + table([]trial{t}) + fmt.Sprintf("\nMeanwhile `/` is read from memory %d times a second:\n\n", paced) +
		"| beside | read | failed | p50, ms | p99, ms |\n|---|---:|---:|---:|---:|\n"
	for _, row := range []struct {
		name  string
		tally tally
	}{{"log-ins", together(besideLogIns)}, {"bare Argon2id", together(besideHashes)}} {
		text += fmt.Sprintf("| %s | %d | %d | %.2f | %.2f |\n",
			row.name, len(row.tally.took), row.tally.failed, row.tally.quantile(0.5), row.tally.quantile(0.99))
	}
	text += promises(promise{"log-ins: of the bare rate", t.ratio(0, 1), 0.9, false},
		promise{"`/` beside log-ins: p99, ms", together(besideLogIns).quantile(0.99), 20, true})
	return text, errors.Join(t.failure(), together(pages).failure)
}

// logInUntil logs people in, each as soon as another is in.
func (s *site) logInUntil(ctx context.Context, until time.Time) tally {
	connections := make([]connection, logInsAtOnce)
	var next atomic.Int64
	t := drive(ctx, until, logInsAtOnce, func(i int) error {
		connections[i].addr = s.addr
		return s.logInOver(&connections[i], int(next.Add(1)))
	})
	for i := range connections {
		connections[i].close()
	}
	return t
}

// logInOver logs the nth of those in who do not write meanwhile: an account's oldest session ends as its 101st begins.
func (s *site) logInOver(c *connection, n int) error {
	names := s.usernames[min(writing, len(s.usernames)-1):]
	body := url.Values{"username": {names[n%len(names)]}, "password": {s.password}}.Encode()
	_, err := c.askFor(seeOther, fmt.Appendf(nil, "POST /login HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", c.addr, len(body), body))
	return err
}

// paces is what became of the pages that were read beside each turn.
type paces struct{ turns []tally }

// read reads `/` at its pace while something else goes on.
func (p *paces) read(ctx context.Context, s *site, each time.Duration, beside func() (answers, error)) (a answers, err error) {
	var both sync.WaitGroup
	var pages tally
	both.Go(func() { pages = s.pace(ctx, time.Now().Add(each)) })
	a, err = beside()
	both.Wait()
	p.turns = append(p.turns, pages)
	return a, err
}

// pace reads `/` at every beat, whether the last was answered or not, and counts from the beat.
func (s *site) pace(ctx context.Context, until time.Time) tally {
	idle := make(chan *connection, 2*paced)
	defer func() {
		for range len(idle) {
			(<-idle).close()
		}
	}()
	request := []byte("GET / HTTP/1.1\r\nHost: " + s.addr + "\r\nAccept-Encoding: br\r\n\r\n")
	var mu sync.Mutex
	var all tally
	var under sync.WaitGroup
	for due := time.Now(); due.Before(until); due = due.Add(time.Second / paced) {
		if !sleep(ctx, time.Until(due)) {
			break
		}
		under.Go(func() {
			var c *connection
			select {
			case c = <-idle:
			default:
				c = &connection{addr: s.addr}
			}
			_, err := c.ask(request)
			took := time.Since(due)
			select {
			case idle <- c:
			default:
				c.close()
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(took, err)
		})
	}
	under.Wait()
	return together([]tally{all})
}

// bareHashes has a contender hash for as long as it is told, and tell how often it did.
func bareHashes() (func(context.Context, time.Duration) (answers, error), error) {
	program, err := os.Executable()
	return func(ctx context.Context, each time.Duration) (a answers, err error) {
		cmd := exec.CommandContext(ctx, program, contend, "hashes", each.String())
		input, err := cmd.StdinPipe() // the end of which would end it
		if err != nil {
			return a, err
		}
		defer input.Close()
		out, err := cmd.Output()
		if err != nil {
			return a, fmt.Errorf("hash: %w", err)
		}
		_, err = fmt.Fscan(strings.NewReader(string(out)), &a.count, &a.perSecond)
		return a, err
	}, err
}
