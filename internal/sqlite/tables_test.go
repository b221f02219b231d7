package sqlite_test

import (
	"errors"
	"fmt"
	"testing"

	"miniblog/internal/sqlite"
)

// definitions are ways to write the columns of a table, each with one row of it.
var definitions = [][]string{
	{"CREATE TABLE [a table] (\"a \"\"b\"\"\", `c ``d```, [e f], 'g ''h''', i$, _j, é)", "INSERT INTO [a table] VALUES (1, 2, 3, 4, 5, 6, 7)"},
	{"CREATE TABLE 'quoted' (\"primary\" INTEGER, [check] TEXT, `unique`, 'default')", "INSERT INTO quoted VALUES (1, 2, 3, 4)"},
	{"CREATE TABLE \"a(b,c\" (x, y)", "INSERT INTO \"a(b,c\" VALUES (1, 2)"},
	{"CREATE TABLE t -- a note, with (a comma\n(a /* b, c) */ INTEGER -- ' a quote\n, b/**/TEXT,c--\n)", "INSERT INTO t VALUES (1, 'x', 2)"},
	{"create\ttable t(a integer primary key, b real)without rowid", "INSERT INTO t VALUES (2, 3), (1, 4)"},
	{"CREATE TABLE IF NOT EXISTS main.t (a, b)", "INSERT INTO t VALUES (1, 2)"},
	{"CREATE TABLE t AS SELECT 1 AS a, 'x' AS b, 2.5 AS \"c d\""},
	{"CREATE TABLE t (a VARCHAR(10, 2) NOT NULL DEFAULT (1 + 2) CHECK (a <> ')' AND length(a) > 0), b DOUBLE PRECISION REFERENCES u (x) ON UPDATE SET NULL ON DELETE SET DEFAULT, c)",
		"INSERT INTO t VALUES ('x', 1, 2)"},
	{"CREATE TABLE t (a INTEGER, b, CONSTRAINT k PRIMARY KEY (a) CONSTRAINT u UNIQUE (b), FOREIGN KEY (b) REFERENCES v (w) DEFERRABLE INITIALLY DEFERRED, CHECK (a > 0))",
		"INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b)", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a INTEGER, b, PRIMARY KEY (a DESC))", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a INT PRIMARY KEY, b)", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a \"INTEGER\" PRIMARY KEY, b)", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (b, a INTEGER CONSTRAINT \"primary\" PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT)", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a INTEGER PRIMARY KEY, b, c INTEGER)", "INSERT INTO t VALUES (7, 8, NULL)"},
	{"CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))", "INSERT INTO t VALUES (7, 8)"},
	{"CREATE TABLE t (a REAL, b FLOAT, c DOUBLE, d INT REAL, e \"REAL\", f FLOATING POINT, g CHARREAL, h BLOBREAL, i NUMERIC)", "INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9), (1.5, 2.0, 3e3, 4, 5, 6, 7, 8, 9)"},
	{"CREATE TABLE t (a REAL, b ANY, c INT) STRICT", "INSERT INTO t VALUES (1, 2, 3)"},
	{"CREATE TABLE t (a TEXT, b REAL, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID", "INSERT INTO t VALUES ('x', 2), ('y', 1)"},
	{"CREATE TABLE t (a, b, c, d, PRIMARY KEY (c, a, c, \"a\")) WITHOUT ROWID", "INSERT INTO t VALUES (1, 2, 3, 4), (5, 6, 7, 8)"},
	{"CREATE TABLE t (a, b, c, PRIMARY KEY (b COLLATE nocase DESC, b, b COLLATE binary, c)) WITHOUT ROWID", "INSERT INTO t VALUES (1, 'x', 3), (4, 'Y', 6)"},
	{"CREATE TABLE t (a, b TEXT COLLATE nocase, c, PRIMARY KEY (b, b COLLATE nocase, b COLLATE rtrim)) WITHOUT ROWID", "INSERT INTO t VALUES (1, 'x', 3), (4, 'Y', 6)"},
	{"CREATE TABLE t (b TEXT, a TEXT PRIMARY KEY DESC) WITHOUT ROWID", "INSERT INTO t VALUES (1, 'x'), (4, 'Y')"},
	{"CREATE TABLE t (a, b AS (a + 1), c, d GENERATED ALWAYS AS (a || ')') STORED, e INT GENERATED ALWAYS AS (a) VIRTUAL NOT NULL, f)", "INSERT INTO t (a, c, f) VALUES (1, 2, 3)"},
	{"CREATE TABLE t (a, b GENERATED ALWAYS AS (a), c, d INT AS (a) STORED, k, PRIMARY KEY (k)) WITHOUT ROWID", "INSERT INTO t (a, c, k) VALUES (1, 2, 3)"},
	{"CREATE TABLE t (generated INT, always TEXT, a generated always, b key)", "INSERT INTO t VALUES (1, 2, 3, 4)"},
	{"CREATE TABLE t (a, b)", "INSERT INTO t VALUES (1, 2)", "ALTER TABLE t RENAME COLUMN b TO \"new name\"", "ALTER TABLE t RENAME TO \"new table\""},
	{"CREATE TABLE t (a, b, c)", "INSERT INTO t VALUES (1, 2, 3)", "ALTER TABLE t DROP COLUMN b"},
	{"CREATE TABLE t (\"\" INTEGER)"},
	{"CREATE TABLE t (a, b)", "CREATE INDEX i ON t (b)", "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END", "CREATE VIEW v AS SELECT * FROM t", "INSERT INTO t VALUES (1, 2)"},
}

func TestATablesDefinitionIsUnderstoodHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for place, statements := range definitions {
		t.Run(fmt.Sprint(place), func(t *testing.T) {
			t.Parallel()
			agrees(t, made(t, statements...))
			if t.Failed() {
				t.Logf("of %s", statements)
			}
		})
	}
}

// Rows that were there before a column do not have it: they have its default, as the column likes it.
func TestAColumnThatWasAddedHasItsDefaultInOlderRows(t *testing.T) {
	t.Parallel()
	literals := []string{
		"NULL", "0", "1", "-1", "+5", "(5)", "( -5 )", "(+(-(5)))", "007", "0x1F", "1_000", "1.5", "-1.50", "2.0", "-2.0", ".5", "5.", "1e3", "1E-3", "-1e999",
		"9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "0xffffffffffffffff",
		"''", "'it''s'", "'12'", "' 12 '", "'-1.5'", "'1e2'", "'1e'", "'.'", "'é'", "x'41'", "X''", "TRUE", "false", "(true)", "word", "\"double\"", "`back`", "[true]", "('text')",
		"'99999999999999999999'", "'+7'", "'0x10'", "'1_0'",
	}
	for _, encoding := range []string{"UTF-8", "UTF-16le"} {
		for _, kind := range []string{"", "TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB", "VARCHAR(10)"} {
			path := made(t, "PRAGMA encoding = '"+encoding+"'", "CREATE TABLE t (a)", "CREATE TABLE k (a PRIMARY KEY) WITHOUT ROWID", "INSERT INTO t VALUES (1), (2)", "INSERT INTO k VALUES (1), (2)")
			statements := []string{"BEGIN"}
			for place, literal := range literals {
				column := " ADD COLUMN c" + string(rune('A'+place/26)) + string(rune('a'+place%26)) + " " + kind + " DEFAULT " + literal
				statements = append(statements, "ALTER TABLE t"+column, "ALTER TABLE k"+column)
			}
			alter(t, path, append(statements, "INSERT INTO t (a) VALUES (3)", "INSERT INTO k (a) VALUES (3)", "COMMIT")...)
			agrees(t, path)
		}
	}
}

func TestAColumnThatWasAddedToAStrictTableOrWithoutADefaultIsReadToo(t *testing.T) {
	t.Parallel()
	agrees(t, made(t, "CREATE TABLE t (a ANY) STRICT", "INSERT INTO t VALUES ('1')", "ALTER TABLE t ADD COLUMN b ANY DEFAULT '5'", "ALTER TABLE t ADD COLUMN c REAL DEFAULT 5",
		"ALTER TABLE t ADD COLUMN d ANY", "ALTER TABLE t ADD COLUMN e INT AS (a)", "ALTER TABLE t ADD COLUMN f TEXT NOT NULL DEFAULT 'last'"))
}

