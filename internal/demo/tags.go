package demo

import (
	"math/rand/v2"
	"strings"
)

const maxTags = 3

// tags are none to three, the first of the list most often: a stream of their own keeps
// the texts of a seed as they were without them.
func (d *Demo) tags(n int) string {
	r := d.random(streamTags, n)
	var chosen []string
	for range r.IntN(maxTags + 1) {
		if tag := d.corpus.tags[skewed(r, len(d.corpus.tags))]; !strings.Contains(strings.Join(chosen, ", "), tag) {
			chosen = append(chosen, tag)
		}
	}
	return strings.Join(chosen, ", ")
}

func skewed(r *rand.Rand, n int) int { return min(r.IntN(n), r.IntN(n)) }
