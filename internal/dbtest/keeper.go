package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"miniblog/internal/localpg"
)

const (
	keeperVariable = "MINIBLOG_TEST_KEEPER" // its value is the shared directory
	keeperReady    = "ready"
	lookEvery      = 200 * time.Millisecond
	idleLimit      = 10 * time.Second // outlasts the compiling between two packages
)

// throwaway settings: no test outlives a power cut.
var throwaway = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
	"checkpoint_timeout": "1h",
	"max_wal_size":       "256MB",
	"max_connections":    "300",
	"shared_buffers":     "128MB",
	"autovacuum":         "off", // its workers would hold a template while it is cloned
}

// init turns a test program into the server's keeper. Test processes share one server and none of them knows to be the
// last, and Go runs nothing at exit; so somebody else must hold the server. Any test program can, as it contains
// localpg already; a shell script would be a second, lesser implementation. init alone runs early enough without
// asking every package for a TestMain.
func init() {
	if dir := os.Getenv(keeperVariable); dir != "" {
		os.Exit(keep(dir))
	}
}

// keep runs the shared server as long as somebody uses it, and returns the exit code. Its first line on stdout is
// keeperReady or what went wrong.
func keep(dir string) int {
	signal.Ignore(syscall.SIGPIPE) // who asked may be gone before the answer
	stopped, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer forget()
	ctx, cancel := context.WithTimeout(stopped, startLimit)
	defer cancel()
	server, err := localpg.Start(ctx, localpg.Options{DataDir: dataDir(dir), Holder: "tests", Settings: throwaway})
	var held *localpg.HeldError
	if errors.As(err, &held) { // another test process was faster
		report(keeperReady)
		return 0
	}
	if err != nil {
		report(strings.ReplaceAll(err.Error(), "\n", "; "))
		return 1
	}
	report(keeperReady)
	if err := leave(stopped, dir, server, idleLimit); err != nil {
		return 1
	}
	return 0
}

func report(line string) {
	fmt.Println(line)
	os.Stdout.Close()
}

// leave waits until nobody has used the server for a while, or until it is told to stop, and ends it, leaving no files
// but the empty list of users. A fresh server costs a second; an old one would keep the databases of every killed run.
func leave(stopped context.Context, dir string, server *localpg.Server, idle time.Duration) error {
	users, err := openUsers(dir)
	if err != nil {
		return errors.Join(err, server.Stop(context.Background()))
	}
	defer users.Close()
	waitUnused(stopped, users, idle)
	err = server.Stop(context.Background())
	if !stillThere(users) { // somebody removed the directory, and another keeper may use the name
		return err
	}
	return errors.Join(err, os.RemoveAll(dataDir(dir)))
}

// waitUnused returns with the lock on the users, for which new ones wait, unless it was stopped.
func waitUnused(stopped context.Context, users *os.File, idle time.Duration) {
	for lastUse := time.Now(); stopped.Err() == nil; time.Sleep(lookEvery) {
		if !unused(users) {
			lastUse = time.Now()
			continue
		}
		if time.Since(lastUse) >= idle {
			return
		}
		_ = syscall.Flock(int(users.Fd()), syscall.LOCK_UN)
	}
}

// unused takes the lock if no process uses the server.
func unused(users *os.File) bool {
	return syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// stillThere tells whether an open file is still the one of its name.
func stillThere(file *os.File) bool {
	open, err1 := file.Stat()
	named, err2 := os.Stat(file.Name())
	return err1 == nil && err2 == nil && os.SameFile(open, named)
}
