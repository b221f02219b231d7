package localpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// HeldError says that another process already runs the database of this data directory.
type HeldError struct {
	Dir    string    // the data directory
	PID    int       // its process, 0 when unknown
	Since  time.Time // when it started, zero when unknown
	Holder string    // what it says of itself, such as its listen address
}

// Error names the holder and the two ways on.
func (e *HeldError) Error() string {
	who := "another miniblog"
	if e.PID != 0 {
		who += fmt.Sprintf(" (process %d, since %s", e.PID, e.Since.Format(time.DateTime))
		if e.Holder != "" {
			who += ", " + e.Holder
		}
		who += ")"
	}
	return fmt.Sprintf("%s already runs the database in %s; stop it first, or choose another directory with --data-dir", who, e.Dir)
}

// lock is the data directory's lock file. The kernel lets go of it when its process dies, however that happens.
type lock struct {
	file *os.File
	note note
}

// note is what the lock file says about its holder.
type note struct {
	pid       int
	since     time.Time
	socketDir string
	holder    string
}

// acquire takes the lock, or returns a *HeldError. It also returns what the last holder left in the file.
func acquire(dataDir string) (*lock, note, error) {
	file, err := openLock(dataDir)
	if err != nil {
		return nil, note{}, fmt.Errorf("lock the data directory: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	// isFree holds the lock for an instant.
	for range 10 {
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			break
		}
		time.Sleep(pollEvery)
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer file.Close()
		held := parseNote(file)
		return nil, note{}, &HeldError{Dir: dataDir, PID: held.pid, Since: held.since, Holder: held.holder}
	}
	if err != nil {
		file.Close()
		return nil, note{}, fmt.Errorf("lock the data directory: %w", err)
	}
	return &lock{file: file}, parseNote(file), nil
}

// openLock opens the lock file, which it makes at the first start. Nobody else may even read it: whoever can open a
// file can hold a lock on it, and keep the blog from starting. Earlier versions left it open to all.
func openLock(dataDir string) (*os.File, error) {
	file, err := os.OpenFile(lockPath(dataDir), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(0o600); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// isFree tells whether nobody holds the lock.
func isFree(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil
}

func lockPath(dataDir string) string { return filepath.Join(dataDir, "lock") }

// parseNote reads a lock file. One that its holder is just writing gives what is there.
func parseNote(file io.ReaderAt) note {
	text := make([]byte, 4096)
	n, _ := file.ReadAt(text, 0) // io.EOF is the rule, and anything else leaves an empty note
	lines := append(strings.Split(string(text[:n]), "\n"), "", "", "", "")
	pid, _ := strconv.Atoi(lines[0])
	since, err := time.Parse(time.RFC3339, lines[1])
	if err != nil {
		return note{}
	}
	return note{pid: pid, since: since.Local(), socketDir: lines[2], holder: lines[3]}
}

// write replaces the note in the lock file.
func (l *lock) write(n note) error {
	oneLine := strings.ReplaceAll(n.holder, "\n", " ")
	text := fmt.Sprintf("%d\n%s\n%s\n%s\n", n.pid, n.since.Format(time.RFC3339), n.socketDir, oneLine)
	if _, err := l.file.WriteAt([]byte(text), 0); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	if err := l.file.Truncate(int64(len(text))); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	l.note = n
	return nil
}

// release lets the next holder in. The file stays: removing it would let two processes lock two files of one name.
func (l *lock) release() error { return l.file.Close() }
