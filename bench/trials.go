package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// trial is one request that contenders answered in turns, by wrk's counting. The first contender is the blog.
type trial struct {
	what   string
	names  []string
	rounds [][]answers // of each contender
}

// rival is somebody who does the same work; run works so long.
type rival struct {
	name string
	pid  int // of the process that does it; 0 if it is one that ends with the work
	run  func(ctx context.Context, each time.Duration) (answers, error)
}

// asked is a rival that answers a request of wrk.
func (s *site) asked(name string, w wanted, connections int) rival {
	return rival{name, w.pid, func(ctx context.Context, each time.Duration) (answers, error) {
		return s.wrk(ctx, w, connections, each)
	}}
}

// contest has rivals do their work in turns. The first is the blog.
func contest(ctx context.Context, what string, all []rival, o options, progress io.Writer) (trial, error) {
	t := trial{what: what}
	var runners []runner[answers]
	for _, r := range all {
		if _, err := r.run(ctx, time.Second); err != nil { // caches fill, connections are opened
			return trial{}, fmt.Errorf("%s: %w", r.name, err)
		}
		t.names = append(t.names, r.name)
		runners = append(runners, runner[answers]{r.name, func(ctx context.Context) (answers, error) { return r.measured(ctx, o.each) }})
	}
	var err error
	if t.rounds, err = interleave(ctx, o.rounds, runners); err != nil {
		return trial{}, err
	}
	fmt.Fprintln(progress, t.line())
	return t, nil
}

// measured is a run whose processor time is looked at.
func (r rival) measured(ctx context.Context, each time.Duration) (answers, error) {
	own, postgres := spent(r.pid)
	a, err := r.run(ctx, each)
	ownAfter, postgresAfter := spent(r.pid)
	if a.count > 0 {
		a.own = float64((ownAfter - own).Microseconds()) / float64(a.count)
		a.postgres = float64((postgresAfter - postgres).Microseconds()) / float64(a.count)
	}
	return a, err
}

// costs is the processor time of an answer, in microseconds: the contender's own, and PostgreSQL's where that works at all.
func (t trial) costs(i int) string {
	own := spreadOf(each(t.rounds[i], func(a answers) float64 { return a.own })).median
	postgres := spreadOf(each(t.rounds[i], func(a answers) float64 { return a.postgres })).median
	switch {
	case own == 0 && postgres < 1:
		return "–"
	case postgres < 1:
		return fmt.Sprintf("%.0f", own)
	case own == 0:
		return fmt.Sprintf("– + %.0f", postgres)
	}
	return fmt.Sprintf("%.0f + %.0f", own, postgres)
}

func (t trial) rates(i int) []float64 {
	return each(t.rounds[i], func(a answers) float64 { return a.perSecond })
}
func (t trial) rate(i int) float64 { return spreadOf(t.rates(i)).median }
func (t trial) p50(i int) float64 {
	return spreadOf(each(t.rounds[i], func(a answers) float64 { return a.p50 })).median
}
func (t trial) p99(i int) float64 {
	return spreadOf(each(t.rounds[i], func(a answers) float64 { return a.p99 })).median
}

// ratio is that of the medians of two contenders.
func (t trial) ratio(of, to int) float64 { return t.rate(of) / t.rate(to) }

// failed is how many of a contender's answers were no answers.
func (t trial) failed(i int) (count int) {
	for _, a := range t.rounds[i] {
		count += a.failed
	}
	return count
}

// failure is not nil when something failed that is not to.
func (t trial) failure() error {
	var all []error
	for i, name := range t.names {
		if count := t.failed(i); count > 0 {
			all = append(all, fmt.Errorf("%s, %s: %d failed", t.what, name, count))
			for _, a := range t.rounds[i] {
				all = append(all, a.failure)
			}
		}
	}
	return errors.Join(all...)
}

// first is the trial of the first so many contenders alone.
func (t trial) first(count int) trial { return trial{t.what, t.names[:count], t.rounds[:count]} }

// line is what is told of the trial while others go on.
func (t trial) line() string {
	parts := make([]string, len(t.names))
	for i, name := range t.names {
		parts[i] = fmt.Sprintf("%s %.0f/s", name, t.rate(i))
	}
	return t.what + ": " + strings.Join(parts, ", ")
}

// table has a line for each contender of each trial.
func table(trials []trial) string {
	var text strings.Builder
	text.WriteString("| what is asked for | of whom | per second (lowest..highest) | p50, ms | p99, ms | processor, µs | failed | miniblog's rate is |\n|---|---|---:|---:|---:|---:|---:|---:|\n")
	for _, t := range trials {
		for i, name := range t.names {
			s, ratio := spreadOf(t.rates(i)), ""
			if i > 0 {
				near := ratios(t.rates(0), t.rates(i))
				ratio = fmt.Sprintf("**%.2f** of it (neighbours %.2f, %.2f..%.2f)", t.ratio(0, i), near.median, near.min, near.max)
			}
			fmt.Fprintf(&text, "| %s | %s | %.0f (%.0f..%.0f) | %s | %s | %s | %d | %s |\n",
				t.what, name, s.median, s.min, s.max, orDash(t.p50(i)), orDash(t.p99(i)), t.costs(i), t.failed(i), ratio)
		}
	}
	return text.String()
}

// orDash is a latency in milliseconds, or a dash where none was measured.
func orDash(latency float64) string {
	if latency == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", latency)
}
