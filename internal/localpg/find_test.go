package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWithoutPostgreSQLTheErrorNamesThreeWaysOn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	_, err := Start(t.Context(), Options{DataDir: dir, places: func(context.Context) []string { return []string{t.TempDir()} }})
	if !errors.Is(err, ErrNoPrograms) {
		t.Fatalf("it says %v", err)
	}
	for _, way := range []string{"apt install", "dnf install", "brew install", "DATABASE_URL", "docker compose up"} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%q does not mention %s", err, way)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Error("it is more than one line")
	}
}

func TestWhoHasNoMoreTimeIsNotToldThatPostgreSQLIsMissing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{DataDir: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("Start says %v", err)
	}
	if _, err := Find(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Find says %v", err)
	}
}

func TestADatabaseOfAnotherVersionAsksForThatVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noError(t, os.Mkdir(filepath.Join(dir, "postgres"), 0o700))
	noError(t, os.WriteFile(filepath.Join(dir, "postgres", "PG_VERSION"), []byte("99\n"), 0o600))
	_, err := Start(t.Context(), Options{DataDir: dir})
	if err == nil || !strings.Contains(err.Error(), "made by PostgreSQL 99") || !strings.Contains(err.Error(), "postgresql-99") {
		t.Errorf("it says %v", err)
	}
}

func TestTheNewestInstallationIsChosen(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	old, new, newest := install(t, dir, "15.18"), install(t, dir, "17.2"), install(t, dir, "17.10")
	tooOld, alone := install(t, dir, "14.9"), install(t, dir, "18.1")
	noError(t, os.Remove(filepath.Join(alone, "initdb")))

	runner, err := runAs("")
	noError(t, err)
	found, err := installed(t.Context(), []string{old, new, "", "relative", tooOld, newest, alone, old, filepath.Join(dir, "none")}, runner)
	noError(t, err)
	if len(found) != 3 || found[0].Minor != 10 || found[1].Minor != 2 || found[2].Major != 15 {
		t.Errorf("found %+v", found)
	}
	chosen, err := choose(found, 15, "")
	if err != nil || chosen.Postgres != filepath.Join(old, "postgres") {
		t.Errorf("for a database of version 15: %+v, %v", chosen, err)
	}
}

func TestALinkLeadsToTheInstallation(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	real := install(t, dir, "16.4")
	links := filepath.Join(dir, "links")
	noError(t, os.Mkdir(links, 0o755))
	noError(t, os.Symlink(filepath.Join(real, "postgres"), filepath.Join(links, "postgres")))
	runner, err := runAs("")
	noError(t, err)
	found, err := installed(t.Context(), []string{links}, runner)
	noError(t, err)
	if len(found) != 1 || found[0].InitDB != filepath.Join(real, "initdb") {
		t.Errorf("found %+v", found)
	}
}

// install makes programs that only tell their version.
func install(t *testing.T, dir, version string) string {
	t.Helper()
	dir = filepath.Join(dir, version)
	noError(t, os.Mkdir(dir, 0o755))
	for _, name := range []string{"postgres", "initdb"} {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s (Debian %s-1)'\n", name, version, version)
		noError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	dir, err := filepath.EvalSymlinks(dir)
	noError(t, err)
	return dir
}

func TestFindSeesThisMachinesPostgreSQL(t *testing.T) {
	t.Parallel()
	programs, err := Find(t.Context())
	noError(t, err)
	if programs.Major < OldestMajor {
		t.Errorf("found %+v", programs)
	}
}
