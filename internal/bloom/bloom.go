// Package bloom keeps a set of texts in three bytes each: a Bloom filter (Burton Bloom, Space/Time
// Trade-offs in Hash Coding with Allowable Errors, 1970). It finds every text of the set, and takes
// one of 100,000 others for one of them.
package bloom

import (
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"math/bits"
)

// probes is how many bits a text sets: a SHA-512 has words of 32 bits for just so many, each
// independent of the others.
const probes = 16

// room is how many bytes the filter has for a text. With 24 bits for each 16 set, 1-e^(-16/24) of
// all are set, or 48.7 %, so that 0.487^16 of other texts find all theirs set: 0.99 of 100,000.
const room = 3

// ErrDamaged says that a filter is cut short, has been changed, or is none.
var ErrDamaged = errors.New("bloom: not a filter, or a damaged one")

// A filter begins with these words, and ends with its bits.
const (
	magic    = "bloom16\n"
	countAt  = len(magic)
	sumAt    = countAt + 4 // CRC-32C of the bits, begun with the count
	headSize = sumAt + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Filter is a set of texts, ready to be asked. It is safe for concurrent use.
type Filter struct {
	count int
	bits  string
}

// Build makes the filter of these texts, which are distinct. The same texts make the same filter, byte
// for byte, in whatever order they come.
func Build(texts []string) []byte {
	size := max(1, room*len(texts))
	filter := make([]byte, headSize+size)
	set := filter[headSize:]
	for _, text := range texts {
		for _, i := range places(text, size) {
			set[i/8] |= 1 << (i % 8)
		}
	}
	copy(filter, magic)
	binary.BigEndian.PutUint32(filter[countAt:], uint32(len(texts)))
	binary.BigEndian.PutUint32(filter[sumAt:], checksum(filter[countAt:sumAt], set))
	return filter
}

// Open reads what Build made, in place: nothing is copied. It returns ErrDamaged.
func Open(filter string) (Filter, error) {
	if len(filter) <= headSize || filter[:countAt] != magic {
		return Filter{}, ErrDamaged
	}
	head, set := []byte(filter[:headSize]), filter[headSize:]
	if checksum(head[countAt:sumAt], set) != binary.BigEndian.Uint32(head[sumAt:]) {
		return Filter{}, ErrDamaged
	}
	return Filter{int(binary.BigEndian.Uint32(head[countAt:])), set}, nil
}

// Has reports whether text is in the set; it is wrong about Rate of those that are not.
func (f Filter) Has(text string) bool {
	for _, i := range places(text, len(f.bits)) {
		if f.bits[i/8]&(1<<(i%8)) == 0 {
			return false
		}
	}
	return true
}

// Len is how many texts the set has.
func (f Filter) Len() int { return f.count }

// Rate is the share of other texts that are taken for texts of the set, by the bits that are set.
func (f Filter) Rate() float64 {
	set := 0
	for i := range len(f.bits) {
		set += bits.OnesCount8(f.bits[i])
	}
	return math.Pow(float64(set)/float64(8*len(f.bits)), probes)
}

// places are the bits of a text, among those of so many bytes.
func places(text string, size int) (at [probes]uint64) {
	sum := sha512.Sum512([]byte(text))
	for i := range at {
		at[i] = uint64(binary.BigEndian.Uint32(sum[4*i:])) * uint64(8*size) >> 32
	}
	return at
}

// checksum reads set page by page, so that a string is not copied whole.
func checksum[T string | []byte](count []byte, set T) uint32 {
	sum := crc32.Update(0, castagnoli, count)
	page := make([]byte, 4096)
	for len(set) > 0 {
		n := copy(page, set)
		sum, set = crc32.Update(sum, castagnoli, page[:n]), set[n:]
	}
	return sum
}
