package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // makes the files, and is the judge of what is read from them

	"miniblog/internal/sqlite"
)

// most is how long a text may be that the tests read, in bytes of the file.
const most = 2<<20 + 1

// made makes a file of statements.
func made(t testing.TB, statements ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "made.db")
	alter(t, path, statements...)
	return path
}

func alter(t testing.TB, path string, statements ...string) {
	t.Helper()
	db := connect(t, path)
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%.200s: %v", statement, err)
		}
	}
	noError(t, db.Close())
}

func connect(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
	noError(t, err)
	db.SetMaxOpenConns(1)
	return db
}

// bytesOf is a whole file.
func bytesOf(t testing.TB, path string) []byte {
	t.Helper()
	whole, err := os.ReadFile(path)
	noError(t, err)
	return whole
}

func open(t testing.TB, whole []byte) *sqlite.File {
	t.Helper()
	file, err := sqlite.Open(bytes.NewReader(whole), int64(len(whole)))
	noError(t, err)
	return file
}

// agrees asserts that of each table in a file the reader says what SQL says. It returns how many rows
// there are.
func agrees(t testing.TB, path string) (rows int) {
	t.Helper()
	file, db := open(t, bytesOf(t, path)), connect(t, path)
	defer db.Close()
	entries, err := file.Entries(t.Context())
	noError(t, err)
	same(t, "the tables", listed(t, file, entries), ask(t, db, `
		SELECT name || ' ' || type || ' ' || wr
		FROM pragma_table_list
		WHERE schema = 'main' AND name <> 'sqlite_schema'
		ORDER BY 1`))
	for _, entry := range entries {
		if entry.Kind != sqlite.KindTable && entry.Kind != sqlite.KindShadow {
			continue
		}
		table, err := file.Table(entry)
		noError(t, err)
		same(t, "columns of "+entry.Name, table.Columns(), ask(t, db, "SELECT name FROM pragma_table_info(?)", entry.Name))
		read, err := readAll(t.Context(), table, most)
		noError(t, err)
		same(t, "rows of "+entry.Name, read, ask(t, db, question(table)))
		rows += len(read)
	}
	return rows
}

// listed are the entries in the words of pragma_table_list.
func listed(t testing.TB, file *sqlite.File, entries []sqlite.Entry) (lines []string) {
	t.Helper()
	for _, entry := range entries {
		withoutRowID := 0
		if table, err := file.Table(entry); err == nil && table.WithoutRowID {
			withoutRowID = 1
		}
		lines = append(lines, fmt.Sprint(entry.Name, " ", entry.Kind, " ", withoutRowID))
	}
	slices.Sort(lines)
	return lines
}

// readAll reads all columns of all rows, a line a row.
func readAll(ctx context.Context, table *sqlite.Table, most int64) (lines []string, err error) {
	err = table.Rows(ctx, table.Columns(), most, func(id int64, row []sqlite.Value) error {
		line := fmt.Sprint(id)
		for _, value := range row {
			line += fmt.Sprintf("|%s %T %[2]v", value.Kind, value.Data)
		}
		lines = append(lines, line)
		return nil
	})
	return lines, err
}

// question asks SQL for what readAll reads, in the table's own order.
func question(table *sqlite.Table) string {
	columns := []string{"rowid"}
	if table.WithoutRowID {
		columns[0] = "0"
	}
	for _, name := range table.Columns() {
		name = quote(name)
		columns = append(columns, fmt.Sprintf(
			"typeof(%[1]s), CASE WHEN typeof(%[1]s) IN ('integer', 'real') OR typeof(%[1]s) = 'text' AND octet_length(%[1]s) <= %[2]d THEN %[1]s END",
			name, most))
	}
	return fmt.Sprintf("SELECT %s FROM %s NOT INDEXED", strings.Join(columns, ", "), quote(table.Name))
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// ask asks SQL, for a line a row: a first value alone, or an id and then types and values by turns.
func ask(t testing.TB, db *sql.DB, query string, arguments ...any) (lines []string) {
	t.Helper()
	rows, err := db.Query(query, arguments...)
	noError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	noError(t, err)
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for place := range row {
			into[place] = &row[place]
		}
		noError(t, rows.Scan(into...))
		line := fmt.Sprint(row[0])
		for place := 1; place < len(row); place += 2 {
			line += fmt.Sprintf("|%s %T %[2]v", row[place], row[place+1])
		}
		lines = append(lines, line)
	}
	noError(t, rows.Err())
	return lines
}

func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: it reads %d, SQL says %d\n%.500q\n%.500q", what, len(got), len(want), got, want)
		return
	}
	for place := range want {
		if got[place] != want[place] {
			t.Errorf("%s, number %d: it reads\n%.300q, SQL says\n%.300q", what, place, got[place], want[place])
			return
		}
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
