package main_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"miniblog/internal/dbtest"
)

func TestEveryLineOfTheLogIsReadByAMachineAndSaysWhen(t *testing.T) {
	t.Parallel()
	cmd := program(t, settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": "127.0.0.1:0", "MINIBLOG_LOG": "json", "TZ": "Asia/Kolkata"}, false)
	var out bytes.Buffer
	cmd.Stdout = &out
	p := watch(t, cmd, "")
	p.listens()
	p.answers("/", 200)
	p.answers("/nothing-here", 404)
	p.end()
	if out.Len() > 0 {
		t.Errorf("it says elsewhere: %s", out.String())
	}
	for _, line := range p.log {
		var entry struct{ Time, Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Level == "" || entry.Msg == "" {
			t.Errorf("a line of the log is %q: %v", line, err)
		}
		if at, err := time.Parse(time.RFC3339Nano, entry.Time); err != nil || time.Since(at).Abs() > time.Hour {
			t.Errorf("a line of the log is of %q: %v", entry.Time, err)
		}
	}
	if len(p.log) < 4 {
		t.Errorf("the log has %d lines", len(p.log))
	}
}
