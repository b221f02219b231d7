package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

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
func measureMemory(ctx context.Context, s *site, o options, progress io.Writer) (string, error) {
	pages, err := s.stills(ctx)
	if err != nil {
		return "", err
	}
	rivals, err := s.openRivals(ctx, pages)
	if err != nil {
		return "", err
	}
	var trials []trial
	for _, page := range pages {
		names, requests := rivals.asked(s, page)
		t, err := s.contest(ctx, page.name, names, requests, o.wide, o.rounds, o.each, progress)
		if err != nil {
			return "", err
		}
		trials = append(trials, t)
	}
	known, err := rivals.known(ctx, s, pages[0])
	if err != nil {
		return "", err
	}
	t, err := s.contest(ctx, "home, known already (304)", []string{"miniblog", "nginx", "bare Fiber"}, known, o.wide, o.rounds, o.each, progress)
	if err != nil {
		return "", err
	}
	trials = append(trials, t)
	return fmt.Sprintf("%s.\n%d posts; wrk over %d connections; %d rounds of %s for each.\n\n", machine(s), o.posts, o.wide, o.rounds, o.each) + table(trials), nil
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
type rivals struct{ nginx, logging, bare string }

func (s *site) openRivals(ctx context.Context, pages []still) (r rivals, err error) {
	answers := map[string]contender.Answer{}
	for _, page := range pages {
		answers[page.file] = page.answer
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return r, err
	}
	file := filepath.Join(s.dir, "answers.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return r, err
	}
	bare, addr, err := openContender(ctx, "bytes", file)
	if err != nil {
		return r, err
	}
	s.children, r.bare = append(s.children, bare), addr
	nginx, addr, logging, err := openNginx(ctx, s.dir, answers)
	if err != nil {
		return r, err
	}
	s.children, r.nginx, r.logging = append(s.children, nginx), addr, logging
	for _, page := range pages {
		for _, addr := range []string{r.nginx, r.logging, r.bare} {
			if err := answersAlike(ctx, addr, page); err != nil {
				return r, err
			}
		}
	}
	return r, nil
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
		if !slices.Contains([]string{"Etag", "Last-Modified"}, name) && !slices.Equal(got.Header[name], values) {
			return fmt.Errorf("%s answers %s: %q for %s, the blog %q", addr, name, got.Header[name], page.name, values)
		}
	}
	return nil
}

// asked are the requests for a page, and who answers them; one of them says what a log costs nginx.
func (r rivals) asked(s *site, page still) (names []string, requests []wanted) {
	names = []string{"miniblog", "nginx", "bare Fiber"}
	requests = []wanted{{s.addr, page.path, page.header()}, {r.nginx, page.file, page.header()}, {r.bare, page.file, page.header()}}
	if strings.HasPrefix(page.file, "/home.compressed") {
		names, requests = append(names, "nginx, logging"), append(requests, wanted{r.logging, page.file, page.header()})
	}
	return names, requests
}

// known are the requests of who has the page already.
func (r rivals) known(ctx context.Context, s *site, page still) ([]wanted, error) {
	requests := []wanted{{s.addr, page.path, page.header()}, {r.nginx, page.file, page.header()}, {r.bare, page.file, page.header()}}
	for i, w := range requests {
		first, err := fetch(ctx, w.addr, w.path, w.header)
		if err != nil {
			return nil, err
		}
		requests[i].header = append(slices.Clone(w.header), "If-None-Match: "+first.Header.Get("ETag"))
		if _, err := fetch(ctx, w.addr, w.path, requests[i].header); !errors.Is(err, errKnown) {
			return nil, fmt.Errorf("%s answers who knows a page: %w", w.addr, err)
		}
	}
	return requests, nil
}

// errKnown says that the answer was 304.
var errKnown = errors.New("not modified")

// fetch asks for a page once. The header is without what every server writes itself.
func fetch(ctx context.Context, addr, path string, header []string) (contender.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return contender.Answer{}, err
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	client := http.Client{Timeout: answerLimit, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return contender.Answer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return contender.Answer{}, err
	case answer.StatusCode == http.StatusNotModified:
		return contender.Answer{}, errKnown
	case answer.StatusCode != http.StatusOK:
		return contender.Answer{}, fmt.Errorf("%s%s: %s: %.300s", addr, path, answer.Status, body)
	}
	for _, name := range []string{"Date", "Content-Length", "Connection", "Server"} {
		answer.Header.Del(name)
	}
	return contender.Answer{Header: answer.Header, Body: body}, nil
}
