package dbtest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"miniblog/internal/localpg"
)

const userVariable = "DBTEST_TEST_USER"

// TestMain lets the test program stand in for another package's tests, which use a server until they are killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(userVariable); dir != "" {
		if err := enter(dir); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("entered\n")
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestTheSharedServerIsQuick(t *testing.T) {
	t.Parallel()
	if os.Getenv(urlVariable) != "" {
		t.Skipf("%s names a server that is not ours", urlVariable)
	}
	if got := show(t, Server(t)("postgres"), "fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
}

func TestTheServerEndsAfterItsLastUserAndLeavesNoFiles(t *testing.T) {
	t.Parallel()
	dir := ownDir(t)
	server, err := localpg.Start(t.Context(), localpg.Options{DataDir: dataDir(dir), Settings: throwaway})
	noError(t, err)
	first, second := otherTests(t, dir), otherTests(t, dir)
	left := make(chan error)
	go func() { left <- leave(context.Background(), dir, server, 2*lookEvery) }()

	kill(t, first)
	select {
	case err := <-left:
		t.Fatalf("it ended while one still used it: %v", err)
	case <-time.After(5 * lookEvery):
	}
	kill(t, second)
	select {
	case err := <-left:
		noError(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
	if _, err := os.Stat(dataDir(dir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its files are left: %v", err)
	}
}

func TestAKilledKeeperDoesNotStopTheNextTests(t *testing.T) {
	t.Parallel()
	dir := ownDir(t)
	noError(t, startKeeper(dir))
	noError(t, startKeeper(dir)) // as a second package does at the same moment
	killed := keeper(t, dir)
	noError(t, syscall.Kill(killed, syscall.SIGKILL))
	within(t, "the killed keeper is gone", func() bool {
		_, err := localpg.Join(t.Context(), dataDir(dir))
		return errors.Is(err, localpg.ErrNotRunning)
	})

	noError(t, startKeeper(dir))
	dsn, err := localpg.Join(t.Context(), dataDir(dir))
	noError(t, err)
	if got := show(t, dsn("postgres"), "fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
	noError(t, syscall.Kill(keeper(t, dir), syscall.SIGTERM))
	within(t, "a stopped keeper leaves no files", func() bool {
		_, err := os.Stat(dataDir(dir))
		return errors.Is(err, os.ErrNotExist)
	})
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	dir := ownDir(t)
	noError(t, os.WriteFile(dataDir(dir), nil, 0o600))
	if err := startKeeper(dir); err == nil || !strings.Contains(err.Error(), "data") {
		t.Errorf("it says %v", err)
	}
}

func TestADatabaseIsNamedAndWaitedForInBothFormsOfConnectionString(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"postgres://ada:secret@db.example:5433/other?sslmode=disable",
		"postgres://ada:secret@db.example:5433/other",
		"host=db.example port=5433 user=ada password=secret dbname=other sslmode=disable",
	} {
		config, err := pgx.ParseConfig(patient(withDatabase(dsn, "mine")))
		noError(t, err)
		if config.Database != "mine" || config.Host != "db.example" || config.Port != 5433 || config.User != "ada" || config.ConnectTimeout != startLimit {
			t.Errorf("%s leads to %s on %s:%d within %s", dsn, config.Database, config.Host, config.Port, config.ConnectTimeout)
		}
	}
}

// ownDir is a place for a server besides the shared one.
func ownDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(fastDir(), "dbtest-")
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// otherTests starts a process that uses the server of dir.
func otherTests(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), userVariable+"="+dir)
	_, err := cmd.StdinPipe() // it ends with us at the latest
	noError(t, err)
	out, err := cmd.StdoutPipe()
	noError(t, err)
	noError(t, cmd.Start())
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "entered\n" {
		t.Fatalf("it says %q", line)
	}
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	noError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it says "killed"
}

// keeper returns the process that holds the server of dir.
func keeper(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dataDir(dir), "lock"))
	noError(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	noError(t, err)
	return pid
}

func show(t *testing.T, dsn, setting string) (value string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	noError(t, err)
	defer conn.Close(t.Context())
	noError(t, conn.QueryRow(t.Context(), "SHOW "+setting).Scan(&value))
	return value
}

func within(t *testing.T, what string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(lookEvery / 4) {
		if true() {
			return
		}
	}
	t.Fatalf("not within 20 seconds: %s", what)
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
