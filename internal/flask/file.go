// Package flask brings a blog made after the Flask tutorial: its accounts, whose
// passwords keep working, and its posts, out of the SQLite file that it kept them in.
package flask

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// File is an open SQLite file. It is only ever read, nothing is written beside it, and
// whatever is in it was written by strangers.
type File struct {
	path   string
	before fs.FileInfo
	rows   *sql.DB
	users  layout
	posts  layout // without a table where there are no posts
	found  []string
}

// header is how every SQLite file begins (the SQLite file format, 1.3).
var header = []byte("SQLite format 3\x00")

// hotJournal is how a rollback journal begins that was not played back (ditto, 3).
var hotJournal = []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7}

// options make SQLite trust nothing in the file: no function or table of its schema's
// choosing runs, each cell is checked, and nothing is written or kept beside it. Being
// immutable it is read without a lock, so Open looks at what a lock would tell.
var options = url.Values{
	"mode":      {"ro"},
	"immutable": {"1"},
	"_pragma":   {"trusted_schema(0)", "cell_size_check(1)", "query_only(1)", "temp_store(2)", "mmap_size(0)"},
}

// Open opens the file and finds the tables in it. Its error is a sentence about the file.
func Open(ctx context.Context, path string) (*File, error) {
	before, err := examine(path)
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: options.Encode()}
	rows, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	rows.SetMaxOpenConns(1)
	f := &File{path: path, before: before, rows: rows}
	if err := f.readSchema(ctx); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return f, nil
}

// Close ends the reading.
func (f *File) Close() error { return f.rows.Close() }

// Found tells in words what was found in the file, a line each.
func (f *File) Found() []string { return f.found }

// examine looks at the file before SQLite does, for what is told best without it.
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

// inWords tells what SQLite means by an error, with the file's name.
func (f *File) inWords(err error) error {
	var refusal *sqlite.Error
	if !errors.As(err, &refusal) {
		return err
	}
	switch refusal.Code() & 0xff { // the rest is detail (sqlite.org/rescode.html)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is not an SQLite file, or an encrypted one", f.path)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT:
		return fmt.Errorf("%s is damaged: try sqlite3 %s '.recover' on a copy", f.path, f.path)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s cannot be read to its end: %w", f.path, err)
	case sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_NOMEM:
		return fmt.Errorf("%s holds a row that is too large to read", f.path)
	}
	return fmt.Errorf("%s cannot be read: %w", f.path, err)
}
