package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// settle is a pause between rounds, so that none pays for the one before.
const settle = 500 * time.Millisecond

// contender is one of the loads that are compared.
type contender struct {
	name string
	run  func(ctx context.Context, until time.Time) round
}

// round is what came out when a contender had its turn.
type round struct {
	span         time.Duration
	reads, saves tally
	used         usage
}

// readRate, saveRate and the like are what the table shows of a round.
func (r round) readRate() float64 { return float64(len(r.reads.took)) / r.span.Seconds() }
func (r round) sentRate() float64 {
	return float64(len(r.saves.took)+r.saves.failed) / r.span.Seconds()
}
func (r round) keptRate() float64 { return float64(len(r.saves.took)) / r.span.Seconds() }

// interleave gives every contender its rounds by turns, in turned order every second
// time, as ABBA: what grows steadily meanwhile favours none. It returns the rounds of
// each, in its order.
func interleave(ctx context.Context, s *site, contenders []contender, o options, progress io.Writer) ([][]round, error) {
	results := make([][]round, len(contenders))
	order := make([]int, len(contenders))
	for i := range order {
		order[i] = i
	}
	for n := range o.rounds {
		for _, i := range order {
			result, err := s.measure(ctx, contenders[i], o.each)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(progress, "round %d of %d, %s: %.0f pages/s\n", n+1, o.rounds, contenders[i].name, result.readRate())
			results[i] = append(results[i], result)
		}
		slices.Reverse(order)
	}
	return results, nil
}

// measure gives a contender one round. A page that cannot be read ends everything:
// there is nothing to compare then.
func (s *site) measure(ctx context.Context, c contender, each time.Duration) (round, error) {
	if !sleep(ctx, settle) {
		return round{}, ctx.Err()
	}
	before, begun := s.usage(), time.Now()
	result := c.run(ctx, begun.Add(each))
	result.span, result.used = time.Since(begun), s.usage().since(before)
	if result.reads.failure != nil {
		return round{}, fmt.Errorf("%s: %w", c.name, result.reads.failure)
	}
	return result, ctx.Err()
}
