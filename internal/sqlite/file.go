// Package sqlite reads SQLite 3 files, as sqlite.org/fileformat2.html describes them (the numbers
// in brackets are that document's sections), without SQL: it lists the tables of a file and goes
// through their rows. It writes nothing, takes no lock and looks at no file beside the one it is
// given, so whoever uses it must know that nobody writes to that file meanwhile.
//
// Files may come from strangers. No number in one is believed: each page is read once at most on
// the way through a table, nothing is allocated beyond what the file has bytes for, and what
// contradicts the format is an error.
package sqlite

import (
	"encoding/binary"
	"fmt"
	"io"
)

// magic is how every file begins (1.3.1).
const magic = "SQLite format 3\x00"

// headerSize is how many bytes of the first page are the file's header (1.3).
const headerSize = 100

// lockByte is where the page begins that is never used (1.4).
const lockByte = 1 << 30

// encoding is how a file keeps its texts (1.3).
type encoding uint32

const (
	utf8Texts    encoding = 1
	utf16LETexts encoding = 2
	utf16BETexts encoding = 3
)

// File is an SQLite file that is read.
type File struct {
	from     io.ReaderAt
	size     int64  // of the file, in bytes
	pageSize int64  // in bytes
	usable   int    // bytes of a page that are not reserved
	pages    uint32 // that the file has
	encoding encoding
}

// Open looks at the header of a file of so many bytes (1.3). Its error is, or wraps, one of this
// package's: ErrNotDatabase for a file of another kind or an encrypted one, ErrDamaged for one
// that is shorter than it says.
func Open(from io.ReaderAt, size int64) (*File, error) {
	if size < headerSize {
		return nil, ErrNotDatabase
	}
	var header [headerSize]byte
	if _, err := from.ReadAt(header[:], 0); err != nil {
		return nil, &ReadError{Page: 1, Err: err}
	}
	f := &File{from: from, size: size, pageSize: pageSize(header)}
	f.usable = int(f.pageSize) - int(header[20])
	if !isDatabase(header) || !f.hasPages() {
		return nil, ErrNotDatabase
	}
	if number(header[44:]) > 4 { // schema formats that there are
		return nil, fmt.Errorf("%w: a schema of format %d", ErrUnsupported, number(header[44:]))
	}
	if f.encoding = encoding(number(header[56:]) & 3); f.encoding == 0 { // no text was ever kept
		f.encoding = utf8Texts
	}
	return f, f.count(header)
}

// number is the 4-byte big-endian one that all of the format's are.
func number(bytes []byte) uint32 { return binary.BigEndian.Uint32(bytes) }

// pageSize reads the size of a page, of which 1 stands for 65536 (1.3.2).
func pageSize(header [headerSize]byte) int64 {
	size := int64(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		return 1 << 16
	}
	return size
}

// isDatabase looks for what all files have in common: the magic string, a read version of 1 or 2
// (1.3.3), and the payload fractions (1.3.5). An encrypted file lacks some of it.
func isDatabase(header [headerSize]byte) bool {
	return string(header[:len(magic)]) == magic && header[19] <= 2 &&
		header[21] == 64 && header[22] == 32 && header[23] == 32
}

// hasPages tells whether pages can be of that size, and of so many bytes in use (1.3.2, 1.3.4).
func (f *File) hasPages() bool {
	isPower := f.pageSize&(f.pageSize-1) == 0
	return isPower && f.pageSize >= 512 && f.usable >= 480
}

// count finds out how many pages there are. The header's own number counts only if it was written
// together with the newest change (1.3.8); a file that has fewer was cut off.
func (f *File) count(header [headerSize]byte) error {
	const most = 1<<32 - 2
	f.pages = uint32(min(f.size/f.pageSize, most))
	said, changes, validFor := number(header[28:]), number(header[24:]), number(header[92:])
	switch {
	case said != 0 && changes == validFor && said > f.pages:
		return damaged(1, "the file has fewer pages than it says")
	case f.pages == 0:
		return damaged(1, "it is cut off")
	case said != 0 && changes == validFor:
		f.pages = said
	}
	return nil
}

// read reads what is in use of a page into data (1.2).
func (f *File) read(page uint32, data []byte) error {
	at := int64(page-1) * f.pageSize
	switch {
	case page == 0 || page > f.pages:
		return damaged(page, "the file has no such page")
	case at == lockByte:
		return damaged(page, "it is the lock-byte page")
	}
	if _, err := f.from.ReadAt(data[:f.usable], at); err != nil {
		return &ReadError{Page: page, Err: err}
	}
	return nil
}
