package merge

import (
	"slices"
	"sort"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// run says that a[A:A+N] and b[B:B+N] are the same.
type run struct{ A, B, N int }

// align finds what two sequences have in common, in order. What stands once in
// both is paired first (patience diff, Bram Cohen): that keeps paragraphs whole
// where a shortest edit script would pair their blank lines. Between such pairs
// a longest common subsequence decides.
func align(a, b []string) []run {
	var found []run
	alignWithin(a, b, 0, 0, &found)
	return joined(found)
}

func alignWithin(a, b []string, offsetA, offsetB int, found *[]run) {
	head := commonHead(a, b)
	add(found, run{offsetA, offsetB, head})
	alignRest(a[head:], b[head:], offsetA+head, offsetB+head, found)
}

// alignRest pairs what is unique before what the ends have in common: the stop after an
// added sentence is not the one that the text ended with before.
func alignRest(a, b []string, offsetA, offsetB int, found *[]run) {
	if len(a) == 0 || len(b) == 0 {
		return
	}
	anchors := rising(uniquePairs(a, b))
	if len(anchors) == 0 {
		tail := commonTail(a, b)
		alignByLCS(a[:len(a)-tail], b[:len(b)-tail], offsetA, offsetB, found)
		add(found, run{offsetA + len(a) - tail, offsetB + len(b) - tail, tail})
		return
	}
	fromA, fromB := 0, 0
	for _, anchor := range anchors {
		alignWithin(a[fromA:anchor.A], b[fromB:anchor.B], offsetA+fromA, offsetB+fromB, found)
		add(found, run{offsetA + anchor.A, offsetB + anchor.B, 1})
		fromA, fromB = anchor.A+1, anchor.B+1
	}
	alignWithin(a[fromA:], b[fromB:], offsetA+fromA, offsetB+fromB, found)
}

// alignByLCS turns the library's differences into what lies between them.
func alignByLCS(a, b []string, offsetA, offsetB int, found *[]run) {
	atA, atB := 0, 0
	for _, difference := range lcs.DiffLines(a, b) {
		add(found, run{offsetA + atA, offsetB + atB, difference.Start - atA})
		atA, atB = difference.End, difference.ReplEnd
	}
	add(found, run{offsetA + atA, offsetB + atB, len(a) - atA})
}

func add(found *[]run, r run) {
	if r.N > 0 {
		*found = append(*found, r)
	}
}

// joined puts runs that follow each other without a gap together.
func joined(runs []run) []run {
	var whole []run
	for _, r := range runs {
		if last := len(whole) - 1; last >= 0 && whole[last].A+whole[last].N == r.A && whole[last].B+whole[last].N == r.B {
			whole[last].N += r.N
			continue
		}
		whole = append(whole, r)
	}
	return whole
}

// uniquePairs pairs what stands exactly once in a and exactly once in b, in a's order.
func uniquePairs(a, b []string) []run {
	type places struct{ inA, inB, a, b int }
	seen := map[string]*places{}
	for i, token := range a {
		if seen[token] == nil {
			seen[token] = &places{}
		}
		seen[token].inA++
		seen[token].a = i
	}
	for i, token := range b {
		if place := seen[token]; place != nil {
			place.inB++
			place.b = i
		}
	}
	var pairs []run
	for i, token := range a {
		if place := seen[token]; place.inA == 1 && place.inB == 1 {
			pairs = append(pairs, run{i, place.b, 1})
		}
	}
	return pairs
}

// rising keeps a longest subsequence of pairs that also rises in b (patience
// sorting): pairs that cross cannot all stay where they are.
func rising(pairs []run) []run {
	var tops []int // of each pile, the index of its last pair
	before := make([]int, len(pairs))
	for i, pair := range pairs {
		pile := sort.Search(len(tops), func(p int) bool { return pairs[tops[p]].B > pair.B })
		before[i] = -1
		if pile > 0 {
			before[i] = tops[pile-1]
		}
		if pile == len(tops) {
			tops = append(tops, i)
		} else {
			tops[pile] = i
		}
	}
	if len(tops) == 0 {
		return nil
	}
	var kept []run
	for i := tops[len(tops)-1]; i >= 0; i = before[i] {
		kept = append(kept, pairs[i])
	}
	slices.Reverse(kept)
	return kept
}

func commonHead(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func commonTail(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
