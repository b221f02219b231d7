package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"miniblog/bench/contender"
)

// browsers is how browsers ask for a page, over plain HTTP as over TLS: the blog is reached through a proxy.
const browsers = "gzip, deflate, br, zstd"

// still is a page that does not change meanwhile, in one form.
type still struct {
	name, path string // on the blog
	accepts    string // Accept-Encoding, or empty
	file       string // its path at the contenders
	answer     contender.Answer
}

func (p still) header() []string {
	if p.accepts == "" {
		return nil
	}
	return []string{"Accept-Encoding: " + p.accepts}
}

// measureMemory compares pages that the blog has in memory with the same bytes from nginx, which has them as files,
// and from Fiber with nothing around it.
func measureMemory(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error) {
	defer func() { err = errors.Join(err, s.endChildren()) }()
	rivals, pages, err := s.openRivals(ctx)
	if err != nil {
		return "", err
	}
	if !o.first { // one form tells as much as all
		pages = []still{pages[0], pages[2]}
	}
	var trials []trial
	var kept []promise
	for _, page := range pages {
		field := rivals.of(s, page, o.wide)
		if page.file == pages[0].file && o.first {
			field = append(field, s.asked("nginx, with a log", wanted{rivals.nginxPID, rivals.logging, page.file, page.header()}, o.wide))
		}
		t, err := contest(ctx, page.name, field, o, progress)
		if err != nil {
			return "", err
		}
		trials = append(trials, t)
		if page.accepts != "" {
			kept = append(kept, promise{page.name + ": of nginx's rate", t.ratio(0, 1), 0.85, false},
				promise{page.name + ": of bare Fiber's rate", t.ratio(0, 2), 0.95, false},
				promise{page.name + ": nginx's p99 times", t.p99(0) / t.p99(1), 2, true})
		}
	}
	s.chart("memory", "Home from memory, as browsers ask: more and more posts", "posts").add(float64(o.posts), trials[0].first(3))
	if !o.first {
		return setting(s, o, byWrk(o)+"; "+nginxVersion()) + table(trials) + promises(kept...), nil
	}
	known, err := rivals.known(ctx, s, pages[0], o.wide)
	if err != nil {
		return "", err
	}
	t, err := contest(ctx, "home, known already (304)", known, o, progress)
	if err != nil {
		return "", err
	}
	kept = append(kept, promise{"304: of nginx's rate", t.ratio(0, 1), 0.65, false})
	return setting(s, o, byWrk(o)+"; "+nginxVersion()) + table(append(trials, t)) + promises(kept...), nil
}

var permalink = regexp.MustCompile(`href="(/@[^/"]+/[^/"?#]+)"`)

// stills are the pages to compare, as the blog answers them.
func (s *site) stills(ctx context.Context) ([]still, error) {
	home, err := fetch(ctx, s.addr, "/", nil)
	if err != nil {
		return nil, err
	}
	found := permalink.FindSubmatch(home.Body)
	if found == nil {
		return nil, errors.New("no post is on the home page")
	}
	pages := []still{
		{name: "home, as browsers ask", path: "/", accepts: browsers, file: "/home.compressed"},
		{name: "home, uncompressed", path: "/", file: "/home.plain"},
		{name: "a post, as browsers ask", path: string(found[1]), accepts: browsers, file: "/post.compressed"},
		{name: "a post, uncompressed", path: string(found[1]), file: "/post.plain"},
	}
	for i := range pages {
		if pages[i].answer, err = fetch(ctx, s.addr, pages[i].path, pages[i].header()); err != nil {
			return nil, err
		}
		pages[i].name += fmt.Sprintf(" (%s, %d bytes)", orPlain(pages[i].answer.Header.Get("Content-Encoding")), len(pages[i].answer.Body))
	}
	return pages, nil
}

func orPlain(coding string) string {
	if coding == "" {
		return "identity"
	}
	return coding
}

// rivals are who answers the same bytes.
type rivals struct {
	nginx, logging, bare string
	nginxPID, barePID    int
}

// openRivals starts them with the pages that the blog has now.
func (s *site) openRivals(ctx context.Context) (r rivals, pages []still, err error) {
	if pages, err = s.stills(ctx); err != nil {
		return r, nil, err
	}
	answers := map[string]contender.Answer{}
	for _, page := range pages {
		answers[page.file] = page.answer
	}
	file, err := s.writeAnswers("answers.json", answers)
	if err != nil {
		return r, nil, err
	}
	bare, addr, err := openContender(ctx, nil, "bytes", file)
	if err != nil {
		return r, nil, err
	}
	s.children, r.bare, r.barePID = append(s.children, bare), addr, bare.cmd.Process.Pid
	nginx, addr, logging, err := openNginx(ctx, s.dir, answers)
	if err != nil {
		return r, nil, err
	}
	s.children, r.nginx, r.logging, r.nginxPID = append(s.children, nginx), addr, logging, nginx.cmd.Process.Pid
	for _, page := range pages {
		for _, addr := range []string{r.nginx, r.logging, r.bare} {
			if err := answersAlike(ctx, addr, page); err != nil {
				return r, nil, err
			}
		}
	}
	return r, pages, nil
}

// writeAnswers puts answers where a contender reads them.
func (s *site) writeAnswers(name string, answers map[string]contender.Answer) (file string, err error) {
	text, err := json.Marshal(answers)
	if err != nil {
		return "", err
	}
	file = filepath.Join(s.dir, name)
	return file, os.WriteFile(file, text, 0o600)
}

// answersAlike finds out whether a contender answers what the blog does, header and body.
func answersAlike(ctx context.Context, addr string, page still) error {
	got, err := fetch(ctx, addr, page.file, page.header())
	if err != nil {
		return err
	}
	if string(got.Body) != string(page.answer.Body) {
		return fmt.Errorf("%s answers other bytes than the blog for %s", addr, page.name)
	}
	for name, values := range page.answer.Header {
		if !slices.Contains([]string{"Etag", "Last-Modified", "X-Request-Id"}, name) && !slices.Equal(got.Header[name], values) {
			return fmt.Errorf("%s answers %s: %q for %s, the blog %q", addr, name, got.Header[name], page.name, values)
		}
	}
	return nil
}

// requests are those for a page, of the blog, nginx and bare Fiber.
func (r rivals) requests(s *site, page still) []wanted {
	return []wanted{
		{s.cmd.Process.Pid, s.addr, page.path, page.header()}, {r.nginxPID, r.nginx, page.file, page.header()},
		{r.barePID, r.bare, page.file, page.header()},
	}
}

// fieldNames are who answers them.
var fieldNames = []string{"miniblog", "nginx", "bare Fiber"}

// of are the rivals at a page.
func (r rivals) of(s *site, page still, connections int) (all []rival) {
	for i, w := range r.requests(s, page) {
		all = append(all, s.asked(fieldNames[i], w, connections))
	}
	return all
}

// known are the rivals where one has the page already.
func (r rivals) known(ctx context.Context, s *site, page still, connections int) (all []rival, err error) {
	for i, w := range r.requests(s, page) {
		first, err := fetch(ctx, w.addr, w.path, w.header)
		if err != nil {
			return nil, err
		}
		w.header = append(slices.Clone(w.header), "If-None-Match: "+first.Header.Get("ETag"))
		if _, err := fetch(ctx, w.addr, w.path, w.header); !errors.Is(err, errKnown) {
			return nil, fmt.Errorf("%s answers who knows a page: %w", fieldNames[i], err)
		}
		all = append(all, s.asked(fieldNames[i], w, connections))
	}
	return all, nil
}
