package main

import (
	"context"
	"errors"
	"io"

	"miniblog/bench/contender"
)

// alone keeps the blog from making one page for all who wait for it, as only it knows whether this client has that.
const alone = `If-None-Match: "another"`

// measureDatabase compares the home page, made for each request, with a Fiber handler that runs the same query
// and writes the same page by hand, and with pgbench, which runs the query alone.
func measureDatabase(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error) {
	defer func() { err = errors.Join(err, s.endChildren()) }()
	forgetful, err := s.openBlog(ctx, "MINIBLOG_MEMORY_MIB=0")
	if err != nil {
		return "", err
	}
	bare, addr, err := s.openBareHome(ctx, forgetful)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, forgetful.end()) }()
	var trials []trial
	var kept []promise
	for _, c := range []struct {
		what   string
		header []string
	}{
		{"home, uncompressed", nil},
		{"home, as browsers ask", []string{"Accept-Encoding: " + browsers}},
		{"home, uncompressed, each made alone", []string{alone}},
		{"home, as browsers ask, each made alone", []string{alone, "Accept-Encoding: " + browsers}},
	} {
		field := []rival{
			s.asked("miniblog, keeping nothing", wanted{forgetful.cmd.Process.Pid, forgetful.addr, "/", c.header}, o.wide),
			s.asked("bare Fiber and pgx", wanted{bare.cmd.Process.Pid, addr, "/", c.header}, o.wide),
		}
		if c.header != nil && !o.first {
			break // one form tells as much as both
		}
		if c.header == nil {
			queries, err := s.homeQueries()
			if err != nil {
				return "", err
			}
			field = append(field, queries...)
		}
		t, err := contest(ctx, c.what, field, o, progress)
		if err != nil {
			return "", err
		}
		trials = append(trials, t)
		kept = append(kept, promise{c.what + ": of the bare handler's rate", t.ratio(0, 1), 0.9, false})
	}
	s.chart("database", "Home from the database, uncompressed: more and more posts", "posts").add(float64(o.posts), trials[0])
	signedIn, err := contest(ctx, "home, signed in", []rival{
		s.asked("miniblog", wanted{s.cmd.Process.Pid, s.addr, "/", []string{"Cookie: session=" + s.writers[0].session}}, o.wide),
	}, o, progress)
	if err != nil {
		return "", err
	}
	return setting(s, o, byWrk(o)) + table(append(trials, signedIn)) + promises(kept...), nil
}

// openBareHome starts the handler and compares its page with the blog's, byte by byte.
func (s *site) openBareHome(ctx context.Context, like *blog) (bare *child, addr string, err error) {
	want, err := fetch(ctx, like.addr, "/", nil)
	if err != nil {
		return nil, "", err
	}
	file, err := s.writeAnswers("home.json", map[string]contender.Answer{"/": want})
	if err != nil {
		return nil, "", err
	}
	bare, addr, err = openContender(ctx, []string{"DATABASE_URL=" + s.database.socket()}, "home", file)
	if err != nil {
		return nil, "", err
	}
	s.children = append(s.children, bare)
	for _, accepts := range []string{"", browsers} {
		page := still{name: "home", file: "/", accepts: accepts}
		if page.answer, err = fetch(ctx, like.addr, "/", page.header()); err != nil {
			return nil, "", err
		}
		if err := answersAlike(ctx, addr, page); err != nil {
			return nil, "", err
		}
	}
	return bare, addr, nil
}

// homeQueries are pgbench with the query of the home page, over the socket and over TCP.
func (s *site) homeQueries() (all []rival, err error) {
	query, err := queryNamed("posts.sql", "ListPublished")
	if err != nil {
		return nil, err
	}
	first := map[string]string{
		"most_pinned": "3", "first": "true", "most": "21",
		"before_time": "9999-01-01T00:00:00Z", "before_id": "ffffffff-ffff-ffff-ffff-ffffffffffff",
	}
	for _, way := range []struct{ name, dsn string }{{"pgbench", s.database.socket()}, {"pgbench over TCP", s.database.tcp()}} {
		one, err := s.pgbench(way.name, way.dsn, query, first)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
