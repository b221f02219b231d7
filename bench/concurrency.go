package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// crowds are how many connections ask at once.
var crowds = []int{1, 8, 32, 128, 256}

// measureConcurrency compares the home page from memory over more and more connections.
func measureConcurrency(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error) {
	defer func() { err = errors.Join(err, s.endChildren()) }()
	rivals, pages, err := s.openRivals(ctx)
	if err != nil {
		return "", err
	}
	o.rounds = (o.rounds + 1) / 2 // there are many crowds
	var trials []trial
	c := s.chart("concurrency", "Home from memory, compressed: more and more connections", "connections")
	for _, crowd := range crowds {
		t, err := contest(ctx, fmt.Sprintf("home, %d connections", crowd), rivals.of(s, pages[0], crowd), o, progress)
		if err != nil {
			return "", err
		}
		c.add(float64(crowd), t)
		trials = append(trials, t)
	}
	return setting(s, o, said("wrk", "-v")+" over more and more connections; "+nginxVersion()) + table(trials), nil
}
