package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clients = 200
	// thinking is how long a client waits on the average before it asks again: people do, and more log-ins than
	// the processors can hash are measured elsewhere.
	thinking = 200 * time.Millisecond
)

// living is a published post that says how often it was saved, and what is known of that.
type living struct {
	mu    sync.Mutex // held by who saves it
	saver *saver
	path  string       // where it is read
	saved atomic.Int64 // the last revision that was answered as saved
}

// says is in the text of a living post, also in its excerpt.
var says = regexp.MustCompile(`Living text (\d+): revision (\d+)\.`)

// mixed is what became of each kind of request.
type mixed struct {
	mu    sync.Mutex
	kinds map[string]*tally
	seen  int // revisions of living posts that were read
	stale int
	first error // the first stale read
}

// measureMixed has clients read, write and log in side by side, and looks whether anybody reads what is older than
// what was answered as saved before they asked.
func measureMixed(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error) {
	home, err := fetch(ctx, s.addr, "/", nil)
	if err != nil {
		return "", err
	}
	var others []string
	for _, link := range permalink.FindAllSubmatch(home.Body, -1) {
		others = append(others, string(link[1]))
	}
	published, _, err := s.openSavers(20) // so many that home shows nothing else
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closeSavers(published)) }()
	posts := make([]*living, len(published))
	for n, v := range published {
		posts[n] = &living{saver: v, path: v.path}
		if err := posts[n].save(n); err != nil {
			return "", err
		}
	}
	fmt.Fprintf(progress, "%d clients for %s\n", clients, o.mixed)
	m := &mixed{kinds: map[string]*tally{}}
	until := time.Now().Add(o.mixed)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			c := &client{site: s, posts: posts, others: others, mixed: m, turn: n, chance: rand.New(rand.NewPCG(1, uint64(n)))}
			c.connection.addr = s.addr
			defer c.connection.close()
			for sleep(ctx, time.Duration(2*c.chance.Float64()*float64(thinking))) && time.Now().Before(until) {
				c.act()
			}
		})
	}
	all.Wait()
	return fmt.Sprintf("%s.\n%d posts; %d clients for %s, each asking about every %s.\n\n", machine(s), o.posts, clients, o.mixed, thinking) +
		m.markdown(), errors.Join(ctx.Err(), m.failure())
}

// save saves the next revision.
func (p *living) save(n int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.saved.Load() + 1
	form := p.saver.form()
	form.Set("title", fmt.Sprintf("Living text %d", n))
	form.Set("body", fmt.Sprintf("Living text %d: revision %d.\n\n%s", n, next, form.Get("body")))
	err := p.saver.send("/posts/"+p.saver.post.String(), form)
	if err == nil {
		p.saved.Store(next)
	}
	return err
}

// client does what people do, by chance.
type client struct {
	*site
	connection
	posts  []*living
	others []string
	mixed  *mixed
	turn   int
	chance *rand.Rand
}

// act is one request: of a hundred 95 read, 2 save, 2 autosave and 1 logs in.
func (c *client) act() {
	begun := time.Now()
	switch chance := c.chance.IntN(100); {
	case chance < 1:
		c.turn += clients
		err := c.logInOver(&c.connection, c.turn)
		c.mixed.add("log-in", time.Since(begun), err)
	case chance < 3:
		n := c.chance.IntN(len(c.posts))
		err := c.posts[n].save(n)
		c.mixed.add("save", time.Since(begun), err)
	case chance < 5:
		took, err := c.writers[c.chance.IntN(min(writing, len(c.writers)))].saveNext()
		c.mixed.add("autosave", took, err)
	case chance < 40:
		c.read("/")
	case chance < 80:
		c.read(c.posts[c.chance.IntN(len(c.posts))].path)
	default:
		c.read(c.others[c.chance.IntN(len(c.others))])
	}
}

// read reads a page and looks at every living text on it.
func (c *client) read(path string) {
	known := make([]int64, len(c.posts))
	for n, p := range c.posts {
		known[n] = p.saved.Load()
	}
	begun := time.Now()
	answer, err := c.ask([]byte("GET " + path + " HTTP/1.1\r\nHost: " + c.connection.addr + "\r\n\r\n"))
	c.mixed.add("read", time.Since(begun), err)
	if err != nil {
		return
	}
	for _, said := range says.FindAllSubmatch(answer.Body(), -1) {
		n, _ := strconv.Atoi(string(said[1])) // the pattern is right
		revision, _ := strconv.ParseInt(string(said[2]), 10, 64)
		c.mixed.saw(path, n, revision, known[n])
	}
}

func (m *mixed) add(kind string, took time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kinds[kind] == nil {
		m.kinds[kind] = new(tally)
	}
	m.kinds[kind].add(took, err)
}

func (m *mixed) saw(path string, n int, revision, known int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen++
	if revision >= known {
		return
	}
	m.stale++
	if m.first == nil {
		m.first = fmt.Errorf("%s showed revision %d of text %d when %d was saved already", path, revision, n, known)
	}
}

func (m *mixed) failure() error {
	failures := []error{m.first}
	for kind, t := range m.kinds {
		if t.failed > 0 {
			failures = append(failures, fmt.Errorf("%d of %s failed: %w", t.failed, kind, t.failure))
		}
	}
	return errors.Join(failures...)
}

func (m *mixed) markdown() string {
	var text strings.Builder
	text.WriteString("| | answered | failed | p50, ms | p90, ms | p99, ms | slowest, ms |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, kind := range []string{"read", "save", "autosave", "log-in"} {
		if m.kinds[kind] == nil {
			continue
		}
		t := together([]tally{*m.kinds[kind]})
		fmt.Fprintf(&text, "| %s | %d | %d | %.2f | %.2f | %.2f | %.2f |\n",
			kind, len(t.took), t.failed, t.quantile(0.5), t.quantile(0.9), t.quantile(0.99), t.quantile(1))
	}
	fmt.Fprintf(&text, "\nOf %d texts that were read and change meanwhile **%d were stale**: older than one that was answered as saved before they were asked for.\n", m.seen, m.stale)
	return text.String()
}
