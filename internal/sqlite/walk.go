package sqlite

import "context"

// deepest is how many pages lie above one another: in SQLite, too.
const deepest = 20

// walk is one way through a b-tree.
type walk struct {
	file    *File
	isTable bool
	seen    pageSet
	spare   []byte // for a page that a payload continues on
	use     func(context.Context, cell) error
}

// walk calls use for every cell that holds something, in the tree's order.
func (f *File) walk(ctx context.Context, root uint32, isTable bool, use func(context.Context, *walk, cell) error) error {
	w := &walk{file: f, isTable: isTable, seen: pageSet{}, spare: make([]byte, f.usable)}
	w.use = func(ctx context.Context, c cell) error { return use(ctx, w, c) }
	if root != schemaRoot {
		w.seen.add(schemaRoot) // which is no table's
	}
	return w.visit(ctx, root, 0)
}

// visit goes through the tree below a page.
func (w *walk) visit(ctx context.Context, number uint32, depth int) error {
	if depth == deepest {
		return damaged(number, "it lies too deep")
	}
	p, err := w.load(ctx, number, depth == 0)
	if err != nil {
		return err
	}
	for index := range p.cells() {
		if err := w.visitCell(ctx, p, index, depth); err != nil {
			return err
		}
	}
	if p.kind.isLeaf() {
		return nil
	}
	return w.visit(ctx, p.right(), depth+1)
}

// visitCell goes through what is below a cell, then uses what is in it: an index keeps entries in
// interior pages, too, a table only in leaves.
func (w *walk) visitCell(ctx context.Context, p *page, index, depth int) error {
	c, err := p.cell(w.file, index)
	if err != nil {
		return err
	}
	if !p.kind.isLeaf() {
		if err := w.visit(ctx, c.child, depth+1); err != nil {
			return err
		}
	}
	if p.kind == tableInterior {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.use(ctx, c)
}

// load reads a page of the tree.
func (w *walk) load(ctx context.Context, number uint32, isRoot bool) (*page, error) {
	data := make([]byte, w.file.usable)
	if err := w.read(ctx, number, data); err != nil {
		return nil, err
	}
	p, err := parsePage(number, data, isRoot)
	if err == nil && p.kind.isTable() != w.isTable {
		err = damaged(number, "it is of another kind of tree")
	}
	return p, err
}

// read reads a page that was not read before: none is in two places.
func (w *walk) read(ctx context.Context, number uint32, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !w.seen.add(number) {
		return damaged(number, "it is in two places")
	}
	return w.file.read(number, data)
}

// take reads on in a payload: calls of it make one way from its beginning to its end, which they must
// not pass. The bytes are given to use piece by piece, and may be kept only by copying them.
func (w *walk) take(ctx context.Context, p *payload, count int64, use func([]byte)) error {
	for count > 0 {
		if len(p.local) == 0 {
			if err := w.turn(ctx, p); err != nil {
				return err
			}
		}
		piece := p.local[:min(int64(len(p.local)), count)]
		use(piece)
		p.local = p.local[len(piece):]
		count -= int64(len(piece))
	}
	return nil
}

// turn goes on to the next page of a payload: its first number names the one after it (1.7). After the
// last one comes 0, which is no page.
func (w *walk) turn(ctx context.Context, p *payload) error {
	p.page = p.next
	err := w.read(ctx, p.page, w.spare)
	p.next, p.local = number(w.spare), w.spare[4:]
	return err
}

// pageSet is a set of pages, a bit each: it has room for the neighbours of those in it.
type pageSet map[uint32]*[1 << 9]uint64

// add adds a page, and tells whether it was not there.
func (s pageSet) add(number uint32) bool {
	const perPart = 1 << (9 + 6)
	part := s[number/perPart]
	if part == nil {
		part = new([1 << 9]uint64)
		s[number/perPart] = part
	}
	word, bit := &part[number%perPart/64], uint64(1)<<(number%64)
	isNew := *word&bit == 0
	*word |= bit
	return isNew
}
