package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// These tests run the real program as a process.

func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

var buildDir string

// build makes the program once for all tests as it is released, where every user may run it.
var build = sync.OnceValues(func() (string, error) {
	var err error
	if buildDir, err = os.MkdirTemp("", "miniblog-build-"); err != nil {
		return "", err
	}
	path := filepath.Join(buildDir, "miniblog")
	compile := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, ".")
	compile.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, os.Chmod(buildDir, 0o755)
})

// nobody is the ordinary user that root's tests run the program as.
const nobody = 65534

// settings are environment variables. The program sees no others but PATH and HOME.
type settings map[string]string

// program prepares a run; an ordinary one is by a user who is not root.
func program(t *testing.T, env settings, ordinary bool, args ...string) *exec.Cmd {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if ordinary && os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// outcome is what a command that has ended left.
type outcome struct {
	code        int
	out, errors string
}

// run runs a command to its end.
func run(t *testing.T, env settings, stdin string, args ...string) outcome {
	t.Helper()
	return finish(t, program(t, env, false, args...), stdin)
}

// runAs runs a command to its end, by a user who is not root if it is an ordinary one.
func runAs(t *testing.T, env settings, ordinary bool, args ...string) outcome {
	t.Helper()
	return finish(t, program(t, env, ordinary, args...), "")
}

func finish(t *testing.T, cmd *exec.Cmd, stdin string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewBufferString(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// wants fails the test when the command ended otherwise.
func (o outcome) wants(t *testing.T, code int) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\nout: %s\nerr: %s", o.code, code, o.out, o.errors)
	}
	return o
}

// freshDir is a directory for the blog's data that does not exist yet. Unlike t.TempDir's, its parent is open to every user.
func freshDir(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "miniblog-data-")
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(parent) })
	noError(t, os.Chmod(parent, 0o777))
	return filepath.Join(parent, "data")
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
