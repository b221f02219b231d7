package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// boundMemory has Go's collector keep to what the program needs, unless GOMEMLIMIT or GOGC say otherwise:
// what pages may take and 8 MiB, or 72 MiB where they are to take less. Below that it need not come so
// often: what is in use without pages is so little that it would take a fifth of the time of making one.
//
// Many connections or long texts on their way can take more than that, until ctx ends without the collector
// running again and again for nothing.
func boundMemory(ctx context.Context, pages int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		least := max(pages, 64<<20) + 8<<20
		debug.SetMemoryLimit(least)
		go followMemory(ctx, least)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// followMemory raises the limit while more is in use.
func followMemory(ctx context.Context, least int64) {
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for ctx.Err() == nil {
		if limit := max(least, memoryInUse()*9/8+4<<20); limit != debug.SetMemoryLimit(-1) {
			debug.SetMemoryLimit(limit)
		}
		select {
		case <-ctx.Done():
		case <-again.C:
		}
	}
}

// memoryInUse is what the last collection found in use, and the stacks, in bytes.
func memoryInUse() int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() + samples[1].Value.Uint64())
}
