package flask

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Most of one value that is read, in bytes. Line ends of two bytes become one, so a
// text of twice what a post holds may yet fit.
const mostRead = 2<<20 + 1

// value is what one column of a row holds, as SQLite types it: of every row anew.
type value struct {
	kind string // null, integer, real, text or blob
	data any    // nil for a blob and for a text longer than mostRead
}

// text returns the value's text, if it is one that was read.
func (v value) text() (string, bool) {
	text, ok := v.data.(string)
	return text, ok && v.kind == "text"
}

// key tells the value from others of its column, for ids and dates.
func (v value) key() string {
	if v.data == nil {
		return v.kind
	}
	return fmt.Sprint(v.kind, " ", v.data)
}

// entries lists the tables and what passes for them.
func (f *File) entries(ctx context.Context) (found []entry, err error) {
	rows, err := f.rows.QueryContext(ctx, `
		SELECT name, type, wr
		FROM pragma_table_list
		WHERE schema = 'main'`)
	if err != nil {
		return nil, f.inWords(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var next entry
		if err := rows.Scan(&next.name, &next.kind, &next.noRowID); err != nil {
			return nil, f.inWords(err)
		}
		found = append(found, next)
	}
	return found, f.inWords(rows.Err())
}

// columns lists a table's columns but those that it computes: what they hold is not kept.
func (f *File) columns(ctx context.Context, table string) (found []string, err error) {
	rows, err := f.rows.QueryContext(ctx, `
		SELECT name
		FROM pragma_table_info(?)`, table)
	if err != nil {
		return nil, f.inWords(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, f.inWords(err)
		}
		found = append(found, name)
	}
	return found, f.inWords(rows.Err())
}

// each calls use for every row of a table, in the order in which the file keeps them:
// any other would have to be sorted, in memory that the file's size decides.
func (f *File) each(ctx context.Context, l layout, use func(row []value) error) (err error) {
	rows, err := f.rows.QueryContext(ctx, l.query())
	if err != nil {
		return f.inWords(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		row := make([]value, len(l.columns))
		into := make([]any, 0, 2*len(row))
		for place := range row {
			into = append(into, &row[place].kind, &row[place].data)
		}
		if err := rows.Scan(into...); err != nil {
			return f.inWords(err)
		}
		if err := use(row); err != nil {
			return err
		}
	}
	return f.inWords(rows.Err())
}

// query reads of each column its type and, where that can be of use, its value. Being
// made of expressions the values come as they are: the driver turns a column that is
// declared a date into what it takes for a time.
func (l layout) query() string {
	var columns []string
	for place, name := range l.columns {
		quoted := quote(name)
		switch {
		case name == "" && place == 0 && !l.noRowID: // both shapes have their id first
			quoted = "rowid"
		case name == "":
			quoted = "NULL"
		}
		columns = append(columns, fmt.Sprintf(
			"typeof(%[1]s), CASE WHEN typeof(%[1]s) IN ('integer', 'real') OR typeof(%[1]s) = 'text' AND octet_length(%[1]s) <= %[2]d THEN %[1]s END",
			quoted, mostRead))
	}
	return fmt.Sprintf("SELECT %s\nFROM %s", strings.Join(columns, ", "), quote(l.table))
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
