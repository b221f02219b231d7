package sqlite_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"miniblog/internal/sqlite"
)

func TestNoSingleWrongByteHarmsTheReader(t *testing.T) {
	t.Parallel()
	for place, whole := range small(t) {
		refused, wrongs := 0, 1
		if len(whole) == 2*512 { // the smallest, with more care
			wrongs = 3
		}
		for at := range whole {
			kept := whole[at]
			for _, wrong := range []byte{^kept, 0, 0xff}[:wrongs] {
				if whole[at] = wrong; survives(t, whole) {
					refused++
				}
			}
			whole[at] = kept
		}
		if refused == 0 || survives(t, whole) {
			t.Errorf("file %d of %d bytes: %d damages are noticed", place, len(whole), refused)
		}
	}
}

func TestAFileThatIsCutOffIsRefusedWhereverThatIs(t *testing.T) {
	t.Parallel()
	for place, whole := range small(t) {
		for size := range whole {
			err := failure(whole[:size])
			if !errors.Is(err, sqlite.ErrDamaged) && !errors.Is(err, sqlite.ErrNotDatabase) {
				t.Fatalf("file %d of %d bytes, cut off at %d: it says %v", place, len(whole), size, err)
			}
		}
		whole[27]++ // as by a writer that does not keep the number of pages: then the tree itself is found to be short
		noError(t, failure(whole))
		if err := failure(whole[:len(whole)-1]); !errors.Is(err, sqlite.ErrDamaged) {
			t.Errorf("file %d, without its last byte: it says %v", place, err)
		}
	}
}

func TestAHeaderThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		at   int
		to   []byte
		want error
	}{
		"another magic":        {0, []byte("sqlite"), sqlite.ErrNotDatabase},
		"pages of 256 bytes":   {16, []byte{1, 0}, sqlite.ErrNotDatabase},
		"pages of 768 bytes":   {16, []byte{3, 0}, sqlite.ErrNotDatabase},
		"pages of no bytes":    {16, []byte{0, 0}, sqlite.ErrNotDatabase},
		"a later read version": {19, []byte{3}, sqlite.ErrNotDatabase},
		"too much is reserved": {20, []byte{33}, sqlite.ErrNotDatabase},
		"other fractions":      {21, []byte{64, 32, 31}, sqlite.ErrNotDatabase},
		"a later schema":       {44, []byte{0, 0, 0, 5}, sqlite.ErrUnsupported},
		"more pages than said": {28, []byte{0, 0, 1, 0}, sqlite.ErrDamaged},
		"pages of 65536 bytes": {16, []byte{0, 1}, sqlite.ErrDamaged},
	} {
		whole := small(t)[0]
		copy(whole[c.at:], c.to)
		if _, err := sqlite.Open(bytes.NewReader(whole), int64(len(whole))); !errors.Is(err, c.want) {
			t.Errorf("%s: it says %v", what, err)
		}
	}
}

// sparse is a large file of which only the beginning was written.
type sparse []byte

func (s sparse) ReadAt(into []byte, at int64) (int, error) {
	clear(into)
	if at < int64(len(s)) {
		copy(into, s[at:])
	}
	return len(into), nil
}

func TestARowThatSQLiteWouldNotReadIsTooLarge(t *testing.T) {
	t.Parallel()
	whole := bytesOf(t, made(t, "PRAGMA page_size = 512", "CREATE TABLE t (a)", "INSERT INTO t VALUES (printf('%.*c', 300, 'x'))"))
	cell := int(binary.BigEndian.Uint16(whole[512+8:]))
	copy(whole[512+cell:], []byte{0x84, 0x80, 0x80, 0x80, 0}) // 1 GiB
	if err := failure(whole); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("of a small file it says %v", err)
	}
	if _, _, err := readFile(t.Context(), sparse(whole), 4<<30); !errors.Is(err, sqlite.ErrTooLarge) {
		t.Errorf("of a large file it says %v", err)
	}
}

func TestThePageOfTheLockIsNoneOfATable(t *testing.T) {
	t.Parallel()
	whole := small(t)[4]
	first := binary.BigEndian.Uint16(whole[512+12:])
	binary.BigEndian.PutUint32(whole[512+int(first):], 1<<30/512+1)
	binary.BigEndian.PutUint32(whole[28:], 4<<30/512)
	if _, _, err := readFile(t.Context(), sparse(whole), 4<<30); !errors.Is(err, sqlite.ErrDamaged) || !strings.Contains(err.Error(), "lock-byte") {
		t.Errorf("it says %v", err)
	}
}

