package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"miniblog/internal/sqlite"
)

// readFile reads all that is in a file. It returns how many bytes of texts that were, and how many there can be: each
// byte of a file is in one row of one way through a table, UTF-16 grows by a half, and defaults come out of the definition.
func readFile(ctx context.Context, from io.ReaderAt, size int64) (read, allowed int64, err error) {
	file, err := sqlite.Open(from, size)
	if err != nil {
		return 0, 0, err
	}
	entries, err := file.Entries(ctx)
	for _, entry := range entries {
		table, unread := file.Table(entry)
		if unread != nil {
			continue
		}
		allowed += 2 * size
		err = errors.Join(err, table.Rows(ctx, table.Columns(), most, func(_ int64, row []sqlite.Value) error {
			allowed += int64(len(entry.SQL))
			for _, value := range row {
				text, _ := value.Data.(string)
				read += int64(len(text))
			}
			return nil
		}))
	}
	return read, allowed, err
}

// survives asserts that a file of any bytes is read or refused in a moment, with an error that has its place in words.
func survives(t testing.TB, whole []byte) (refused bool) {
	t.Helper()
	begun := time.Now()
	read, allowed, err := readFile(t.Context(), bytes.NewReader(whole), int64(len(whole)))
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	if read > allowed {
		t.Errorf("%d bytes of texts are read of a file of %d", read, len(whole))
	}
	for _, known := range []error{sqlite.ErrNotDatabase, sqlite.ErrDamaged, sqlite.ErrTooLarge, sqlite.ErrUnsupported} {
		if errors.Is(err, known) {
			return true
		}
	}
	if err != nil {
		t.Errorf("it says %v", err)
	}
	return err != nil
}

// small are files of few pages, for damage.
func small(t testing.TB) [][]byte {
	t.Helper()
	const page = "PRAGMA page_size = 512"
	var files [][]byte
	for _, statements := range [][]string{
		{page, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL)", "INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2.5), (-3, NULL, 3)"},
		{page, "CREATE TABLE t (a, b)", "INSERT INTO t VALUES (printf('%.*c', 1500, 'x'), 'after'), (x'0102', 5)"},
		{page, "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID", "INSERT INTO t WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40) SELECT printf('%.*c', n * 4, 'k') || n, n FROM n"},
		{page, "PRAGMA encoding = 'UTF-16le'; PRAGMA auto_vacuum = 1", "CREATE TABLE t (a)", "INSERT INTO t VALUES ('é'), ('😀')", "ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'ü'"},
		{page, "CREATE TABLE t (a, b)", "INSERT INTO t WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120) SELECT n, 'row' FROM n"},
	} {
		files = append(files, bytesOf(t, made(t, statements...)))
	}
	return files
}

func failure(whole []byte) error {
	_, _, err := readFile(context.Background(), bytes.NewReader(whole), int64(len(whole)))
	return err
}

func FuzzReading(f *testing.F) {
	for _, whole := range small(f) {
		f.Add(whole)
		for at := 20; at < len(whole); at += 97 {
			damaged := bytes.Clone(whole)
			damaged[at] ^= 0xff
			f.Add(damaged)
		}
	}
	f.Fuzz(func(t *testing.T, whole []byte) { survives(t, whole) })
}
