package main

import (
	"slices"
	"time"
)

// tally is what became of one kind of request in one round.
type tally struct {
	took    []time.Duration // of those that went well
	failed  int
	failure error // the first
}

func (t *tally) add(took time.Duration, err error) {
	if err == nil {
		t.took = append(t.took, took)
		return
	}
	t.failed++
	if t.failure == nil {
		t.failure = err
	}
}

// together is the sum of what several connections did.
func together(parts []tally) (all tally) {
	for _, part := range parts {
		all.took = append(all.took, part.took...)
		all.failed += part.failed
		if all.failure == nil {
			all.failure = part.failure
		}
	}
	slices.Sort(all.took)
	return all
}

// quantile is a duration that the share p of all did not exceed, in milliseconds.
func (t tally) quantile(p float64) float64 {
	if len(t.took) == 0 {
		return 0
	}
	at := t.took[min(int(p*float64(len(t.took))), len(t.took)-1)]
	return float64(at.Microseconds()) / 1000
}

// spread is the middle of several rounds, and the farthest from it.
type spread struct{ median, min, max float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return spread{median, sorted[0], sorted[len(sorted)-1]}
}
