package main_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"miniblog/internal/localpg"
)

// startDatabase runs a PostgreSQL that a test may stop and start again.
func startDatabase(t *testing.T, dir string) *localpg.Server {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{DataDir: dir, Settings: map[string]string{"fsync": "off"}})
	noError(t, err)
	t.Cleanup(func() { server.Stop(context.Background()) })
	return server
}

func TestWhileTheDatabaseIsAwayEverybodyIsToldAtOnce(t *testing.T) {
	t.Parallel()
	dir := freshDir(t)
	server := startDatabase(t, dir)
	p := start(t, settings{"DATABASE_URL": server.DSN("miniblog")})
	p.answers("/", 200)
	for range 2 {
		noError(t, server.Stop(t.Context()))
		var asked sync.WaitGroup
		begun := time.Now()
		for _, path := range []string{"/", "/", "/", "/?before=", "/@ada", "/@ada/post", "/signup/username?username=bob", "/"} {
			asked.Go(func() {
				status, header, body := p.get(path)
				if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(body, "Back in a moment") {
					t.Errorf("%s answered %d: %.300s", path, status, body)
				}
			})
		}
		asked.Wait()
		took := time.Since(begun)
		if took > 3*time.Second {
			t.Errorf("the answers took %s", took)
		}
		p.answers("/readyz", 503)
		p.answers("/healthz", 200)
		p.answers("/login", 200) // needs no database
		server = startDatabase(t, dir)
		back := p.becomes("/", 200, 5*time.Second)
		p.answers("/readyz", 200)
		t.Logf("eight 503 pages in %s; 200 again %s after the database", took.Round(time.Millisecond), back.Round(time.Millisecond))
	}
}

func TestABlogStartedBeforeItsDatabaseWaitsForIt(t *testing.T) {
	t.Parallel()
	dir := freshDir(t)
	server := startDatabase(t, dir)
	dsn := server.DSN("miniblog")
	noError(t, server.Stop(t.Context()))
	p := launch(t, settings{"DATABASE_URL": dsn}, false)
	p.says("waiting for the database")
	startDatabase(t, dir)
	p.listens()
	p.answers("/", 200)
}

// startDatabase's has fsync off.
func TestADatabaseThatCanForgetIsNamed(t *testing.T) {
	t.Parallel()
	dsn := startDatabase(t, freshDir(t)).DSN("miniblog")
	p := start(t, settings{"DATABASE_URL": dsn})
	p.says("a crash can lose what was said to be saved")
	if got := run(t, settings{"DATABASE_URL": dsn}, "", "doctor").wants(t, 0); !strings.Contains(got.out, "durable    no: fsync off") {
		t.Errorf("doctor says %s", got.out)
	}
}