func TestADefaultThatIsNoLiteralIsAnErrorOnlyWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"(CAST('5' AS INTEGER))", "(-(-5))", "-'5'"} {
		path := made(t, "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "ALTER TABLE t ADD COLUMN b DEFAULT "+value+" CHECK (b <> 'x')", "ALTER TABLE t ADD COLUMN c DEFAULT 'c'")
		table := tableOf(t, bytesOf(t, path), "t")
		if _, err := readAll(t.Context(), table, most); !errors.Is(err, sqlite.ErrUnsupported) {
			t.Errorf("%s: it says %v", value, err)
		}
		noError(t, table.Rows(t.Context(), []string{"a", "C"}, most, func(int64, []sqlite.Value) error { return nil }))
	}
	agrees(t, made(t, "CREATE TABLE t (a, b DEFAULT (1 + (2)), c DEFAULT CURRENT_TIMESTAMP, d DEFAULT (random()) NOT NULL, e DEFAULT (- -5), f)", "INSERT INTO t (f) VALUES ('f')"))
}

// tableOf finds a table in a file.
func tableOf(t testing.TB, whole []byte, name string) *sqlite.Table {
	t.Helper()
	file := open(t, whole)
	entries, err := file.Entries(t.Context())
	noError(t, err)
	for _, entry := range entries {
		if entry.Name == name {
			table, err := file.Table(entry)
			noError(t, err)
			return table
		}
	}
	t.Fatalf("there is no table %s among %v", name, entries)
	return nil
}

func TestTablesAreToldFromWhatOnlyPassesForThem(t *testing.T) {
	t.Parallel()
	path := made(t, "CREATE TABLE plain (a)", "CREATE TABLE plain_content (a)", "CREATE VIEW seen AS SELECT 1 AS a", "CREATE VIRTUAL TABLE found USING fts5 (words)",
		"CREATE VIRTUAL TABLE \"Boxes\" USING rtree (id, a, b)", "CREATE TABLE found_more (a)", "INSERT INTO found VALUES ('some words')", "INSERT INTO Boxes VALUES (1, 2, 3)")
	agrees(t, path)
	file := open(t, bytesOf(t, path))
	entries, err := file.Entries(t.Context())
	noError(t, err)
	kinds := map[sqlite.EntryKind]int{}
	for _, entry := range entries {
		kinds[entry.Kind]++
		if _, err := file.Table(entry); (err == nil) != (entry.Kind == sqlite.KindTable || entry.Kind == sqlite.KindShadow) {
			t.Errorf("%s, a %s: it says %v", entry.Name, entry.Kind, err)
		}
	}
	if kinds[sqlite.KindTable] != 3 || kinds[sqlite.KindView] != 1 || kinds[sqlite.KindVirtual] != 2 || kinds[sqlite.KindShadow] != 8 {
		t.Errorf("there are %v", kinds)
	}
}

func TestColumnsAreGivenAsTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	table := tableOf(t, bytesOf(t, made(t, "CREATE TABLE t (a, b AS (a), \"C d\")", "INSERT INTO t (a, \"C d\") VALUES (1, 'x')")), "t")
	err := table.Rows(t.Context(), []string{"c D", "", "a", "A"}, most, func(id int64, row []sqlite.Value) error {
		want := []sqlite.Value{{Kind: sqlite.Text, Data: "x"}, {Kind: sqlite.Null}, {Kind: sqlite.Integer, Data: int64(1)}, {Kind: sqlite.Integer, Data: int64(1)}}
		for place, value := range row {
			if value != want[place] {
				t.Errorf("number %d is %v", place, value)
			}
		}
		return nil
	})
	noError(t, err)
	for _, missing := range []string{"b", "e"} { // one that is computed is none
		if err := table.Rows(t.Context(), []string{missing}, most, nil); !errors.Is(err, sqlite.ErrUnsupported) {
			t.Errorf("column %s: it says %v", missing, err)
		}
	}
}
