package account

import (
	"context"
	"hash/maphash"
	"time"

	"miniblog/internal/fault"
)

// A turn counts as a failure until its password was right, so what is tried under one
// name at once must stay below the number of failures that closes it: else several who
// log in with the right password at the same instant would close it for each other.
const (
	queueWidth = 4 // the fifth failure closes: see take_turns of db/migrations
	queueWait  = 5 * time.Second
)

// queues let a few log-ins under one name go on at a time; the others wait. Names
// share them, so they take the same room however many are tried.
type queues struct {
	seed maphash.Seed
	all  [256]chan struct{}
}

func newQueues() *queues {
	q := &queues{seed: maphash.MakeSeed()}
	for i := range q.all {
		q.all[i] = make(chan struct{}, queueWidth)
	}
	return q
}

// enter waits for a place in the name's queue and returns how to leave it;
// fault.ErrBusy when that takes too long, or the context's error.
func (q *queues) enter(ctx context.Context, name string) (leave func(), err error) {
	own := q.all[maphash.String(q.seed, name)%uint64(len(q.all))]
	leave = func() { <-own }
	tooLong := time.NewTimer(queueWait)
	defer tooLong.Stop()
	select {
	case own <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case own <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-tooLong.C:
		return nil, fault.ErrBusy
	}
}
