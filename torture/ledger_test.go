package torture

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// The two ways to have a text kept, as the versions name them.
const (
	autosaved = "autosaved"
	saved     = "saved"
)

// write is a text that was to be kept.
type write struct {
	post    uuid.UUID
	sitting uuid.UUID
	turn    int
	kind    string
	text    hash
}

// origin is where a text was typed.
type origin struct {
	sitting uuid.UUID
	turn    int
}

// ledger remembers what was sent and what the blog said that it kept.
type ledger struct {
	mu           sync.Mutex
	sent         int            // requests, with those sent again
	acknowledged map[write]bool // false: sent, and never acknowledged
	origins      map[hash]origin
	answers      map[int]int    // by status; 0 is none
	odd          map[string]int // what no author should ever see
}

func newLedger() *ledger {
	return &ledger{acknowledged: map[write]bool{}, origins: map[hash]origin{}, answers: map[int]int{}, odd: map[string]int{}}
}

// send notes a request before it goes out.
func (l *ledger) send(w write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	l.origins[w.text] = origin{w.sitting, w.turn}
	if _, again := l.acknowledged[w]; !again {
		l.acknowledged[w] = false
	}
}

// answered notes how the blog answered a request.
func (l *ledger) answered(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[status]++
}

// acknowledge notes that the blog said that it kept the text.
func (l *ledger) acknowledge(w write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged[w] = true
}

// wonder notes what should never happen.
func (l *ledger) wonder(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.odd[fmt.Sprintf(format, args...)]++
}

// kept are the acknowledged writes.
func (l *ledger) kept() (writes []write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w, acknowledged := range l.acknowledged {
		if acknowledged {
			writes = append(writes, w)
		}
	}
	return writes
}

// origin tells where a text was typed, if it was ever sent.
func (l *ledger) origin(text hash) (from origin, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, known = l.origins[text]
	return from, known
}

// wonders lists what should never have happened.
func (l *ledger) wonders() (lines []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(l.odd)) {
		lines = append(lines, fmt.Sprintf("%d times: %s", l.odd[what], what))
	}
	return lines
}
