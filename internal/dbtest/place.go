package dbtest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// sharedDir is the same for all test processes of one user in one checkout, and closed to other users of the machine.
func sharedDir() (string, error) {
	root, err := checkout()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(root))
	dir := filepath.Join(fastDir(), fmt.Sprintf("miniblog-test-%d-%x", os.Geteuid(), sum[:4]))
	// Passable, since under root PostgreSQL runs as another user.
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to somebody else; remove it or set TMPDIR", dir)
	}
	return dir, nil
}

// fastDir is in memory where the machine has plenty: a test's database is some 300 files, which are made there in a
// quarter of the time.
func fastDir() string {
	const plenty = 2 << 30
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && memory.Bavail*uint64(memory.Bsize) >= plenty {
		return "/dev/shm"
	}
	return os.TempDir()
}

// moduleRoot returns the directory of the checkout that is being tested.
func moduleRoot(t testing.TB) string {
	t.Helper()
	root, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the tests' directory")
		}
	}
}
