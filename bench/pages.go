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
const asks = 400

// page is one of the blog that is made anew for each request, and what it took, in milliseconds, at each size.
type page struct {
	name, path string
	signedIn   bool
	differs    bool      // shows something else where there are more posts
	took       []float64 // medians; 0 where it failed
	beside     []float64 // of the same page meanwhile, in a blog that stays as small as this one was
}

// growth is what pages took at the sizes so far.
type growth struct {
	sizes []int
	pages []page
	small *site // the blog that stays small, on a PostgreSQL of its own
}

//go:embed sql/fullest.sql
var fullest string

var olderLink = regexp.MustCompile(`href="(/\?before=[^"]+)"`)

// measureSize measures how long pages take when nothing is kept in memory, one request after the other, and each
// in turn with the same page of a small blog: what else the machine does, it does to both.
func measureSize(ctx context.Context, s *site, o options, progress io.Writer) (_ string, err error) {
	if s.growth.small == nil {
		if err := s.openSmall(ctx, o, progress); err != nil {
			return "", err
		}
	}
	small := s.growth.small
	var asked [2]asker
	for i, each := range []*site{s, small} {
		forgetful, failure := each.openBlog(ctx, "MINIBLOG_MEMORY_MIB=0")
		if failure != nil {
			return "", failure
		}
		defer func() { err = errors.Join(err, forgetful.end()) }()
		asked[i] = asker{connection{addr: forgetful.addr}, each.writers[0].session}
		defer asked[i].c.close()
	}
	var failures []error
	for i := range s.growth.pages {
		p := &s.growth.pages[i]
		took, failure := askInTurn(ctx, [2]func() error{
			func() error { return asked[0].ask(*p) },
			func() error { return asked[1].ask(small.growth.pages[i]) },
		})
		if failure != nil {
			took = [2]tally{}
			failures = append(failures, fmt.Errorf("%s: %w", p.path, failure))
		}
		p.took, p.beside = append(p.took, took[0].quantile(0.5)), append(p.beside, took[1].quantile(0.5))
		fmt.Fprintf(progress, "%s: %.2f ms, %.2f ms where it is small\n", p.name, took[0].quantile(0.5), took[1].quantile(0.5))
	}
	s.growth.sizes = append(s.growth.sizes, o.posts)
	return "", errors.Join(failures...)
}

// openSmall opens the blog that stays as it is, and finds the same pages in both.
func (s *site) openSmall(ctx context.Context, o options, progress io.Writer) error {
	o.admin = "" // which only one can serve at
	small, err := openSite(ctx, o, progress)
	if err != nil {
		return err
	}
	for _, each := range []*site{s, small} {
		if each.growth.pages, err = each.pagesToMeasure(ctx); err != nil {
			return errors.Join(err, small.close())
		}
	}
	s.growth.small = small
	return nil
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

// asker asks for pages over one connection, as a reader or as a writer with that session.
type asker struct {
	c       connection
	session string
}

func (a *asker) ask(p page) error {
	header := "\r\nHost: " + a.c.addr
	if p.signedIn {
		header += "\r\nCookie: session=" + a.session
	}
	_, err := a.c.ask([]byte("GET " + p.path + " HTTP/1.1" + header + "\r\n\r\n"))
	return err
}

// askInTurn asks for both pages, one after the other, and tells how long each took.
func askInTurn(ctx context.Context, ask [2]func() error) (took [2]tally, err error) {
	for n := range asks + asks/4 {
		for i := range ask {
			i = (i + n) % len(ask) // who was second is first then
			begun := time.Now()
			if err := ask[i](); err != nil {
				return took, err
			}
			if n >= asks/4 { // before that it warms up
				took[i].add(time.Since(begun), nil)
			}
		}
	}
	return [2]tally{together(took[:1]), together(took[1:])}, ctx.Err()
}

// text has a line for each page.
func (g growth) text(s *site) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s.\nNothing kept in memory; each page is asked for %d times, in turn with the same page of a blog of %s posts.\n\n",
		machine(s), asks, grouped(g.sizes[0]))
	text.WriteString("| page, median ms (and meanwhile in the small blog) |")
	for _, size := range g.sizes {
		fmt.Fprintf(&text, " %s posts |", grouped(size))
	}
	text.WriteString(" grows to |\n|---|" + strings.Repeat("---:|", len(g.sizes)+1) + "\n")
	for _, p := range g.pages {
		fmt.Fprintf(&text, "| %s |", p.name)
		for i, took := range p.took {
			fmt.Fprintf(&text, " %s (%s) |", orDash(took), orDash(p.beside[i]))
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

// grown is how many times longer the page takes at the last size than in the blog that stayed small; 0 where it failed.
func (p page) grown() float64 {
	last := len(p.took) - 1
	if p.beside[last] == 0 {
		return 0
	}
	return p.took[last] / p.beside[last]
}

// grouped is a number as it is read: 1,000,000.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
