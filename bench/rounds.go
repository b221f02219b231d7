package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// settle is a pause before each round, so that none pays for the one before.
const settle = 200 * time.Millisecond

// runner is one of the contenders, and what it does when it has its turn.
type runner[T any] struct {
	name string
	run  func(context.Context) (T, error)
}

// interleave gives every contender its rounds by turns, in turned order every second
// time, as ABBA: what grows steadily meanwhile favours none. It returns the rounds of
// each, in its order.
func interleave[T any](ctx context.Context, rounds int, contenders []runner[T]) ([][]T, error) {
	results := make([][]T, len(contenders))
	order := make([]int, len(contenders))
	for i := range order {
		order[i] = i
	}
	for range rounds {
		for _, i := range order {
			if !sleep(ctx, settle) {
				return nil, ctx.Err()
			}
			result, err := contenders[i].run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contenders[i].name, err)
			}
			results[i] = append(results[i], result)
		}
		slices.Reverse(order)
	}
	return results, nil
}

// ratios compares each round of one contender with the neighbouring one of another.
func ratios(of, to []float64) spread {
	var values []float64
	for i := range of {
		values = append(values, of[i]/to[i])
	}
	return spreadOf(values)
}

// each is one figure of each round.
func each[T any](rounds []T, value func(T) float64) (values []float64) {
	for _, r := range rounds {
		values = append(values, value(r))
	}
	return values
}
