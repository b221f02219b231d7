package localpg

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTheServerOfAKilledBlogIsTakenOver(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	blog := blogProcess(t, dir)
	dsn, err := Join(t.Context(), dir)
	noError(t, err)
	writeRow(t, dsn("miniblog"), "acknowledged")
	orphan := postmasterPID(t, filepath.Join(dir, "postgres"))
	kill(t, blog)

	s := startIn(t, dir)
	wantRows(t, s.DSN("miniblog"), "acknowledged")
	if slices.Contains(processes(s.cluster.dir), orphan) {
		t.Errorf("the orphan %d still runs", orphan)
	}
}

func TestAcknowledgedRowsSurviveTheKillOfBlogAndDatabase(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	blog := blogProcess(t, dir)
	dsn, err := Join(t.Context(), dir)
	noError(t, err)
	writeRow(t, dsn("miniblog"), "acknowledged")
	orphan := postmasterPID(t, filepath.Join(dir, "postgres"))
	kill(t, blog)
	noError(t, syscall.Kill(orphan, syscall.SIGKILL))
	wantRows(t, startIn(t, dir).DSN("miniblog"), "acknowledged")
}

func TestASocketDirectoryOfAKilledBlogIsRemoved(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("long", 40))
	blog := blogProcess(t, dir)
	before, err := os.ReadFile(lockPath(dir))
	noError(t, err)
	left := strings.Split(string(before), "\n")[2]
	if _, err := os.Stat(left); err != nil {
		t.Fatal(err)
	}
	kill(t, blog)
	startIn(t, dir)
	within(t, 5*time.Second, left+" is gone", func() bool {
		_, err := os.Stat(left)
		return os.IsNotExist(err)
	})
}

func TestAProcessThatGotADeadServersNumberIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := startIn(t, dir)
	writeRow(t, first.DSN("miniblog"), "kept")
	stop(t, first)
	stranger := unrelated(t, first.cluster.account)
	staleFile(t, first.cluster, stranger.Pid)

	wantRows(t, startIn(t, dir).DSN("miniblog"), "kept")
	if !isAlive(stranger) {
		t.Error("it was killed")
	}
}

// staleFile writes what a killed postmaster leaves, the lock of its socket included.
func staleFile(t *testing.T, c cluster, pid int) {
	t.Helper()
	text := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n        1         1\nready   \n", pid, c.dir, c.dir)
	for _, name := range []string{"postmaster.pid", socketName + ".lock"} {
		noError(t, c.replace(name, text))
	}
	noError(t, c.replace(socketName, ""))
}

func TestAGarbledPidFileDoesNotStopTheStart(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := startIn(t, dir)
	stop(t, first)
	noError(t, first.cluster.replace("postmaster.pid", ""))
	startIn(t, dir)
}

func TestAKilledPostmasterIsStartedAgain(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	writeRow(t, s.DSN("miniblog"), "kept")
	old := postmasterPID(t, s.cluster.dir)
	noError(t, syscall.Kill(old, syscall.SIGKILL))
	within(t, 20*time.Second, "another postmaster runs", func() bool { return postmasterPID(t, s.cluster.dir) != old })
	wantRows(t, s.DSN("miniblog"), "kept")
}

func TestAKilledPostmasterIsStartedAgainOnlyOnceItsBackendsAreGone(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	writeRow(t, s.DSN("miniblog"), "kept")
	var backend int
	noError(t, connect(t, s.DSN("miniblog")).QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&backend))
	old := postmasterPID(t, s.cluster.dir)
	noError(t, syscall.Kill(backend, syscall.SIGSTOP)) // it cannot notice the death of its postmaster
	t.Cleanup(func() { syscall.Kill(backend, syscall.SIGKILL) })
	noError(t, syscall.Kill(old, syscall.SIGKILL))

	time.Sleep(time.Second)
	if file, err := readPidFile(s.cluster.dir); err == nil && file.status == "ready" && file.pid != old {
		t.Fatal("two servers use the same files")
	}
	noError(t, syscall.Kill(backend, syscall.SIGCONT))
	within(t, 20*time.Second, "another postmaster runs", func() bool { return postmasterPID(t, s.cluster.dir) != old })
	wantRows(t, s.DSN("miniblog"), "kept")
}

func TestStopWorksWhileTheDatabaseCannotStart(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	control := filepath.Join(s.cluster.dir, "global", "pg_control")
	noError(t, os.Rename(control, control+".hidden"))
	noError(t, syscall.Kill(postmasterPID(t, s.cluster.dir), syscall.SIGKILL))
	time.Sleep(500 * time.Millisecond)
	within(t, 20*time.Second, "what was killed is gone", func() bool { return len(processes(s.cluster.dir)) == 0 })
	stop(t, s)

	noError(t, os.Rename(control+".hidden", control))
	startIn(t, s.cluster.dataDir)
}
