// Package dbtest gives tests a real PostgreSQL.
package dbtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"miniblog/internal/localpg"
)

// urlVariable names a PostgreSQL to use instead of a private one. Its user must be a superuser.
const urlVariable = "MINIBLOG_TEST_DATABASE_URL"

// startLimit bounds the wait for the server; creating it takes about a second.
const startLimit = 60 * time.Second

// Server returns the connection strings of a PostgreSQL that all tests of this checkout share, whatever package and
// process they run in, by database name. The first test starts it, and it ends some seconds after the last process
// that used it, leaving nothing behind. Databases that tests make in it are theirs to name and to drop.
//
// Tests fail when there is no PostgreSQL, with words that say how to get one. MINIBLOG_TEST_DATABASE_URL names
// another server to use.
func Server(t testing.TB) (dsn func(database string) string) {
	t.Helper()
	plain, err := shared()
	if err != nil {
		t.Fatalf("the tests need PostgreSQL: %v", err)
	}
	return func(database string) string { return patient(plain(database)) }
}

var shared = sync.OnceValues(func() (func(string) string, error) {
	if base := os.Getenv(urlVariable); base != "" {
		return func(database string) string { return withDatabase(base, database) }, nil
	}
	dir, err := sharedDir()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	return join(ctx, dir)
})

// withDatabase replaces the database in a connection string of either form.
func withDatabase(dsn, database string) string {
	if u, err := url.Parse(dsn); err == nil && u.Scheme != "" {
		u.Path = "/" + database
		return u.String()
	}
	return dsn + " dbname='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(database) + "'"
}

// patient adds to a connection string of either form that a busy machine may take its time.
func patient(dsn string) string {
	limit := fmt.Sprintf("connect_timeout=%d", int(startLimit.Seconds()))
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "" {
		return dsn + " " + limit
	}
	u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+limit, "&")
	return u.String()
}

// join enters this process among the server's users until it ends, and starts the server if none runs.
func join(ctx context.Context, dir string) (func(string) string, error) {
	if err := enter(dir); err != nil {
		return nil, fmt.Errorf("join the test server: %w", err)
	}
	for {
		dsn, err := localpg.Join(ctx, dataDir(dir))
		if !errors.Is(err, localpg.ErrNotRunning) {
			return dsn, err
		}
		if err := startKeeper(dir); err != nil {
			return nil, err
		}
	}
}

func dataDir(dir string) string { return filepath.Join(dir, "data") }

// users is never closed: the kernel takes the lock back when the process ends, however it ends.
var users *os.File

// enter takes a shared lock, for life, on the list of users. It waits while a keeper, which holds the lock alone then,
// stops the server.
func enter(dir string) (err error) {
	if users, err = openUsers(dir); err != nil {
		return err
	}
	return syscall.Flock(int(users.Fd()), syscall.LOCK_SH)
}

func openUsers(dir string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, "users"), os.O_RDWR|os.O_CREATE, 0o600)
}

// startKeeper starts this very program again as the server's keeper, and waits until the server runs. It is no child of
// the tests: they may end, or be killed, in any order.
func startKeeper(dir string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), keeperVariable+"="+dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	report, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(report).ReadString('\n')
	go cmd.Wait() // not sooner: it closes the report of a keeper that has ended
	if err != nil {
		return fmt.Errorf("the test server's keeper ended without a word: %w", err)
	}
	if line = strings.TrimSpace(line); line != keeperReady {
		return errors.New(line)
	}
	return nil
}
