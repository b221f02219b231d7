package sqlite

import (
	"errors"
	"fmt"
)

// What can be wrong with a file.
var (
	// ErrNotDatabase is of a file that is none of SQLite's, or an encrypted one.
	ErrNotDatabase = errors.New("not an SQLite file, or an encrypted one")
	// ErrDamaged is of a file that contradicts the format.
	ErrDamaged = errors.New("damaged")
	// ErrTooLarge is of a row or a schema that SQLite itself would not read, or hardly.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupported is of a file that may be in order, and cannot be read here.
	ErrUnsupported = errors.New("not supported")
)

// ReadError is of a page that the system did not read.
type ReadError struct {
	Page uint32
	Err  error
}

func (r *ReadError) Error() string { return fmt.Sprintf("page %d: %v", r.Page, r.Err) }

// Unwrap returns the system's own error.
func (r *ReadError) Unwrap() error { return r.Err }

// damaged tells what contradicts the format, and on which page.
func damaged(page uint32, why string) error {
	return fmt.Errorf("%w: page %d: %s", ErrDamaged, page, why)
}
