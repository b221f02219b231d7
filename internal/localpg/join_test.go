package localpg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestStartAndJoinMeanTheSameDefaultPlace(t *testing.T) {
	home := openDir(t)
	t.Setenv("XDG_DATA_HOME", home)
	if made, err := Exists(""); err != nil || made {
		t.Errorf("before: %t, %v", made, err)
	}
	s := startIn(t, "")
	if want := filepath.Join(home, "miniblog", "postgres"); s.cluster.dir != want {
		t.Errorf("it lives in %s, want %s", s.cluster.dir, want)
	}
	_, err := Join(t.Context(), "")
	noError(t, err)
	if made, err := Exists(""); err != nil || !made {
		t.Errorf("after: %t, %v", made, err)
	}
}

func TestJoinWaitsForAPreparingBlogButNotForEver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	held, _, err := acquire(dir)
	noError(t, err)
	defer held.release()
	noError(t, held.write(note{pid: 42, since: time.Now()}))
	begun := time.Now()
	_, err = Join(t.Context(), dir)
	if took := time.Since(begun); took < joinLimit || took > joinLimit+5*time.Second {
		t.Errorf("it took %s", took)
	}
	if !errors.Is(err, errNotYet) || !strings.Contains(err.Error(), "process 42") {
		t.Errorf("it says %v", err)
	}
}

func TestOnlyTheBlogsUserCanOpenTheLock(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]os.FileMode{"new": 0, "of an earlier version": 0o644} {
		dir := t.TempDir()
		if before != 0 {
			noError(t, os.WriteFile(lockPath(dir), nil, before))
		}
		held, _, err := acquire(dir)
		noError(t, err)
		info, err := os.Stat(lockPath(dir))
		noError(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: the lock has rights %o", name, info.Mode().Perm())
		}
		noError(t, held.release())
	}
}

func TestWhoIsRefusedIsToldWhoseDatabaseItIs(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("only root can give a file away: nothing is tried")
		return
	}
	dir := t.TempDir()
	noError(t, os.WriteFile(lockPath(dir), nil, 0o600))
	for uid, want := range map[int]string{65534: "sudo -u nobody miniblog", 54321: "sudo -u '#54321' miniblog"} {
		noError(t, os.Chown(lockPath(dir), uid, -1))
		if got := explain(syscall.EACCES, dir); !strings.Contains(got.Error(), want) || !errors.Is(got, syscall.EACCES) {
			t.Errorf("it says %v", got)
		}
	}
	noError(t, os.Chown(lockPath(dir), 0, -1))
	if got := explain(syscall.EACCES, dir); got != error(syscall.EACCES) {
		t.Errorf("the owner is told %v", got)
	}
	if got := explain(syscall.ENOTDIR, dir); got != error(syscall.ENOTDIR) {
		t.Errorf("another trouble becomes %v", got)
	}
}