func TestASchemaOfVeryMuchIsTooLarge(t *testing.T) {
	t.Parallel()
	path := made(t, "PRAGMA page_size = 65536", "CREATE TABLE t (a)")
	var statements []string
	for n := range 18 {
		statements = append(statements, fmt.Sprintf("CREATE VIEW v%d AS SELECT '%s'", n, strings.Repeat("x", 1<<20-100)))
	}
	alter(t, path, statements...)
	if err := failure(bytesOf(t, path)); !errors.Is(err, sqlite.ErrTooLarge) {
		t.Errorf("it says %v", err)
	}
}

func TestADefinitionThatIsNoneIsDamage(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		"", "CREATE", "CREATE TABLE", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t ()", "CREATE TABLE t (a", "CREATE TABLE t (a,)", "CREATE TABLE t (a,,b)", "CREATE TABLE t (a b (1",
		"CREATE TABLE t (a DEFAULT", "CREATE TABLE t (a DEFAULT (", "CREATE TABLE t (a AS", "CREATE TABLE t (a, PRIMARY KEY", "CREATE TABLE t (a, PRIMARY KEY (b))", "CREATE TABLE t (a, PRIMARY KEY (a",
		"CREATE TABLE t (a, PRIMARY KEY (a,", "CREATE TABLE t (PRIMARY KEY (a))", "CREATE TABLE t (a) WITHOUT ROWID", "CREATE TABLE t (1)", "CREATE TABLE t ('a", "CREATE TABLE t (a /*", "CREATE TABLE t (a --",
		"DROP TABLE t", "CREATE INDEX t (a)", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (a" + strings.Repeat("(", 100_000), "CREATE TABLE t\x00 (a)",
	} {
		if _, err := new(sqlite.File).Table(sqlite.Entry{Name: "t", Kind: sqlite.KindTable, SQL: sql}); !errors.Is(err, sqlite.ErrDamaged) {
			t.Errorf("%.100q: it says %v", sql, err)
		}
	}
}

// Not beside others, and in processor time: what else the machine does is not its.
func TestALargeDefinitionIsReadOrRefusedInAMoment(t *testing.T) {
	begun := worked(t)
	names := func(count int) string {
		var all []string
		for n := range count {
			all = append(all, fmt.Sprint("c", n))
		}
		return strings.Join(all, ",")
	}
	table := func(sql string) error {
		_, err := new(sqlite.File).Table(sqlite.Entry{Name: "t", Kind: sqlite.KindTable, SQL: sql})
		return err
	}
	noError(t, table("CREATE TABLE t ("+names(32767)+", PRIMARY KEY ("+names(32767)+")) WITHOUT ROWID"))
	noError(t, table("CREATE TABLE t (a DEFAULT "+strings.Repeat("(", 1<<20)+"1"+strings.Repeat(")", 1<<20)+", b"+strings.Repeat(" CHECK (1)", 1<<18)+")"))
	if err := table("CREATE TABLE t (" + names(32768) + ")"); !errors.Is(err, sqlite.ErrTooLarge) {
		t.Errorf("of 32768 columns it says %v", err)
	}
	if took := worked(t) - begun; took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// worked is the processor time that this process has taken.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	noError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// failing is a file that the system stops reading.
type failing struct {
	io.ReaderAt
	from int64
}

var errDisk = errors.New("the disk is gone")

func (f failing) ReadAt(into []byte, at int64) (int, error) {
	if at >= f.from {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(into, at)
}

func TestAnErrorOfTheSystemIsToldAsOne(t *testing.T) {
	t.Parallel()
	whole := small(t)[4]
	for from := int64(0); from < int64(len(whole)); from += 512 {
		_, _, err := readFile(t.Context(), failing{bytes.NewReader(whole), from}, int64(len(whole)))
		var unread *sqlite.ReadError
		if !errors.As(err, &unread) || !errors.Is(err, errDisk) || unread.Page != uint32(from/512)+1 {
			t.Errorf("from %d: it says %v", from, err)
		}
	}
	_, _, err := readFile(t.Context(), bytes.NewReader(whole[:1024]), int64(len(whole))) // it became shorter meanwhile
	if !errors.Is(err, io.EOF) {
		t.Errorf("it says %v", err)
	}
}

func TestReadingEndsWhenNobodyWaitsAnyMoreOrOnAnError(t *testing.T) {
	t.Parallel()
	table := tableOf(t, small(t)[4], "t")
	ctx, cancel := context.WithCancel(t.Context())
	rows, errEnough := 0, errors.New("enough")
	err := table.Rows(ctx, []string{"a"}, most, func(int64, []sqlite.Value) error {
		if rows++; rows == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || rows != 3 {
		t.Errorf("after %d rows it says %v", rows, err)
	}
	if err := table.Rows(t.Context(), nil, most, func(int64, []sqlite.Value) error { return errEnough }); err != errEnough {
		t.Errorf("it says %v", err)
	}
}
