package localpg

import (
	"log/slog"
	"strings"
	"testing"
)

func TestPostgresWarnsAloudAndTheRestIsForDebugging(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"00000 LOG:  database system is ready to accept connections":        "DEBUG",
		"01000 WARNING:  out of disk space soon":                            "WARN",
		"23505 ERROR:  duplicate key value violates unique constraint":      "DEBUG",
		"57P03 FATAL:  the database system is starting up":                  "DEBUG",
		"57P01 FATAL:  terminating connection due to administrator command": "DEBUG",
		"28000 FATAL:  Peer authentication failed for user \"miniblog\"":    "WARN",
		"XX001 PANIC:  could not read page":                                 "ERROR",
		"words without a code":                                              "DEBUG",
	} {
		var out strings.Builder
		newRelay(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))).line(line)
		if !strings.Contains(out.String(), "level="+want) {
			t.Errorf("%q becomes %s", line, out.String())
		}
	}
}

func TestLongLinesDoNotStopTheLog(t *testing.T) {
	t.Parallel()
	r := newRelay(slog.New(slog.DiscardHandler))
	text := strings.Repeat("x", 1<<20) + "\nF0001 FATAL:  lock file exists\n"
	r.copy(readCloser{strings.NewReader(text)})
	if !r.sawLockHeld() || !strings.HasSuffix(r.last(), "lock file exists") {
		t.Errorf("the last words are %q", r.last())
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
