package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// read asks for one page until a time, over so many connections, each asking again as
// soon as it was answered. The answers must be of one length: nothing that readers see
// changes meanwhile.
func read(ctx context.Context, addr, path string, connections int, until time.Time) tally {
	request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n\r\n", path, addr)
	parts := make([]tally, connections)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() { parts[i] = readAgain(ctx, addr, request, until) })
	}
	all.Wait()
	return together(parts)
}

func readAgain(ctx context.Context, addr string, request []byte, until time.Time) (t tally) {
	c := connection{addr: addr}
	defer c.close()
	length := 0
	for begun := time.Now(); begun.Before(until) && ctx.Err() == nil; begun = time.Now() {
		answer, err := c.ask(request)
		if err == nil && length != 0 && length != len(answer.Body()) {
			err = errors.New("the page changed its length")
		}
		if err == nil {
			length = len(answer.Body())
		}
		t.add(time.Since(begun), err)
	}
	return t
}
