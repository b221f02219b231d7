package main

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestContendersTakeTurnsInTurnedOrder(t *testing.T) {
	t.Parallel()
	var order strings.Builder
	runners := make([]runner[int], 3)
	for i := range runners {
		runners[i] = runner[int]{"one", func(context.Context) (int, error) {
			order.WriteByte("abc"[i])
			return order.Len(), nil
		}}
	}
	results, err := interleave(t.Context(), 3, runners)
	noError(t, err)
	if order.String() != "abccbaabc" {
		t.Errorf("they took turns as %s", &order)
	}
	for i, want := range [][]int{{1, 6, 7}, {2, 5, 8}, {3, 4, 9}} {
		if got := results[i]; len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("contender %d has the rounds %v, want %v", i, got, want)
		}
	}
}

func TestAContenderThatFailsIsNamed(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := interleave(t.Context(), 2, []runner[int]{{"the other", func(context.Context) (int, error) { return 0, broken }}})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "the other") {
		t.Errorf("it says %v", err)
	}
}

func TestWhatWrkCountedIsRead(t *testing.T) {
	t.Parallel()
	got, err := parseWrk("Running 2s test @ http://127.0.0.1:1/\n  1 threads and 32 connections\n" +
		"counted requests=3000 took=2000000 bytes=9 p50=1500 p90=2500 p99=12000 failed=2 refused=3\n")
	if want := (answers{perSecond: 1500, p50: 1.5, p90: 2.5, p99: 12, count: 3000, failed: 5}); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	for _, broken := range []string{"", "Requests/sec: 3", "counted requests=3", "counted requests=3 took=0 bytes=9 p50=1 p90=2 p99=3 failed=0 refused=0"} {
		if got, err := parseWrk(broken); err == nil {
			t.Errorf("of %q it makes %+v", broken, got)
		}
	}
}

func TestNeighboursAreCompared(t *testing.T) {
	t.Parallel()
	if got, want := ratios([]float64{1, 6, 4}, []float64{2, 2, 4}), (spread{1, 0.5, 3}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}
