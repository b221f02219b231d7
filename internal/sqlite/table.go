package sqlite

import (
	"context"
	"fmt"
	"slices"
)

// Table is a table whose rows can be read.
type Table struct {
	Name         string
	WithoutRowID bool
	file         *File
	root         uint32
	columns      []column
}

// Table reads what an entry's definition says of its columns. ErrUnsupported is of an entry that is
// no table.
func (f *File) Table(e Entry) (*Table, error) {
	if e.Kind != KindTable && e.Kind != KindShadow {
		return nil, fmt.Errorf("%w: %q is a %s", ErrUnsupported, e.Name, e.Kind)
	}
	made, err := parseTable(e.SQL)
	if err != nil {
		return nil, err
	}
	made.arrange()
	return &Table{Name: e.Name, WithoutRowID: made.withoutRowID, file: f, root: e.root, columns: made.columns}, nil
}

// Columns lists the table's columns but those that it computes (generated ones), kept or not.
func (t *Table) Columns() (names []string) {
	for _, c := range t.columns {
		if c.generated == notGenerated {
			names = append(names, c.name)
		}
	}
	return names
}

// Rows calls use for every row, in the order in which the file keeps them, with its id (0 in a table
// without) and with its values in the columns of those names; an empty name stands for a null. Texts
// of over most bytes in the file are not read. An error of use ends it and is returned as it is.
func (t *Table) Rows(ctx context.Context, names []string, most int64, use func(id int64, row []Value) error) error {
	if t.root == schemaRoot {
		return damaged(t.root, "it is no table's")
	}
	picked, err := t.pick(names)
	if err != nil {
		return err
	}
	wanted := selection{most: most}
	for _, c := range picked {
		if c != nil {
			wanted.places = append(wanted.places, make([]bool, max(0, c.place+1-len(wanted.places)))...)
			wanted.places[c.place] = true
		}
	}
	return t.file.walk(ctx, t.root, !t.WithoutRowID, func(ctx context.Context, w *walk, of cell) error {
		kept, err := w.record(ctx, of.payload, wanted)
		if err != nil {
			return err
		}
		row := make([]Value, len(picked))
		for place, c := range picked {
			if row[place], err = c.value(of.rowid, kept, most); err != nil {
				return err
			}
		}
		return use(of.rowid, row)
	})
}

// pick finds columns by their names; nil stands for a null.
func (t *Table) pick(names []string) ([]*column, error) {
	picked := make([]*column, len(names))
	for place, name := range names {
		if name == "" {
			continue
		}
		at := slices.IndexFunc(t.columns, func(c column) bool {
			return c.generated == notGenerated && lower(c.name) == lower(name)
		})
		if at < 0 {
			return nil, fmt.Errorf("%w: %q has no column %q", ErrUnsupported, t.Name, name)
		}
		picked[place] = &t.columns[at]
	}
	return picked, nil
}

// value is the column's in a row of which so much is kept. The row may be older than the column, and
// then has its default; whole numbers are kept as integers in a column of real ones (2.1, 2.3).
func (c *column) value(rowid int64, kept []Value, most int64) (Value, error) {
	switch {
	case c == nil:
		return Value{Kind: Null}, nil
	case c.isRowID:
		return Value{Integer, rowid}, nil
	case c.place >= len(kept):
		return c.byDefault(most)
	}
	if whole, ok := kept[c.place].Data.(int64); ok && c.affinity == realAffinity {
		return Value{Real, float64(whole)}, nil
	}
	return kept[c.place], nil
}
