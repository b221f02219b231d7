// Package flask brings a blog made after the Flask tutorial: its accounts, whose
// passwords keep working, and its posts, out of the SQLite file that it kept them in.
package flask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"miniblog/internal/sqlite"
)

// File is an open SQLite file. It is only ever read, without a lock: Open looks at what a
// lock would tell. Whatever is in it was written by strangers.
type File struct {
	path   string
	before fs.FileInfo
	opened *os.File
	rows   *sqlite.File
	users  layout
	posts  layout // without a table where there are no posts
	found  []string
}

// header is how every SQLite file begins (sqlite.org/fileformat2.html, 1.3.1).
var header = []byte("SQLite format 3\x00")

// hotJournal is how a rollback journal begins that was not played back (ditto, 3).
var hotJournal = []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7}

// Open opens the file and finds the tables in it. Its error is a sentence about the file.
func Open(ctx context.Context, path string) (*File, error) {
	before, err := examine(path)
	if err != nil {
		return nil, err
	}
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{path: path, before: before, opened: opened}
	if err := f.readFile(ctx); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return f, nil
}

func (f *File) readFile(ctx context.Context) (err error) {
	if f.rows, err = sqlite.Open(f.opened, f.before.Size()); err != nil {
		return f.inWords(err)
	}
	return f.readSchema(ctx)
}

// Close ends the reading.
func (f *File) Close() error { return f.opened.Close() }

// Found tells in words what was found in the file, a line each.
func (f *File) Found() []string { return f.found }

// examine looks at the file before it is read, for what is told best without it.
func examine(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	var trouble *fs.PathError
	switch {
	case errors.As(err, &trouble):
		return nil, fmt.Errorf("%s cannot be read: %w", path, trouble.Err)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a pipe would be waited for
		return nil, fmt.Errorf("%s is not a file", path)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty", path)
	}
	begins, err := beginning(path, len(header))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(begins, header) {
		return nil, fmt.Errorf("%s is not an SQLite file", path)
	}
	return info, settled(path)
}

// settled refuses a file whose newest changes lie beside it: read alone it would lack them.
func settled(path string) error {
	if linked, err := filepath.EvalSymlinks(path); err == nil {
		path = linked // SQLite writes beside the file that a link leads to
	}
	const mend = "stop the Flask app, then run: sqlite3 %s 'PRAGMA wal_checkpoint(TRUNCATE)'"
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s-wal holds changes that are not in the file yet: "+mend, path, path)
	}
	begins, err := beginning(path+"-journal", len(hotJournal))
	if err == nil && bytes.Equal(begins, hotJournal) {
		return fmt.Errorf("%s-journal holds a change that was broken off: "+mend, path, path)
	}
	return nil
}

func beginning(path string, size int) ([]byte, error) {
	file, err := os.Open(path)
	var trouble *fs.PathError
	if errors.As(err, &trouble) {
		return nil, fmt.Errorf("%s cannot be read: %w", path, trouble.Err)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	begins, err := io.ReadAll(io.LimitReader(file, int64(size)))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	return begins, nil
}

// unchanged returns an error when somebody has written to the file since it was opened.
func (f *File) unchanged() error {
	now, err := os.Stat(f.path)
	if err == nil && now.Size() == f.before.Size() && now.ModTime().Equal(f.before.ModTime()) {
		err = settled(f.path)
	} else {
		err = fmt.Errorf("%s changed while it was read: stop the Flask app and run this again", f.path)
	}
	return err
}
