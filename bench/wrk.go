package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// script has wrk print what it counted in one line, in microseconds.
const script = `done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("counted requests=%d took=%d bytes=%d p50=%d p90=%d p99=%d failed=%d refused=%d\n",
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(90), latency:percentile(99),
    e.connect + e.read + e.write + e.timeout, e.status))
end
`

// answers is what wrk counted in one round. Latencies are in milliseconds.
type answers struct {
	perSecond     float64
	p50, p90, p99 float64
	count         int
	failed        int     // connections that broke, and answers of 400 and above
	failure       error   // the first of them, where that is known
	own, postgres float64 // processor time of one, in microseconds
}

// wanted is one request, sent again and again.
type wanted struct {
	pid        int // of who is asked
	addr, path string
	header     []string // such as "Accept-Encoding: br"
}

// wrk sends a request over so many connections, each time as soon as the last is answered. It takes
// whole seconds.
func (s *site) wrk(ctx context.Context, w wanted, connections int, each time.Duration) (answers, error) {
	file := filepath.Join(s.dir, "wrk.lua")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return answers{}, err
	}
	seconds := max(1, int(math.Round(each.Seconds())))
	args := []string{"-t1", "-c" + strconv.Itoa(connections), fmt.Sprintf("-d%ds", seconds), "-s", file}
	for _, line := range w.header {
		args = append(args, "-H", line)
	}
	out, err := exec.CommandContext(ctx, "wrk", append(args, "http://"+w.addr+w.path)...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return answers{}, fmt.Errorf("%w; install it with: sh tools/provide.sh wrk nginx", err)
	}
	if err != nil {
		return answers{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return parseWrk(string(out))
}

// parseWrk reads the line that the script printed.
func parseWrk(out string) (a answers, err error) {
	lines := strings.Split(out, "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "counted ") })
	if at < 0 {
		return a, fmt.Errorf("wrk counted nothing: %q", out)
	}
	var took, bytes, p50, p90, p99, refused int
	_, err = fmt.Sscanf(lines[at], "counted requests=%d took=%d bytes=%d p50=%d p90=%d p99=%d failed=%d refused=%d",
		&a.count, &took, &bytes, &p50, &p90, &p99, &a.failed, &refused)
	if err != nil || took <= 0 {
		return a, fmt.Errorf("read what wrk counted: %w: %q", err, lines[at])
	}
	a.failed += refused
	a.perSecond = float64(a.count) / (float64(took) / 1e6)
	a.p50, a.p90, a.p99 = float64(p50)/1e3, float64(p90)/1e3, float64(p99)/1e3
	return a, nil
}
