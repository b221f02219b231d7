package sqlite

import (
	"context"
	"slices"
	"strings"
)

// mostOfSchema is how many bytes of names and definitions are read.
const mostOfSchema = 16 << 20

// schemaRoot is the root page of the table that lists all others (2.6).
const schemaRoot = 1

// EntryKind is what one of a file's tables is, by the names of SQL's pragma_table_list.
type EntryKind string

// The kinds of entries. Only a table keeps rows that mean what they say: a view has none, a virtual
// table computes them, and a shadow table holds what a virtual one makes its own of.
const (
	KindTable   EntryKind = "table"
	KindView    EntryKind = "view"
	KindVirtual EntryKind = "virtual"
	KindShadow  EntryKind = "shadow"
)

// Entry is a table of the file, or what passes for one.
type Entry struct {
	Name string
	Kind EntryKind
	SQL  string // that made it
	root uint32
}

// shadows are the tables that SQLite's own kinds of virtual tables keep, by the end of their names
// (sqlite.org/vtab.html, "The xShadowName Method").
var shadows = map[string][]string{
	"fts3":      {"content", "docsize", "segdir", "segments", "stat"},
	"fts4":      {"content", "docsize", "segdir", "segments", "stat"},
	"fts5":      {"config", "content", "data", "docsize", "idx"},
	"rtree":     {"node", "parent", "rowid"},
	"rtree_i32": {"node", "parent", "rowid"},
	"geopoly":   {"node", "parent", "rowid"},
}

// Entries lists the tables of the file and what passes for them, as sqlite_schema has them (2.6).
func (f *File) Entries(ctx context.Context) (found []Entry, err error) {
	wanted := selection{places: []bool{true, true, false, true, true}, most: mostOfSchema}
	modules, left := map[string]string{}, int64(mostOfSchema)
	err = f.walk(ctx, schemaRoot, true, func(ctx context.Context, w *walk, c cell) error {
		if left -= c.payload.size; left < 0 {
			return ErrTooLarge
		}
		row, err := w.record(ctx, c.payload, wanted)
		if err != nil {
			return err
		}
		if entry, ok := readEntry(row, modules); ok {
			found = append(found, entry)
		}
		return nil
	})
	for place, entry := range found {
		if entry.Kind == KindTable && isShadow(entry.Name, modules) {
			found[place].Kind = KindShadow
		}
	}
	return found, err
}

// readEntry makes an entry of a row of sqlite_schema: type, name, tbl_name, rootpage, sql. Indexes and
// triggers are none. It notes which module a virtual table is of.
func readEntry(row []Value, modules map[string]string) (e Entry, ok bool) {
	if len(row) < 5 {
		return e, false
	}
	kind, _ := row[0].Data.(string)
	e.Kind = EntryKind(kind)
	if e.Kind != KindTable && e.Kind != KindView {
		return e, false
	}
	e.Name, _ = row[1].Data.(string)
	e.SQL, _ = row[4].Data.(string)
	root, _ := row[3].Data.(int64)
	e.root = uint32(min(max(root, 0), 1<<32-1))
	if module, is := virtualModule(e.SQL); is {
		e.Kind = KindVirtual
		modules[lower(e.Name)] = lower(module)
	}
	return e, true
}

// isShadow tells whether a name is that of a virtual table, with one of its module's endings.
func isShadow(name string, modules map[string]string) bool {
	place := strings.LastIndexByte(name, '_')
	if place < 0 {
		return false
	}
	return slices.Contains(shadows[modules[lower(name[:place])]], lower(name[place+1:]))
}

// lower folds a name as SQLite does: of ASCII's letters alone.
func lower(name string) string {
	return strings.Map(func(letter rune) rune {
		if 'A' <= letter && letter <= 'Z' {
			return letter + 'a' - 'A'
		}
		return letter
	}, name)
}
