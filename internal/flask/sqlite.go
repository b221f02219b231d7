package flask

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"miniblog/internal/sqlite"
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

// each calls use for every row of a table, in the order in which the file keeps them:
// any other would have to be sorted, in memory that the file's size decides. Where the
// table has no id, its own number of the row is one: both shapes have theirs first.
func (f *File) each(ctx context.Context, l layout, use func(row []value) error) error {
	names := slices.Clone(l.columns)
	isNumbered := names[0] == "" && !l.table.WithoutRowID
	if at := slices.IndexFunc(l.table.Columns(), isRowID); isNumbered && at >= 0 {
		names[0], isNumbered = l.table.Columns()[at], false // as in SQL, where a column comes before the number
	}
	var told error // by use: that is nothing of the file's
	err := l.table.Rows(ctx, names, mostRead, func(id int64, kept []sqlite.Value) error {
		row := make([]value, len(kept))
		for place, of := range kept {
			row[place] = value{string(of.Kind), of.Data}
		}
		if isNumbered {
			row[0] = value{string(sqlite.Integer), id}
		}
		told = use(row)
		return told
	})
	if told != nil {
		return told
	}
	return f.inWords(err)
}

func isRowID(column string) bool { return strings.EqualFold(column, "rowid") }

// inWords tells what an error of the file means, with the file's name.
func (f *File) inWords(err error) error {
	var unread *sqlite.ReadError
	switch {
	case errors.Is(err, sqlite.ErrNotDatabase):
		return fmt.Errorf("%s is not an SQLite file, or an encrypted one", f.path)
	case errors.Is(err, sqlite.ErrDamaged):
		return fmt.Errorf("%s is damaged: try sqlite3 %s '.recover' on a copy", f.path, f.path)
	case errors.As(err, &unread):
		return fmt.Errorf("%s cannot be read to its end: %w", f.path, err)
	case errors.Is(err, sqlite.ErrTooLarge):
		return fmt.Errorf("%s holds a row that is too large to read", f.path)
	case errors.Is(err, sqlite.ErrUnsupported):
		return fmt.Errorf("%s cannot be read: %w", f.path, err)
	}
	return err
}
