package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
)

// titles is the line of all titles that the grammar has, each of them once: so
// no two posts need the same slug, and nobody has to remember which were used.
type titles []form // those with the fewest titles first

// form is one pattern of a title with the order in which its slots are filled.
type form struct {
	phrase phrase
	order  shuffle
}

func newTitles(g *grammar, r *rand.Rand) (made titles) {
	for _, phrase := range g.titles {
		size := 1
		for _, piece := range phrase {
			if piece.list != nil {
				size *= len(piece.list.entries)
			}
		}
		made = append(made, form{phrase, newShuffle(size, r)})
	}
	slices.SortStableFunc(made, func(a, b form) int { return cmp.Compare(a.order.size, b.order.size) })
	return made
}

// at is the nth title, and what it chose of the lists that a post chooses from once.
func (t titles) at(n int) (title string, chosen map[string]int) {
	form, n := t.find(n)
	rest := form.order.at(n)
	chosen = map[string]int{}
	var text strings.Builder
	form.phrase.write(&text, func(p piece) int {
		choice := rest % len(p.list.entries)
		rest /= len(p.list.entries)
		if p.list.kept {
			chosen[p.list.key] = choice
		}
		return choice
	})
	return text.String(), chosen
}

// find takes a title of each form in turn, passing over the forms that have run
// out. It returns the form of the nth title, and which of the form's own it is.
func (t titles) find(n int) (form, int) {
	used := 0
	for i, form := range t {
		left := t[i:]
		block := (form.order.size - used) * len(left)
		if n < block {
			return left[n%len(left)], used + n/len(left)
		}
		n -= block
		used = form.order.size
	}
	panic("demo: the grammar has fewer titles than a demo may have posts")
}
