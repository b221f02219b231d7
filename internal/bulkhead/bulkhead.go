// Package bulkhead keeps one kind of work from taking what another needs: each has places of
// its own, and a line before them that is bounded in length and in time.
package bulkhead

import (
	"context"
	"sync/atomic"
	"time"

	"miniblog/internal/fault"
)

// Bulkhead lets so much work go on at once, in the order in which it came. It is safe for
// concurrent use.
type Bulkhead struct {
	places   chan struct{} // holds one for each that is at work
	line     int64
	patience time.Duration

	waiting    atomic.Int64
	turnedAway atomic.Int64
}

// New returns a bulkhead with so many places, at least one, before which so many wait at most,
// none longer than patience.
func New(places, line int, patience time.Duration) *Bulkhead {
	return &Bulkhead{places: make(chan struct{}, max(1, places)), line: int64(line), patience: patience}
}

// Do does the work in a place of its own and returns its error. Without doing it, it returns
// fault.ErrBusy, at once where the line is full, or the context's error.
func (b *Bulkhead) Do(ctx context.Context, work func() error) error {
	if err := b.enter(ctx); err != nil {
		return err
	}
	defer func() { <-b.places }()
	return work()
}

// enter takes a place. None is free while somebody waits: who leaves hands it on.
func (b *Bulkhead) enter(ctx context.Context) error {
	select {
	case b.places <- struct{}{}:
		return nil
	default:
	}
	defer b.waiting.Add(-1)
	if b.waiting.Add(1) > b.line {
		return b.TurnAway()
	}
	limit := time.NewTimer(b.patience)
	defer limit.Stop()
	select {
	case b.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return b.TurnAway()
	}
}

// TurnAway counts somebody who is not to have a place, and returns fault.ErrBusy.
func (b *Bulkhead) TurnAway() error {
	b.turnedAway.Add(1)
	return fault.ErrBusy
}

// Use is how many are at work and wait now, and how many were turned away since the start.
type Use struct{ AtWork, Waiting, TurnedAway int64 }

// Use tells how much the bulkhead is used.
func (b *Bulkhead) Use() Use {
	return Use{AtWork: int64(len(b.places)), Waiting: min(b.waiting.Load(), b.line), TurnedAway: b.turnedAway.Load()}
}
