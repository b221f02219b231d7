// Package password keeps the passwords of accounts: the rules for choosing one
// (Check), and its Argon2id hash, made and compared only through a Gate so that
// many logins at once cannot take the processors or the memory from readers.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// ErrMalformed says that a stored hash is neither one this package can have written nor
// one that it imports, or that it asks for more work than Verify is willing to do.
var ErrMalformed = errors.New("password: malformed hash")

// The cost of new hashes: the smallest memory that the OWASP Password Storage
// Cheat Sheet recommends for Argon2id, because a small server pays it.
const (
	memoryKiB  = 19456
	passes     = 2
	lanes      = 1
	saltLength = 16 // RFC 9106, section 3.1
	tagLength  = 32
)

// Memory is what one new hash fills, in bytes.
const Memory = memoryKiB << 10

// What Verify accepts from the database: room for costs we might choose later
// or import, and no more, since whoever can write a row chooses these numbers.
const (
	maxMemoryKiB = 64 << 10
	maxPasses    = 8
	maxLanes     = 4
	minSalt      = 8
	maxSalt      = 64
	minTag       = 16
	maxTag       = 64
	maxEncoded   = 256
)

// decoy is a well-formed hash of today's cost that no password has: comparing
// with it makes an unknown user as slow as a known one.
var decoy = hash{memoryKiB, passes, lanes, make([]byte, saltLength), make([]byte, tagLength)}

// stored is a hash in a form that Verify compares with.
type stored interface {
	matches(pw string) bool
	current() bool // as new ones are made
	slots() int64  // of the gate, for the processors and the memory it needs
}

// readStored takes apart what an account keeps.
func readStored(encoded string) (stored, error) {
	if strings.HasPrefix(encoded, "$") {
		return parse(encoded)
	}
	return parseWerkzeug(encoded)
}

// hash is a PHC string, taken apart.
type hash struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
	salt   []byte
	tag    []byte
}

// derive makes a new hash of pw with a fresh salt.
func derive(pw string) hash {
	h := hash{memory: memoryKiB, passes: passes, lanes: lanes, salt: make([]byte, saltLength)}
	rand.Read(h.salt) // never fails: crypto/rand ends the program instead
	h.tag = h.of(pw, tagLength)
	return h
}

// of computes the tag that pw has under h's cost and salt.
func (h hash) of(pw string, length int) []byte {
	return argon2.IDKey([]byte(canonical(pw)), h.salt, h.passes, h.memory, h.lanes, uint32(length))
}

// canonical gives one spelling to what looks the same, as NIST SP 800-63B-4 asks
// (3.1.1.2): Windows' Vietnamese keyboard, for one, types é as two characters
// where others type one.
func canonical(pw string) string { return norm.NFKC.String(pw) }

// matches compares in constant time.
func (h hash) matches(pw string) bool {
	return subtle.ConstantTimeCompare(h.of(pw, len(h.tag)), h.tag) == 1
}

// current reports whether h was made at the cost and size of new hashes.
func (h hash) current() bool {
	return h.memory == memoryKiB && h.passes == passes && h.lanes == lanes &&
		len(h.salt) == saltLength && len(h.tag) == tagLength
}

func (h hash) slots() int64 {
	return max(int64((h.memory+memoryKiB-1)/memoryKiB), int64(h.lanes))
}

// String is the PHC string format that the Argon2 reference tools also write.
func (h hash) String() string {
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.passes, h.lanes, enc(h.salt), enc(h.tag))
}

// NeedsRehash reports whether encoded was made at another cost than new hashes
// are, or cannot be read: after the next successful login it should be replaced.
func NeedsRehash(encoded string) bool {
	h, err := parse(encoded)
	return err != nil || !h.current()
}

// parse accepts exactly what String writes, within the bounds above.
func parse(encoded string) (hash, error) {
	parts := strings.Split(encoded, "$")
	if len(encoded) > maxEncoded || len(parts) != 6 ||
		parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return hash{}, ErrMalformed
	}
	var h hash
	if err := h.readCost(parts[3]); err != nil {
		return hash{}, err
	}
	var err error
	if h.salt, err = decode(parts[4], minSalt, maxSalt); err != nil {
		return hash{}, err
	}
	if h.tag, err = decode(parts[5], minTag, maxTag); err != nil {
		return hash{}, err
	}
	return h, nil
}

func (h *hash) readCost(s string) error {
	parts := strings.Split(s, ",")
	if len(parts) != 3 {
		return ErrMalformed
	}
	m, mOK := number(parts[0], "m=", maxMemoryKiB)
	t, tOK := number(parts[1], "t=", maxPasses)
	p, pOK := number(parts[2], "p=", maxLanes)
	if !mOK || !tOK || !pOK || m < 8*p { // RFC 9106, section 3.1: at least 8 blocks a lane
		return ErrMalformed
	}
	h.memory, h.passes, h.lanes = m, t, uint8(p)
	return nil
}

// number reads a positive decimal after prefix, as strconv writes it: no sign,
// no leading zero, at most limit.
func number(s, prefix string, limit uint32) (uint32, bool) {
	digits, found := strings.CutPrefix(s, prefix)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !found || err != nil || n == 0 || n > uint64(limit) || digits[0] == '0' {
		return 0, false
	}
	return uint32(n), true
}

func decode(s string, least, most int) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") { // encoding/base64 skips them
		return nil, ErrMalformed
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) < least || len(b) > most {
		return nil, ErrMalformed
	}
	return b, nil
}
