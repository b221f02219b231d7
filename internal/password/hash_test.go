package password

import (
	"errors"
	"strings"
	"testing"
)

const (
	tag16  = "$AAAAAAAAAAAAAAAAAAAAAA"
	salt8  = "$c29tZXNhbHQ"
	prefix = "$argon2id$v=19"
)

func TestANewHashIsAPHCStringOfOWASPsCost(t *testing.T) {
	t.Parallel()
	made := derive("correct horse").String()
	if !strings.HasPrefix(made, "$argon2id$v=19$m=19456,t=2,p=1$") || len(made) != 97 {
		t.Errorf("made %q", made)
	}
	h, err := parse(made)
	if err != nil || h.String() != made {
		t.Errorf("parsed %q back to %q, %v", made, h, err)
	}
	if derive("correct horse").String() == made {
		t.Error("two hashes of one password share a salt")
	}
}

func TestOnlyTheCostOfNewHashesNeedsNoRehash(t *testing.T) {
	t.Parallel()
	made := decoy.String()
	for encoded, want := range map[string]bool{
		made:                                   false,
		strings.Replace(made, "t=2", "t=3", 1): true,
		strings.Replace(made, "m=19456", "m=19457", 1): true,
		prefix + "$m=19456,t=2,p=1" + salt8 + tag16:    true,
		"": true,
	} {
		if got := NeedsRehash(encoded); got != want {
			t.Errorf("NeedsRehash(%q) = %v", encoded, got)
		}
	}
}

func TestAHashIsReadStrictlyAndWithinBounds(t *testing.T) {
	t.Parallel()
	if _, err := parse(prefix + "$m=65536,t=8,p=4" + salt8 + tag16); err != nil {
		t.Fatalf("the largest allowed: %v", err)
	}
	for name, encoded := range map[string]string{
		"another algorithm":  "$argon2i$v=19$m=19456,t=2,p=1" + salt8 + tag16,
		"another version":    "$argon2id$v=16$m=19456,t=2,p=1" + salt8 + tag16,
		"too much memory":    prefix + "$m=65537,t=2,p=1" + salt8 + tag16,
		"too little memory":  prefix + "$m=15,t=2,p=2" + salt8 + tag16,
		"too many passes":    prefix + "$m=19456,t=9,p=1" + salt8 + tag16,
		"no passes":          prefix + "$m=19456,t=0,p=1" + salt8 + tag16,
		"too many lanes":     prefix + "$m=19456,t=2,p=5" + salt8 + tag16,
		"lanes past a byte":  prefix + "$m=19456,t=2,p=257" + salt8 + tag16,
		"a number too large": prefix + "$m=4294967297,t=2,p=1" + salt8 + tag16,
		"a sign":             prefix + "$m=+19456,t=2,p=1" + salt8 + tag16,
		"a leading zero":     prefix + "$m=019456,t=2,p=1" + salt8 + tag16,
		"another order":      prefix + "$t=2,m=19456,p=1" + salt8 + tag16,
		"a fourth parameter": prefix + "$m=19456,t=2,p=1,x=1" + salt8 + tag16,
		"a short salt":       prefix + "$m=19456,t=2,p=1$c29tc2Fs" + tag16,
		"a short tag":        prefix + "$m=19456,t=2,p=1" + salt8 + "$AAAA",
		"a padded tag":       prefix + "$m=19456,t=2,p=1" + salt8 + tag16 + "==",
		"loose last bits":    prefix + "$m=19456,t=2,p=1" + salt8 + "$AAAAAAAAAAAAAAAAAAAAAB",
		"a newline":          prefix + "$m=19456,t=2,p=1" + salt8 + tag16 + "\n",
		"a part too many":    prefix + "$m=19456,t=2,p=1" + salt8 + tag16 + "$",
		"words before":       "x" + prefix + "$m=19456,t=2,p=1" + salt8 + tag16,
		"a long tag":         prefix + "$m=19456,t=2,p=1" + salt8 + "$" + strings.Repeat("A", 88),
		"a megabyte":         strings.Repeat("$", 1<<20),
		"nothing":            "",
	} {
		if _, err := parse(encoded); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: parse(%.100q) = %v", name, encoded, err)
		}
	}
}

// What is cheap enough to be computed for each input of a fuzz target.
const (
	cheapMemoryKiB = 64
	cheapWork      = 1 << 12
)

func FuzzParse(f *testing.F) {
	f.Add(decoy.String())
	f.Add(prefix + "$m=65536,t=8,p=4" + salt8 + tag16)
	f.Add(prefix + "$m=32,t=1,p=4" + salt8 + tag16)
	f.Add(prefix + "$m=8,t=1,p=1$$")
	f.Add(prefix + "$m=8,t=1,p=1" + salt8 + "\r\n" + tag16)
	f.Fuzz(func(t *testing.T, encoded string) {
		h, err := parse(encoded)
		if err != nil {
			return
		}
		if h.String() != encoded {
			t.Errorf("parsed %q as %q", encoded, h)
		}
		switch {
		case h.memory > maxMemoryKiB, h.passes < 1, h.passes > maxPasses, h.lanes < 1, h.lanes > maxLanes,
			h.memory < 8*uint32(h.lanes), len(h.salt) < minSalt, len(h.salt) > maxSalt, len(h.tag) < minTag, len(h.tag) > maxTag:
			t.Errorf("%q is beyond the bounds", encoded)
		}
		if stored, err := readStored(encoded); err != nil || stored.slots()*memoryKiB > maxMemoryKiB+memoryKiB {
			t.Errorf("%q takes %v, %v", encoded, stored, err)
		}
		if h.memory <= cheapMemoryKiB {
			h.tag = h.of("seven grey herons", len(h.tag))
			if !h.matches("seven grey herons") || h.matches("") {
				t.Errorf("%q is not compared with", h)
			}
		}
	})
}
