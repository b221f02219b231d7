package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// asks is how often each page is asked for, one after the other.
const asks = 200

// page is one of the blog that is made anew for each request, and what it took, in milliseconds, at each size.
type page struct {
	name, path string
	signedIn   bool
	differs    bool      // shows something else where there are more posts
	took       []float64 // medians; 0 where it failed
}

// growth is what pages took at the sizes so far.
type growth struct {
	sizes []int
	pages []page
}

//go:embed sql/fullest.sql
var fullest string

var olderLink = regexp.MustCompile(`href="(/\?before=[^"]+)"`)

// measureSize measures how long pages take when nothing is kept in memory, one request after the other.
func measureSize(ctx context.Context, s *site, o options, progress io.Writer) (string, error) {
	forgetful, err := s.openBlog(ctx, "MINIBLOG_MEMORY_MIB=0")
	if err != nil {
		return "", err
	}
	if s.growth.pages == nil {
		if s.growth.pages, err = s.pagesToMeasure(ctx); err != nil {
			return "", errors.Join(err, forgetful.end())
		}
	}
	c := connection{addr: forgetful.addr}
	defer c.close()
	var failures []error
	for i := range s.growth.pages {
		p := &s.growth.pages[i]
		t, err := s.askOften(ctx, &c, *p)
		if err != nil {
			t = tally{}
			failures = append(failures, fmt.Errorf("%s: %w", p.path, err))
		}
		p.took = append(p.took, t.quantile(0.5))
		fmt.Fprintf(progress, "%s: %.2f ms\n", p.name, t.quantile(0.5))
	}
	s.growth.sizes = append(s.growth.sizes, o.posts)
	return "", errors.Join(append(failures, forgetful.end())...)
}

// pagesToMeasure are those that there are at every size, by their addresses at the first.
func (s *site) pagesToMeasure(ctx context.Context) ([]page, error) {
	found := map[string]string{}
	for name, where := range map[string]struct {
		path string
		link *regexp.Regexp
	}{"older": {"/", olderLink}, "post": {"/", permalink}} {
		answer, err := fetch(ctx, s.addr, where.path, nil)
		if err != nil {
			return nil, err
		}
		link := where.link.FindSubmatch(answer.Body)
		if link == nil {
			return nil, fmt.Errorf("%s leads to no %s", where.path, name)
		}
		found[name] = strings.ReplaceAll(string(link[1]), "&amp;", "&")
	}
	var tag, author, month string
	if err := s.database.store.Pool.QueryRow(ctx, fullest).Scan(&tag, &author, &month); err != nil {
		return nil, fmt.Errorf("find the longest lists: %w", err)
	}
	draft := s.writers[0].post.String()
	if _, err := s.writers[0].saveNext(); err != nil {
		return nil, err
	}
	return []page{
		{name: "home", path: "/"},
		{name: "home, its second page", path: found["older"]},
		{name: "a post", path: found["post"]},
		{name: "an author", path: author},
		{name: "a tag", path: tag},
		{name: "all tags", path: "/tags"},
		{name: "the archive", path: "/archive"},
		{name: "a month", path: month},
		{name: "the feed", path: "/feed.atom"},
		{name: "the sitemap, an index from 35,000 posts on", path: "/sitemap.xml", differs: true},
		{name: "home, signed in", path: "/", signedIn: true},
		{name: "a post, signed in", path: found["post"], signedIn: true},
		{name: "the dashboard", path: "/dashboard", signedIn: true},
		{name: "the editor", path: "/posts/" + draft + "/edit", signedIn: true},
		{name: "the history", path: "/posts/" + draft + "/history", signedIn: true},
	}, nil
}

func (s *site) askOften(ctx context.Context, c *connection, p page) (t tally, err error) {
	header := "\r\nHost: " + c.addr
	if p.signedIn {
		header += "\r\nCookie: session=" + s.writers[0].session
	}
	request := []byte("GET " + p.path + " HTTP/1.1" + header + "\r\n\r\n")
	for n := range asks + asks/4 {
		begun := time.Now()
		if _, err := c.ask(request); err != nil {
			return t, err
		}
		if n >= asks/4 { // before that it warms up
			t.add(time.Since(begun), nil)
		}
	}
	return together([]tally{t}), ctx.Err()
}

// text has a line for each page.
func (g growth) text(s *site) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s.\nNothing kept in memory; each page is asked for %d times, one after the other.\n\n", machine(s), asks)
	text.WriteString("| page, median ms |")
	for _, size := range g.sizes {
		fmt.Fprintf(&text, " %s posts |", grouped(size))
	}
	text.WriteString(" grows to |\n|---|" + strings.Repeat("---:|", len(g.sizes)+1) + "\n")
	for _, p := range g.pages {
		fmt.Fprintf(&text, "| %s |", p.name)
		for _, took := range p.took {
			fmt.Fprintf(&text, " %s |", orDash(took))
		}
		fmt.Fprintf(&text, " %.2f |\n", p.grown())
	}
	if len(g.sizes) == 1 {
		return text.String()
	}
	var most page
	for _, p := range g.pages {
		if !p.differs && (most.took == nil || p.grown() > most.grown()) {
			most = p
		}
	}
	return text.String() + promises(promise{"what grows most is " + most.name + ", to", most.grown(), 1.2, true})
}

// grown is how many times longer the page takes at the last size than at the first; 0 where it failed.
func (p page) grown() float64 {
	if p.took[0] == 0 {
		return 0
	}
	return p.took[len(p.took)-1] / p.took[0]
}

// grouped is a number as it is read: 1,000,000.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
