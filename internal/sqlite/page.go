package sqlite

import "encoding/binary"

// kind is what a page of a b-tree is (1.6).
type kind byte

const (
	indexInterior kind = 2
	tableInterior kind = 5
	indexLeaf     kind = 10
	tableLeaf     kind = 13
)

func (k kind) isLeaf() bool  { return k == indexLeaf || k == tableLeaf }
func (k kind) isTable() bool { return k == tableInterior || k == tableLeaf }

// headSize is how many bytes a page has before the places of its cells.
func (k kind) headSize() int {
	if k.isLeaf() {
		return 8
	}
	return 12
}

// page is one page of a b-tree (1.6).
type page struct {
	number uint32
	data   []byte // what is in use of it
	kind   kind
	places []byte // where its cells begin, two bytes each
	first  int    // place that a cell can have
	taken  int    // bytes of the cells that were read
}

// parsePage looks at the head of a page. Only a tree's root may be empty.
func parsePage(number uint32, data []byte, isRoot bool) (*page, error) {
	head := data
	if number == 1 { // after the file's header
		head = data[headerSize:]
	}
	p := &page{number: number, data: data, kind: kind(head[0])}
	switch p.kind {
	case indexInterior, tableInterior, indexLeaf, tableLeaf:
	default:
		return nil, damaged(number, "it is no page of a b-tree")
	}
	cells := int(binary.BigEndian.Uint16(head[3:]))
	if p.kind.headSize()+2*cells > len(head) {
		return nil, damaged(number, "it has no room for its cells")
	}
	if cells == 0 && (!isRoot || !p.kind.isLeaf() && number != 1) {
		return nil, damaged(number, "it is empty")
	}
	p.places = head[p.kind.headSize():][:2*cells]
	p.first = len(data) - len(head) + p.kind.headSize() + 2*cells
	return p, nil
}

// right is the last child of an interior page.
func (p *page) right() uint32 {
	head := p.data
	if p.number == 1 {
		head = p.data[headerSize:]
	}
	return number(head[8:])
}

func (p *page) cells() int { return len(p.places) / 2 }

// cell is one entry of a page (1.6).
type cell struct {
	child uint32 // of an interior page
	rowid int64  // of a table's
	payload
}

// payload is what a cell holds, of which so much is yet to be read (1.7).
type payload struct {
	page  uint32 // that the cell is on
	size  int64  // of all of it, in bytes
	local []byte // what is at hand
	next  uint32 // the page that it goes on in, or 0
}

// cell reads a cell. Cells do not overlap, so together they have no more bytes than their page:
// what a page costs is bounded by its size.
func (p *page) cell(f *File, index int) (c cell, err error) {
	at := int(binary.BigEndian.Uint16(p.places[2*index:]))
	if at < p.first || at >= len(p.data) {
		return c, damaged(p.number, "a cell lies outside")
	}
	reading := &reader{rest: p.data[at:]}
	if !p.kind.isLeaf() {
		c.child = reading.number()
	}
	if p.kind != tableInterior {
		c.payload.size = int64(min(reading.varint(), 1<<62))
	}
	if p.kind.isTable() {
		c.rowid = int64(reading.varint())
	}
	if p.kind != tableInterior {
		err = p.take(f, &c.payload, reading)
	}
	p.taken += len(p.data) - at - len(reading.rest)
	if err == nil && (reading.short || p.taken > len(p.data)) {
		err = damaged(p.number, "a cell has no room")
	}
	return c, err
}

// take reads what the page itself has of a payload, and where the rest is.
func (p *page) take(f *File, of *payload, reading *reader) error {
	const mostOfARow = 1e9 // SQLite's own limit (sqlite.org/limits.html)
	switch {
	case of.size > f.size:
		return damaged(p.number, "a row is larger than the file")
	case of.size > mostOfARow:
		return ErrTooLarge
	}
	here := f.local(p.kind, of.size)
	of.page, of.local = p.number, reading.bytes(here)
	if int64(here) < of.size {
		of.next = reading.number()
	}
	return nil
}

// local is how many bytes of a payload its own page keeps (1.6): U, P, X, M and K are the names
// of that section.
func (f *File) local(k kind, P int64) int {
	U := int64(f.usable)
	X, M := U-35, (U-12)*32/255-23
	if k != tableLeaf {
		X = (U-12)*64/255 - 23
	}
	K := M + (P-M)%(U-4)
	switch {
	case P <= X:
		return int(P)
	case K <= X:
		return int(K)
	}
	return int(M)
}
