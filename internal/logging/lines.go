package logging

import (
	"errors"
	"io"
	"sync"
	"time"
)

const (
	pause = 100 * time.Millisecond // between two writes, where lines come in a burst
	most  = 32 << 10               // bytes that wait
)

var errNotPlain = errors.New("not a line of plain values")

// lines are written together when they come in a burst.
type lines struct {
	out io.Writer

	mu      sync.Mutex
	waiting []byte
	written time.Time // the last time
	timed   bool      // there is somebody who will write what waits
}

func newLines(out io.Writer) *lines { return &lines{out: out, waiting: make([]byte, 0, most+most/4)} }

// Write takes a whole line.
func (l *lines) Write(line []byte) (int, error) {
	return len(line), l.add(func(waiting []byte) ([]byte, bool) { return append(waiting, line...), true })
}

// add takes the line that is appended, or errNotPlain leaves all as it was.
func (l *lines) add(appended func(waiting []byte) (longer []byte, ok bool)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	longer, ok := appended(l.waiting)
	if !ok {
		return errNotPlain
	}
	l.waiting = longer
	since := time.Since(l.written)
	switch {
	case len(l.waiting) >= most || since >= pause && !l.timed:
		return l.writeOut()
	case !l.timed:
		l.timed = true
		time.AfterFunc(pause-since, func() { _ = l.flush() }) // there is nobody to tell
	}
	return nil
}

func (l *lines) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timed = false
	return l.writeOut()
}

func (l *lines) writeOut() error {
	if len(l.waiting) == 0 {
		return nil
	}
	_, err := l.out.Write(l.waiting)
	l.waiting, l.written = l.waiting[:0], time.Now()
	return err
}
