package sqlite

import (
	"slices"
	"strings"
)

// affinity is what a column would like its values to be (sqlite.org/datatype3.html, 3.1).
type affinity int

const (
	blobAffinity affinity = iota // none at all
	textAffinity
	numericAffinity
	integerAffinity
	realAffinity
)

// generated tells whether a column is computed, and then whether what it computes is kept.
type generated int

const (
	notGenerated generated = iota
	isVirtual
	isStored
)

// column is what a table's definition says of one.
type column struct {
	name      string
	kind      string // its type as it was declared
	affinity  affinity
	collation string
	generated generated
	isRowID   bool
	place     int // in the records; -1 for one that is not kept
	preset    preset
	absent    Value // that rows have which are older than the column
	isKnown   bool  // the value that those have
}

// affinityOf finds the affinity of a declared type by what it contains.
func affinityOf(declared string) affinity {
	kind := lower(declared)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(kind, part) })
	}
	switch {
	case has("int"):
		return integerAffinity
	case has("char", "clob", "text"):
		return textAffinity
	case kind == "", has("blob"):
		return blobAffinity
	case has("real", "floa", "doub"):
		return realAffinity
	}
	return numericAffinity
}

// arrange finds out where the records have each column: in their order, but for a table without
// rowids, whose key comes first (2.3, 2.4). Virtual columns are nowhere. And it settles once for all
// rows what they have that are older than a column.
func (d *definition) arrange() {
	next := 0
	for place := range d.columns {
		c := &d.columns[place]
		c.place = -1
		c.absent, c.isKnown = c.preset.value(c.affinity)
	}
	if d.withoutRowID {
		next = d.arrangeKey()
	} else if len(d.key) == 1 {
		only := &d.columns[d.key[0].column]
		only.isRowID = only.kind == "integer" && !d.key[0].descends
	}
	for place := range d.columns {
		if c := &d.columns[place]; c.place < 0 && c.generated != isVirtual {
			c.place = next
			next++
		}
	}
}

// arrangeKey gives the key's columns the first places. One that the key names again is kept only once,
// unless it is compared in another way (2.4.1).
func (d *definition) arrangeKey() (next int) {
	seen := map[keyPart]bool{}
	for _, part := range d.key {
		c := &d.columns[part.column]
		if part.collation == "" {
			part.collation = c.collation
		}
		if seen[part] {
			continue
		}
		if seen[part] = true; c.place < 0 {
			c.place = next
		}
		next++
	}
	return next
}
