package main_test

import (
	"strings"
	"testing"
)

// What packages set up at the start would be looked through after each hash.
func TestAWorkerBeginsBeforeTheLanguagesOfProgramsAreRead(t *testing.T) {
	t.Parallel()
	traced := settings{"GODEBUG": "inittrace=1"}
	for command, want := range map[string]bool{"version": true, "hash": false} {
		said := run(t, traced, "", command).wants(t, 0).errors
		if !strings.Contains(said, "init log/slog ") {
			t.Fatalf("%s: what is initialized is not told: %s", command, said)
		}
		for _, late := range []string{"regexp", "github.com/alecthomas/chroma/v2/lexers", "github.com/microcosm-cc/bluemonday/css"} {
			if got := strings.Contains(said, "init "+late+" "); got != want {
				t.Errorf("%s initializes %s: %v", command, late, got)
			}
		}
	}
}
