package sqlite

// reader takes numbers from the front of bytes. What is read beyond their end is zero, and then
// short is set.
type reader struct {
	rest  []byte
	short bool
}

// bytes takes the next count bytes.
func (r *reader) bytes(count int) []byte {
	if count > len(r.rest) {
		r.rest, r.short = nil, true
		return nil
	}
	taken := r.rest[:count]
	r.rest = r.rest[count:]
	return taken
}

// number takes a number of four bytes.
func (r *reader) number() uint32 {
	taken := r.bytes(4)
	if taken == nil {
		return 0
	}
	return number(taken)
}

// varint takes a number of one to nine bytes: seven bits of each, but all eight of the ninth (1.6).
func (r *reader) varint() (value uint64) {
	for range 8 {
		taken := r.bytes(1)
		if taken == nil {
			return 0
		}
		value = value<<7 | uint64(taken[0]&0x7f)
		if taken[0] < 0x80 {
			return value
		}
	}
	if taken := r.bytes(1); taken != nil {
		return value<<8 | uint64(taken[0])
	}
	return 0
}
