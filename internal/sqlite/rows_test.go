package sqlite_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// mixture are tables of many kinds of values, small enough for pages of 512 bytes.
var mixture = []string{
	`CREATE TABLE mixed (id INTEGER PRIMARY KEY, anything, number REAL, words TEXT, small INT)`,
	`INSERT INTO mixed (anything, number, words, small) VALUES
		(NULL, NULL, NULL, NULL), (0, 0, '', 0), (1, 1, 'é€😀', 1), (-1, -1.5, 'a' || char(0) || 'b', '12'), (127, 1e300, 'x', -128),
		(-32768, 9e999, '1', 32767), (8388607, -9e999, 'y', -8388608), (2147483647, 3, 'z', -2147483648), (140737488355327, 0.1, 'w', -140737488355328),
		(9223372036854775807, 9007199254740993, 5, -9223372036854775808), (x'', x'00ff', x'41', x'42'), ('7', '7', 7, '7.5'), (1.5, 'no number', 1.5, 'nor this')`,
	`CREATE TABLE many (n INTEGER, words TEXT)`,
	`INSERT INTO many
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400)
		SELECT n, printf('%.*c', n * 7 % 900, 'é') FROM n`,
	`DELETE FROM many WHERE n % 3 = 0 OR n BETWEEN 100 AND 180`,
	`CREATE TABLE keyed (a TEXT, b INTEGER, c REAL, PRIMARY KEY (c, a)) WITHOUT ROWID`,
	`INSERT INTO keyed SELECT words, n, n % 10 FROM many`,
}

func TestWhatIsReadIsWhatSQLSaysForEveryPageSizeEncodingAndVacuum(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{512, 1024, 4096, 65536} {
		for _, encoding := range []string{"UTF-8", "UTF-16le", "UTF-16be"} {
			for vacuum := range 3 {
				t.Run(fmt.Sprint(pageSize, encoding, vacuum), func(t *testing.T) {
					t.Parallel()
					path := made(t, append([]string{fmt.Sprintf("PRAGMA page_size = %d; PRAGMA encoding = '%s'; PRAGMA auto_vacuum = %d", pageSize, encoding, vacuum)}, mixture...)...)
					if rows := agrees(t, path); rows < 400 {
						t.Errorf("only %d rows are there", rows)
					}
				})
			}
		}
	}
}

// TestReservedBytesOfAPageAreLeftAlone writes a file whose pages keep 32 bytes for an extension: SQL cannot ask for
// that, so the first page of an empty one is altered, and the end of its contents with it.
func TestReservedBytesOfAPageAreLeftAlone(t *testing.T) {
	t.Parallel()
	path := made(t, "PRAGMA page_size = 512; PRAGMA user_version = 1")
	first := bytesOf(t, path)
	first[20], first[105], first[106] = 32, 1, 0xe0 // of 512 bytes 480 are left
	noError(t, os.WriteFile(path, first, 0o600))
	alter(t, path, mixture...)
	if whole := bytesOf(t, path); whole[20] != 32 {
		t.Fatal("no bytes are reserved")
	}
	agrees(t, path)
}

// A payload of over a certain size goes on in other pages: where that begins, and where one more page is needed, is
// where a mistake would show.
func TestATextIsWholeWhereverItsPageEnds(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{512, 1024, 4096, 65536} {
		t.Run(fmt.Sprint(pageSize), func(t *testing.T) {
			t.Parallel()
			statements := []string{
				fmt.Sprintf("PRAGMA page_size = %d", pageSize), "BEGIN", "CREATE TABLE texts (words TEXT, last INTEGER)",
				"CREATE TABLE keyed (words TEXT, last INTEGER, PRIMARY KEY (last)) WITHOUT ROWID",
			}
			for _, length := range edges(pageSize) {
				statements = append(statements, fmt.Sprintf("INSERT INTO texts VALUES (printf('%%.*c', %d, 'x') || '!', %[1]d)", length))
			}
			agrees(t, made(t, append(statements, "INSERT INTO keyed SELECT words, last FROM texts WHERE true ON CONFLICT DO NOTHING", "COMMIT")...))
		})
	}
}

// edges are lengths of texts around all thresholds of a page size, for tables and indexes.
func edges(pageSize int) (lengths []int) {
	least, table, index := (pageSize-12)*32/255-23, pageSize-35, (pageSize-12)*64/255-23
	for _, middle := range []int{0, least, index, table, least + pageSize - 4, index + pageSize - 4, table + pageSize - 4, least + 2*(pageSize-4), table + 2*(pageSize-4)} {
		for length := max(0, middle-16); length < middle+8; length++ {
			lengths = append(lengths, length)
		}
	}
	return lengths
}

