package sqlite

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is what a value is: of every row anew, whatever its column was declared.
type Kind string

// The kinds of values, by the names that SQL's typeof has for them.
const (
	Null    Kind = "null"
	Integer Kind = "integer"
	Real    Kind = "real"
	Text    Kind = "text"
	Blob    Kind = "blob"
)

// Value is what a row has in one column.
type Value struct {
	Kind Kind
	// Data is an int64, a float64 or a string; nil for a null, for every blob, and for a text that
	// is longer than was asked for. A text is as the file has it: it need not be valid UTF-8.
	Data any
}

// serial tells of what kind a value in a record is, and how many bytes it has (2.1).
type serial uint64

// valid tells whether a record may have that: 10 and 11 are SQLite's own.
func (s serial) valid() bool { return s != 10 && s != 11 }

func (s serial) size() int64 {
	switch {
	case s <= 4:
		return int64(s)
	case s == 5:
		return 6
	case s <= 7:
		return 8
	case s < 12:
		return 0
	}
	return int64((s - 12) / 2)
}

func (s serial) kind() Kind {
	switch {
	case s == 0:
		return Null
	case s == 7:
		return Real
	case s < 10:
		return Integer
	case s%2 == 0:
		return Blob
	}
	return Text
}

// integer is the signed big-endian number in the bytes, or the one that takes none (2.1).
func (s serial) integer(bytes []byte) int64 {
	if s >= 8 {
		return int64(s - 8)
	}
	var value int64
	for place, each := range bytes {
		if place == 0 {
			value = int64(int8(each))
			continue
		}
		value = value<<8 | int64(each)
	}
	return value
}

// float is the real number in the bytes; what is none is a null, as SQLite has it.
func float(bytes []byte) Value {
	value := math.Float64frombits(binary.BigEndian.Uint64(bytes))
	if math.IsNaN(value) {
		return Value{Kind: Null}
	}
	return Value{Real, value}
}

// text makes a string of a text in the file's encoding. Half a surrogate pair stays what it is, which
// is no valid UTF-8: putting another character there would be a change that nobody is told of.
func (e encoding) text(bytes []byte) string {
	if e == utf8Texts {
		return string(bytes)
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if e == utf16BETexts {
		order = binary.BigEndian
	}
	var made []byte
	for ; len(bytes) >= 2; bytes = bytes[2:] {
		unit := rune(order.Uint16(bytes))
		if utf16.IsSurrogate(unit) && len(bytes) >= 4 {
			if pair := utf16.DecodeRune(unit, rune(order.Uint16(bytes[2:]))); pair != utf8.RuneError {
				unit, bytes = pair, bytes[2:]
			}
		}
		made = appendUnit(made, unit)
	}
	return string(made)
}

func appendUnit(made []byte, unit rune) []byte {
	if utf16.IsSurrogate(unit) {
		return append(made, 0xe0|byte(unit>>12), 0x80|byte(unit>>6)&0x3f, 0x80|byte(unit)&0x3f)
	}
	return utf8.AppendRune(made, unit)
}
