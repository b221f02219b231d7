package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// promised is the share of its speed that the home page keeps beside the writers.
const promised = 0.8

// autosaves compares readers alone with the same readers beside people who autosave.
type autosaves struct{ alone, beside []round }

func measureAutosaves(ctx context.Context, s *site, o options) (autosaves, error) {
	home := func(ctx context.Context, until time.Time) tally { return read(ctx, s.addr, "/", o.connections, until) }
	alone := s.measured(o.each, func(ctx context.Context, until time.Time) round {
		return round{reads: home(ctx, until)}
	})
	beside := s.measured(o.each, func(ctx context.Context, until time.Time) (r round) {
		var both sync.WaitGroup
		both.Go(func() { r.reads = home(ctx, until) })
		both.Go(func() { r.saves = write(ctx, s.writers, until) })
		both.Wait()
		return r
	})
	if _, err := beside(ctx); err != nil { // caches fill, drafts are begun
		return autosaves{}, err
	}
	results, err := interleave(ctx, o.rounds, []runner[round]{
		{"readers alone", alone}, {fmt.Sprintf("beside %d writers", o.writers), beside},
	})
	if err != nil {
		return autosaves{}, err
	}
	return autosaves{results[0], results[1]}, nil
}

// round is what readers and writers did in one turn.
type round struct {
	span         time.Duration
	reads, saves tally
	used         usage
}

// readRate, saveRate and the like are what the table shows of a round.
func (r round) readRate() float64 { return float64(len(r.reads.took)) / r.span.Seconds() }
func (r round) sentRate() float64 {
	return float64(len(r.saves.took)+r.saves.failed) / r.span.Seconds()
}
func (r round) keptRate() float64 { return float64(len(r.saves.took)) / r.span.Seconds() }

// measured is a load of so long that is looked at from outside. A page that cannot be read
// ends everything: there is nothing to compare then.
func (s *site) measured(each time.Duration, load func(ctx context.Context, until time.Time) round) func(context.Context) (round, error) {
	return func(ctx context.Context) (round, error) {
		before, begun := s.usage(), time.Now()
		result := load(ctx, begun.Add(each))
		result.span, result.used = time.Since(begun), s.usage().since(before)
		return result, errors.Join(result.reads.failure, ctx.Err())
	}
}

// failure is not nil when an autosave was not kept.
func (a autosaves) failure() error {
	for _, r := range a.beside {
		if r.saves.failed > 0 {
			return fmt.Errorf("autosaves were not kept: %w", r.saves.failure)
		}
	}
	return nil
}

// markdown is the table, below a description of what was measured.
func (a autosaves) markdown(described string) string {
	var text strings.Builder
	text.WriteString(described + "\n\n| median (lowest..highest of the rounds) | readers alone | beside writers |\n|---|---:|---:|\n")
	for _, row := range rows {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", row.name, row.alone(a), row.cell(a.beside))
	}
	medians := spreadOf(each(a.beside, round.readRate)).median / spreadOf(each(a.alone, round.readRate)).median
	pairs := ratios(each(a.beside, round.readRate), each(a.alone, round.readRate))
	fmt.Fprintf(&text, "\nBeside the writers `/` keeps **%.2f** of its speed (ratio of the medians; of neighbouring rounds %.2f, %.2f..%.2f).\n"+
		"Promised is %.2f: %s.\n", medians, pairs.median, pairs.min, pairs.max, promised, kept(medians))
	text.WriteString(a.costs())
	return text.String()
}

// costs says what one page and one autosave take of the processors: what the rounds
// beside writers took beyond their pages was for the autosaves. Unlike rates these
// hardly change with what else the machine does.
func (a autosaves) costs() string {
	pages, taken, _ := sums(a.alone)
	if taken == 0 {
		return "" // this system does not tell
	}
	page := taken / pages
	pages, taken, saves := sums(a.beside)
	return fmt.Sprintf("A page takes %.2f ms of processor time in the blog and PostgreSQL together, an autosave %.2f ms.\n",
		1000*page, 1000*(taken-page*pages)/saves)
}

// sums are the pages read, the seconds of processor time taken by the blog and
// PostgreSQL, and the autosaves kept.
func sums(rounds []round) (pages, taken, saves float64) {
	for _, r := range rounds {
		pages += float64(len(r.reads.took))
		taken += (r.used.blog + r.used.postgres).Seconds()
		saves += float64(len(r.saves.took))
	}
	return pages, taken, saves
}

func kept(ratio float64) string {
	if ratio < promised {
		return "not kept"
	}
	return "kept"
}

// row is one figure of each round.
type row struct {
	name   string
	format string
	value  func(round) float64
	saves  bool // there is none of readers alone
}

var rows = []row{
	{"`/` per second", "%.0f", round.readRate, false},
	{"`/` p50, ms", "%.1f", func(r round) float64 { return r.reads.quantile(0.50) }, false},
	{"`/` p99, ms", "%.1f", func(r round) float64 { return r.reads.quantile(0.99) }, false},
	{"autosaves sent per second", "%.1f", round.sentRate, true},
	{"autosaves kept per second", "%.1f", round.keptRate, true},
	{"autosaves failed", "%.0f", func(r round) float64 { return float64(r.saves.failed) }, true},
	{"autosave p50, ms", "%.1f", func(r round) float64 { return r.saves.quantile(0.50) }, true},
	{"autosave p99, ms", "%.1f", func(r round) float64 { return r.saves.quantile(0.99) }, true},
	{"processors taken by the blog", "%.2f", func(r round) float64 { return r.used.blog.Seconds() / r.span.Seconds() }, false},
	{"processors taken by PostgreSQL", "%.2f", func(r round) float64 { return r.used.postgres.Seconds() / r.span.Seconds() }, false},
	{"processors taken by the load", "%.2f", func(r round) float64 { return r.used.load.Seconds() / r.span.Seconds() }, false},
	{"processors taken by others", "%.2f", func(r round) float64 { return r.used.others().Seconds() / r.span.Seconds() }, false},
}

func (f row) alone(a autosaves) string {
	if f.saves {
		return "–"
	}
	return f.cell(a.alone)
}

func (f row) cell(rounds []round) string {
	s := spreadOf(each(rounds, f.value))
	return fmt.Sprintf(f.format+" ("+f.format+".."+f.format+")", s.median, s.min, s.max)
}
