package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// Not beside others: the limit is the process's.
func TestTheLimitOfMemoryIsAboveWhatIsInUse(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); followMemory(ctx, 8<<20) }()
	t.Cleanup(func() { cancel(); <-ended })
	limitIs := func(what string, right func(limit int64) bool) {
		t.Helper()
		for begun := time.Now(); !right(debug.SetMemoryLimit(-1)); time.Sleep(10 * time.Millisecond) {
			if time.Since(begun) > 20*time.Second {
				t.Fatalf("%s: the limit is %d bytes", what, debug.SetMemoryLimit(-1))
			}
		}
	}
	held := make([]byte, 256<<20)
	runtime.GC()
	limitIs("with 256 MiB in use", func(limit int64) bool { return limit > 280<<20 })
	runtime.KeepAlive(held)
	held = nil
	runtime.GC()
	limitIs("with little in use", func(limit int64) bool { return limit < 200<<20 })
}
