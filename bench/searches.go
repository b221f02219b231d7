package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
)

// searches are what is looked for, in words of the demo: in half of all posts and in fewer
// and fewer, down to none; several, phrases, without and either; begun, and mistyped.
var searches = []string{
	"would", "say would", "year", "harbour", "tide", "mayor", "fountain", "面馆的老板告诉我", "nowhere",
	"mayor loom", `"fountain pen"`, "mayor -loom", "mayor OR loom", "fo", "fount", "handwriti", "fountian", "mayro",
}

// hardSearch is a phrase of two words that half of all posts have, and nearly none one after
// the other: every post is looked at.
const hardSearch = `"would say"`

// looks is how often each search is asked.
const looks = 16

// searched is what became of one search, asked again and again.
type searched struct {
	typed string
	tally
	worked time.Duration // of processors, by the blog and PostgreSQL, for each
}

// measureSearches asks for each search in turn, one at a time.
func measureSearches(ctx context.Context, s *site, progress io.Writer) (all []searched, err error) {
	for _, typed := range append(slices.Clone(searches), hardSearch) {
		fmt.Fprintln(progress, "searching for", typed)
		one, err := s.search(ctx, typed, looks)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// search asks once before it measures, as the first one to look finds everything on the disk.
func (s *site) search(ctx context.Context, typed string, times int) (searched, error) {
	c := connection{addr: s.addr}
	defer c.close()
	request := []byte("GET /search?q=" + url.QueryEscape(typed) + " HTTP/1.1\r\nHost: " + s.addr + "\r\n\r\n")
	if _, err := c.ask(request); err != nil {
		return searched{}, fmt.Errorf("search for %s: %w", typed, err)
	}
	found, before := searched{typed: typed}, s.usage()
	for range times {
		begun := time.Now()
		_, err := c.ask(request)
		if found.add(time.Since(begun), err); err != nil || ctx.Err() != nil {
			return searched{}, fmt.Errorf("search for %s: %w %w", typed, err, ctx.Err())
		}
	}
	used := s.usage().since(before)
	found.worked = (used.blog + used.postgres) / time.Duration(times)
	slices.Sort(found.took)
	return found, nil
}

// searchTable tells what the searches took.
func searchTable(s *site, o options, all []searched) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s.\n%d posts; each search is asked %d times, one after the other, signed out, as a whole page.\n\n", machine(s), o.posts, looks)
	text.WriteString("| search | fastest, ms | median, ms | p95, ms | processor time, ms |\n|---|---:|---:|---:|---:|\n")
	var together tally
	var worked []float64
	for _, one := range all {
		text.WriteString(searchRow(one.typed, one.tally, milliseconds(one.worked)))
		if one.typed != hardSearch {
			together.took = append(together.took, one.took...)
			worked = append(worked, milliseconds(one.worked))
		}
	}
	slices.Sort(together.took)
	text.WriteString(searchRow("all but the last", together, spreadOf(worked).median))
	return text.String()
}

func searchRow(name string, t tally, worked float64) string {
	return fmt.Sprintf("| %s | %.1f | %.1f | %.1f | %.1f |\n", name, t.quantile(0), t.quantile(0.5), t.quantile(0.95), worked)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
