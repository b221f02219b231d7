package sqlite_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"miniblog/internal/sqlite"
)

// Each of these contradicts the format in one place, and is seen there.
func TestAContradictionIsSeenWhereItIs(t *testing.T) {
	t.Parallel()
	plain, tree := small(t)[0], small(t)[4]
	cell := 512 + int(binary.BigEndian.Uint16(plain[512+10:]))
	if want := []byte{4, 0, 19, 9}; !bytes.Equal(plain[cell+2:cell+6], want) { // itself, the id, the text, the number
		t.Fatalf("the head of the second row is %v", plain[cell+2:cell+6])
	}
	for _, c := range []struct {
		whole []byte
		at    int
		to    []byte
		says  string
	}{
		{plain, 512 + 8, []byte{0, 0}, "a cell lies outside"},
		{plain, 512 + 8, []byte{0, 13}, "a cell lies outside"}, // among the places of cells
		{plain, 512 + 8, []byte{2, 0}, "a cell lies outside"},
		{plain, 512 + 8, []byte{1, 255}, "a cell has no room"},
		{plain, 512 + 3, []byte{1, 0}, "no room for its cells"},
		{plain, 512, []byte{10}, "another kind of tree"},
		{plain, 512, []byte{0}, "no page of a b-tree"},
		{plain, cell + 3, []byte{10}, "does not fit"}, // a type that no value has
		{plain, cell + 3, []byte{11}, "does not fit"},
		{plain, cell + 3, []byte{1}, "does not fit"}, // one byte more than there is
		{plain, cell + 4, []byte{127}, "does not fit"},
		{plain, cell + 4, []byte{17}, "ends elsewhere"},
		{plain, cell + 5, []byte{0x89}, "ends elsewhere"}, // a type that goes on after the head
		{plain, cell + 2, []byte{0}, "does not fit"},
		{plain, cell + 2, []byte{120}, "does not fit"},
		{plain, cell, []byte{0x90, 0}, "larger than the file"},
		{tree, 512 + 3, []byte{0, 0}, "it is empty"},
		{tree, 1024 + 3, []byte{0, 0}, "it is empty"},
	} {
		damaged := bytes.Clone(c.whole)
		copy(damaged[c.at:], c.to)
		if err := failure(damaged); !errors.Is(err, sqlite.ErrDamaged) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("with %v at %d it says %v, not %s", c.to, c.at, err, c.says)
		}
	}
}

// A tree is laid so that its pages are met again and again, or without an end.
func TestATreeThatLeadsBackIsRefused(t *testing.T) {
	t.Parallel()
	whole := small(t)[4] // page 2 is interior, and its children are leaves
	if whole[512] != 5 {
		t.Fatal("page 2 is not what this test needs")
	}
	for what, child := range map[string]uint32{"to the root": 2, "to the schema": 1, "to a brother": binary.BigEndian.Uint32(whole[512+8:]), "nowhere": 0, "beyond the file": 1 << 30} {
		damaged := bytes.Clone(whole)
		first := binary.BigEndian.Uint16(damaged[512+12:])
		binary.BigEndian.PutUint32(damaged[512+int(first):], child)
		if err := failure(damaged); !errors.Is(err, sqlite.ErrDamaged) {
			t.Errorf("%s: it says %v", what, err)
		}
	}
}

func TestATreeThatIsTooDeepIsRefused(t *testing.T) {
	t.Parallel()
	whole := small(t)[0][:1024]
	for depth := range uint32(30) { // each an interior page whose right child is the next, and whose left one lies there, too
		page := make([]byte, 512)
		page[0], page[4], page[13] = 5, 1, 255
		binary.BigEndian.PutUint16(page[12:], 500)
		binary.BigEndian.PutUint32(page[500:], depth+4)
		whole = append(whole, page...)
	}
	copy(whole[512:], whole[1024:1536])
	binary.BigEndian.PutUint32(whole[28:], uint32(len(whole)/512))
	if err := failure(whole); !errors.Is(err, sqlite.ErrDamaged) || !strings.Contains(err.Error(), "too deep") {
		t.Errorf("it says %v", err)
	}
}

func TestACellThatIsThereTwiceIsNotReadTwice(t *testing.T) {
	t.Parallel()
	whole := bytesOf(t, made(t, "PRAGMA page_size = 512", "CREATE TABLE t (a)", "INSERT INTO t VALUES (printf('%.*c', 200, 'x')), (1), (2), (3)"))
	for cell := range 4 {
		copy(whole[512+8+2*cell:], whole[512+8:512+10])
	}
	if err := failure(whole); !errors.Is(err, sqlite.ErrDamaged) {
		t.Errorf("it says %v", err)
	}
}

// A chain of pages that a long text goes on in leads back, or is another's.
func TestATextThatLeadsBackIsRefused(t *testing.T) {
	t.Parallel()
	whole := small(t)[1]
	for next := range uint32(10) {
		for page := 2; page < len(whole)/512; page++ {
			damaged := bytes.Clone(whole)
			binary.BigEndian.PutUint32(damaged[512*page:], next)
			survives(t, damaged)
			isLast := binary.BigEndian.Uint32(whole[512*page:]) == 0
			isSame := binary.BigEndian.Uint32(whole[512*page:]) == next
			if err := failure(damaged); !isLast && !isSame && !errors.Is(err, sqlite.ErrDamaged) {
				t.Errorf("page %d goes on in page %d: it says %v", page+1, next, err)
			}
		}
	}
}
