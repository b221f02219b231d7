package localpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestRowsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startIn(t, dir)
	writeRow(t, first.DSN("miniblog"), "kept")
	stop(t, first)
	wantRows(t, startIn(t, dir).DSN("miniblog"), "kept")
}

func TestTheDatabaseSpeaksUTF8SortsByCodePointAndChecksItsPages(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	for sql, want := range map[string]string{
		"SHOW server_encoding":     "UTF8",
		"SHOW data_checksums":      "on",
		"SHOW listen_addresses":    "",
		"SHOW timezone":            "UTC",
		"SHOW synchronous_commit":  "on",
		"SHOW full_page_writes":    "on",
		"SELECT lower('ÉCOLE')":    "école",
		"SELECT ('Z' < 'a')::text": "true",
		"SELECT current_user":      "miniblog",
	} {
		if got := ask(t, s.DSN("miniblog"), sql); got != want {
			t.Errorf("%s gives %q, want %q", sql, got, want)
		}
	}
}

func TestCommitsReachTheDiskUnlessATestSaysOtherwise(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t), func(o *Options) { o.Settings = nil })
	if got := ask(t, s.DSN("miniblog"), "SHOW fsync"); got != "on" {
		t.Errorf("fsync is %s", got)
	}
}

func TestASecondStartSaysWhoHoldsTheDatabase(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	startIn(t, dir, func(o *Options) { o.Holder = "http://127.0.0.1:8080" })
	_, err := Start(t.Context(), Options{DataDir: dir})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatalf("the second start says %v", err)
	}
	if held.PID != os.Getpid() || held.Holder != "http://127.0.0.1:8080" || time.Since(held.Since) > time.Minute {
		t.Errorf("the holder is %+v", held)
	}
	for _, part := range []string{dir, "process", "http://127.0.0.1:8080", "--data-dir"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not mention %s", err, part)
		}
	}
}

func TestStopLetsTheNextOneInAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := startIn(t, dir)
	noError(t, first.Stop(t.Context()))
	noError(t, first.Stop(t.Context()))
	startIn(t, dir)
}

func TestAnImpatientStopKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := startIn(t, dir)
	writeRow(t, first.DSN("miniblog"), "kept")
	done, cancel := context.WithCancel(t.Context())
	cancel()
	noError(t, first.Stop(done))
	wantRows(t, startIn(t, dir).DSN("miniblog"), "kept")
}

func TestAnAbandonedStartLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, patience := range []time.Duration{100 * time.Millisecond, 300 * time.Millisecond, 500 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		s, err := Start(ctx, Options{DataDir: dir, Settings: quick})
		cancel()
		if err == nil { // a fast machine
			stop(t, s)
			continue
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %s: %v", patience, err)
		}
		if slices.ContainsFunc(names(t, dir), func(name string) bool { return strings.HasPrefix(name, unfinished) }) {
			t.Errorf("after %s these are left: %v", patience, names(t, dir))
		}
	}
	startIn(t, dir)
}

func TestAnUnfinishedDatabaseIsRemovedAndMadeAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noError(t, os.MkdirAll(filepath.Join(dir, unfinished+"123", "base"), 0o700))
	noError(t, os.WriteFile(filepath.Join(dir, unfinished+"123", "PG_VERSION"), []byte("15\n"), 0o600))
	startIn(t, dir)
	if got := names(t, dir); !slices.Equal(got, []string{"lock", "postgres"}) {
		t.Errorf("the data directory holds %v", got)
	}
}

func TestAnyPathWillDo(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{
		"long": strings.Repeat("long", 40),
		"odd":  `it's a "blog", [50%] & más\`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(openDir(t), dir)
			first := startIn(t, dir)
			writeRow(t, first.DSN("miniblog"), "kept")
			stop(t, first)
			if _, err := os.Stat(first.socketDir); first.socketDir != first.cluster.dir && err == nil {
				t.Errorf("%s is left behind", first.socketDir)
			}
			wantRows(t, startIn(t, dir).DSN("miniblog"), "kept")
		})
	}
}

func TestJoinReachesTheDatabaseOfAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Join(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("before: %v", err)
	}
	s := startIn(t, dir)
	writeRow(t, s.DSN("miniblog"), "seen")
	dsn, err := Join(t.Context(), dir)
	noError(t, err)
	wantRows(t, dsn("miniblog"), "seen")
	stop(t, s)
	if _, err := Join(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after: %v", err)
	}
}

func TestAWrongSettingIsExplainedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{DataDir: t.TempDir(), Settings: map[string]string{"fsync": "off", "max_connections": "many"}})
	if err == nil || !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("it says %v", err)
	}
}

func TestConnectionStringsSurviveTheEnvironment(t *testing.T) {
	t.Setenv("PGPORT", "1")
	t.Setenv("PGHOST", "nowhere.invalid")
	t.Setenv("PGUSER", "somebody")
	t.Setenv("PGDATABASE", "something")
	config, err := pgx.ParseConfig(dsn("/run/it's here", "miniblog"))
	noError(t, err)
	if config.Host != "/run/it's here" || config.Port != 5432 || config.User != "miniblog" || config.Database != "miniblog" {
		t.Errorf("the connection goes to %s %d as %s in %s", config.Host, config.Port, config.User, config.Database)
	}
}
