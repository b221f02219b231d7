package demo

import (
	"math/rand/v2"
	"strings"
)

const (
	maxParagraphs = 12
	maxMore       = 4 // sentences of a paragraph after its first
)

// teller composes the text of one post.
type teller struct {
	grammar *grammar
	r       *rand.Rand
	chosen  map[string]int // of the lists that a post chooses from once
	middles []int          // in the order of their use, so that none is said twice
	text    strings.Builder
}

func newTeller(g *grammar, r *rand.Rand, chosen map[string]int) *teller {
	return &teller{grammar: g, r: r, chosen: chosen, middles: r.Perm(len(g.middles))}
}

// body is a post of one to twelve paragraphs, more often a short one.
func (t *teller) body() string {
	paragraphs := 1 + min(t.r.IntN(maxParagraphs), t.r.IntN(maxParagraphs))
	t.say(one(t.r, t.grammar.openers))
	for i := range paragraphs {
		if i > 0 {
			t.text.WriteString("\n\n")
			t.say(t.nextMiddle())
		}
		for range t.r.IntN(maxMore + 1) {
			t.text.WriteByte(' ')
			t.say(t.nextMiddle())
		}
	}
	t.text.WriteByte(' ')
	t.say(one(t.r, t.grammar.closers))
	return t.text.String()
}

func (t *teller) say(p phrase) { p.write(&t.text, t.choose) }

func (t *teller) nextMiddle() phrase {
	next := t.middles[0]
	t.middles = t.middles[1:]
	return t.grammar.middles[next]
}

func (t *teller) choose(p piece) int {
	entries := len(p.list.entries)
	if !p.list.kept {
		return t.r.IntN(entries)
	}
	same, ok := t.chosen[p.list.key]
	if !ok {
		same = t.r.IntN(entries)
		t.chosen[p.list.key] = same
	}
	if p.other {
		return (same + 1 + t.r.IntN(entries-1)) % entries
	}
	return same
}

func one(r *rand.Rand, phrases []phrase) phrase { return phrases[r.IntN(len(phrases))] }
