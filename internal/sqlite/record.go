package sqlite

import "context"

// largestHead is how many bytes the head of a record can have: 32,767 columns, SQLite's own limit.
const largestHead = 98307

// selection is what is wanted of records.
type selection struct {
	places []bool // which of their values; none beyond
	most   int64  // bytes of a text
}

// record reads the wanted values of a record (2.1). It has as many as the record and the selection
// both have places.
func (w *walk) record(ctx context.Context, p payload, s selection) ([]Value, error) {
	serials, err := w.serials(ctx, &p, len(s.places))
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(serials))
	for place, of := range serials {
		if !s.places[place] {
			err = w.take(ctx, &p, of.size(), func([]byte) {})
		} else {
			values[place], err = w.value(ctx, &p, of, s.most)
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

// serials reads the head of a record: its own size, then what each value is. It leaves the values
// to be read, and returns as much of them as is wanted.
func (w *walk) serials(ctx context.Context, p *payload, wanted int) (found []serial, err error) {
	size := &reader{rest: p.local[:min(len(p.local), 9)]}
	count := int64(min(size.varint(), 1<<62))
	if count > p.size || count > largestHead || count == 0 {
		return nil, damaged(p.page, "a row has a head that does not fit")
	}
	page, body := p.page, p.size-count
	var bytes []byte
	if err := w.take(ctx, p, count, func(piece []byte) { bytes = append(bytes, piece...) }); err != nil {
		return nil, err
	}
	head := &reader{rest: bytes}
	head.varint()
	for len(head.rest) > 0 {
		next := serial(head.varint())
		if body -= next.size(); body < 0 || !next.valid() {
			return nil, damaged(page, "a row has a head that does not fit")
		}
		if len(found) < wanted {
			found = append(found, next)
		}
	}
	if body > 0 || head.short {
		return nil, damaged(page, "a row has a head that ends elsewhere")
	}
	return found, nil
}

// value reads one value; a text only up to so many bytes. Blobs are passed over.
func (w *walk) value(ctx context.Context, p *payload, of serial, most int64) (Value, error) {
	kind, size := of.kind(), of.size()
	if kind == Null || kind == Blob || kind == Text && size > most {
		return Value{Kind: kind}, w.take(ctx, p, size, func([]byte) {})
	}
	bytes := make([]byte, 0, size) // which the file has: serials looked at that
	if err := w.take(ctx, p, size, func(piece []byte) { bytes = append(bytes, piece...) }); err != nil {
		return Value{}, err
	}
	switch kind {
	case Integer:
		return Value{kind, of.integer(bytes)}, nil
	case Real:
		return float(bytes), nil
	}
	return Value{kind, w.file.encoding.text(bytes)}, nil
}
