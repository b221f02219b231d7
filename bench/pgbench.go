package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// perSecond is in what pgbench prints.
var perSecond = regexp.MustCompile(`(?m)^tps = ([0-9.]+) \(without`)

var (
	processed = regexp.MustCompile(`(?m)^number of transactions actually processed: (\d+)`)
	notDone   = regexp.MustCompile(`(?m)^number of failed transactions: (\d+)`)
)

// pgbench is a rival that runs a script of SQL, prepared, over as many connections as the blog has.
func (s *site) pgbench(name, dsn, script string, variables map[string]string) (rival, error) {
	pgbench, err := program(context.Background(), "pgbench")
	if err != nil {
		return rival{}, fmt.Errorf("pgbench comes with PostgreSQL: %w", err)
	}
	file := filepath.Join(s.dir, name+".sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return rival{}, err
	}
	args := []string{"-n", "-M", "prepared", "-c", strconv.Itoa(s.database.store.Connections() / 2), "-f", file}
	for name, value := range variables {
		args = append(args, "-D", name+"="+value)
	}
	return rival{name, 0, func(ctx context.Context, each time.Duration) (answers, error) {
		seconds := strconv.Itoa(max(1, int(math.Round(each.Seconds()))))
		out, err := exec.CommandContext(ctx, pgbench, append(args, "-T", seconds, dsn)...).CombinedOutput()
		if err != nil {
			return answers{}, fmt.Errorf("pgbench: %w\n%s", err, out)
		}
		return parsePgbench(out)
	}}, nil
}

// parsePgbench reads what pgbench printed.
func parsePgbench(out []byte) (a answers, err error) {
	rate, count, failed := perSecond.FindSubmatch(out), processed.FindSubmatch(out), notDone.FindSubmatch(out)
	if rate == nil && count != nil && string(count[1]) == "0" { // on a machine that has no time for it
		return a, nil
	}
	if rate == nil || count == nil {
		return a, fmt.Errorf("pgbench counted nothing: %q", out)
	}
	if failed != nil {
		a.failed, _ = strconv.Atoi(string(failed[1])) // the pattern is right
	}
	a.count, _ = strconv.Atoi(string(count[1])) // ditto
	a.perSecond, err = strconv.ParseFloat(string(rate[1]), 64)
	return a, err
}