func TestATextBeyondTheLimitIsKnownAndNotRead(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"UTF-8", "UTF-16le"} {
		path := made(t, fmt.Sprintf("PRAGMA encoding = '%s'", encoding), "CREATE TABLE texts (words TEXT, after TEXT)", fmt.Sprintf(`
			INSERT INTO texts SELECT printf('%%.*c', column1, 'x'), 'and more' FROM (
				VALUES (0), (1), (%[1]d / 2), (%[1]d / 2 + 1), (%[1]d - 1), (%[1]d), (%[1]d + 1), (3 << 20))`, most),
			"INSERT INTO texts VALUES (zeroblob(3000000), 'after a blob')")
		agrees(t, path)
	}
}

func TestRowsComeInTheOrderOfTheirIDs(t *testing.T) {
	t.Parallel()
	path := made(t, "PRAGMA page_size = 512", "CREATE TABLE ids (words TEXT)", `
		INSERT INTO ids (rowid, words) VALUES (5, 'e'), (-9223372036854775808, 'a'), (9223372036854775807, 'z'), (0, 'd'), (-1, 'c'), (-4294967297, 'b'), (4294967296, 'f')`,
		"CREATE TABLE thousands (a INTEGER PRIMARY KEY, b TEXT)", `
		INSERT INTO thousands
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
			SELECT n * 1000003 % 16777216 - 8000000, 'row ' || n FROM n WHERE true ON CONFLICT DO NOTHING`,
		"CREATE TABLE keyed (b TEXT PRIMARY KEY) WITHOUT ROWID", "INSERT INTO keyed SELECT b FROM thousands WHERE a > 0")
	if rows := agrees(t, path); rows < 20_000 {
		t.Errorf("only %d rows are there", rows)
	}
	alter(t, path, "DELETE FROM thousands WHERE a % 7 < 5", "DELETE FROM keyed WHERE b LIKE '%3%'", "DELETE FROM ids")
	agrees(t, path)
	alter(t, path, "DELETE FROM thousands", "VACUUM")
	agrees(t, path)
}

func TestATextThatIsNoneInItsEncodingComesAsItIs(t *testing.T) {
	t.Parallel()
	agrees(t, made(t, "CREATE TABLE texts (words)", "INSERT INTO texts VALUES (CAST(x'ff41c3' AS TEXT)), (CAST(x'' AS TEXT))"))
	agrees(t, made(t, "PRAGMA encoding = 'UTF-16be'", "CREATE TABLE texts (words)",
		"INSERT INTO texts VALUES (CAST(x'0041d83d' AS TEXT)), (CAST(x'd83dde00' AS TEXT)), (CAST(x'00410042' AS TEXT)), (CAST(x'fffd' AS TEXT))"))
}

// SQL keeps a null for what is no number, so the file has to be altered to have one.
func TestANumberThatIsNoneIsANull(t *testing.T) {
	t.Parallel()
	path := made(t, "CREATE TABLE t (a)", "INSERT INTO t VALUES (1.5)")
	whole := bytesOf(t, path)
	copy(whole[len(whole)-8:], []byte{0x7f, 0xf8, 0, 0, 0, 0, 0, 1})
	noError(t, os.WriteFile(path, whole, 0o600))
	agrees(t, path)
	if read, err := readAll(t.Context(), tableOf(t, whole, "t"), most); err != nil || read[0] != "1|null <nil> <nil>" {
		t.Errorf("it reads %s, %v", read, err)
	}
}

func TestAFileInWALModeIsRead(t *testing.T) {
	t.Parallel()
	path := made(t, append([]string{"PRAGMA journal_mode = wal"}, mixture...)...)
	if whole := bytesOf(t, path); whole[19] != 2 {
		t.Fatal("it is not in WAL mode")
	}
	agrees(t, path)
}

// The first page has less room than others, for the file's header: a schema that just fits another page is moved there
// as it is, and leaves a root without a cell.
func TestASchemaWhoseRootIsEmptyIsRead(t *testing.T) {
	t.Parallel()
	for length := range 100 {
		path := made(t, "PRAGMA page_size = 512", "CREATE TABLE t (a)", fmt.Sprintf("CREATE TABLE u (a /* %s */)", strings.Repeat("x", 250)),
			fmt.Sprintf("CREATE TABLE v (a /* %s */)", strings.Repeat("x", length)), "INSERT INTO v VALUES (1)")
		agrees(t, path)
		if whole := bytesOf(t, path); whole[100] == 5 && whole[103] == 0 && whole[104] == 0 {
			return
		}
	}
	t.Error("no root is empty")
}

// One column of very many is found, and so is the head of a record that goes on in other pages.
func TestATableMayHaveVeryManyColumns(t *testing.T) {
	t.Parallel()
	var names, values []string
	for n := range 900 {
		names = append(names, fmt.Sprintf("c%d TEXT", n))
		values = append(values, fmt.Sprintf("'%d'", n))
	}
	agrees(t, made(t, "PRAGMA page_size = 512", "CREATE TABLE wide ("+strings.Join(names, ", ")+")", "INSERT INTO wide VALUES ("+strings.Join(values, ", ")+")"))
}
