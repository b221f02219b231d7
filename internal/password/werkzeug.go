package password

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	stdhash "hash"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/scrypt"
)

// ErrCostly says that a hash is well formed and asks for more work than a login may cost.
var ErrCostly = errors.New("password: costly hash")

// What one comparison with an imported hash may cost: about a second of one processor
// and 64 MiB, as for Argon2id. That has room for what werkzeug makes unless it is told
// otherwise, of every age, and for what OWASP recommends but for scrypt of 128 MiB.
const (
	maxScryptWork   = 1 << 20            // N·r·p: 0.5 s
	maxScryptMemory = maxMemoryKiB << 10 // 128·N·r bytes
	maxScryptBlock  = 32                 // r, and with it all that p multiplies
	maxScryptLanes  = 16                 // p: they are computed one after the other
	maxRounds       = 1_300_000          // of PBKDF2: 0.3 s with SHA-256, 1 s with SHA-512
	maxWerkzeugSalt = 128                // bytes; werkzeug's own has 8 to 22
	scryptTag       = 64                 // bytes, hashlib.scrypt's default
	mostDigits      = 20                 // beyond 64 bits
)

// digests are the hash functions that PBKDF2 is imported with.
var digests = map[string]func() stdhash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

// werkzeug is a hash as Flask's library writes it, method$salt$hex, taken apart. The
// salt is the text's own bytes, not what they might encode.
type werkzeug struct {
	method string // scrypt:N:r:p or pbkdf2:digest:rounds
	salt   string
	tag    []byte

	n, r, p int // of scrypt; n is 0 for PBKDF2
	digest  string
	rounds  int
}

// CheckImported tells whether Verify compares with a hash that werkzeug made, the library
// of Flask: scrypt:N:r:p$salt$hex or pbkdf2:sha1|sha256|sha512:rounds$salt$hex. It
// returns ErrMalformed for any other text and ErrCostly for one beyond the bounds.
func CheckImported(encoded string) error {
	_, err := parseWerkzeug(encoded)
	return err
}

func parseWerkzeug(encoded string) (werkzeug, error) {
	method, rest, _ := strings.Cut(encoded, "$")
	salt, tag, found := strings.Cut(rest, "$")
	if !found || len(encoded) > 2*maxEncoded || len(salt) > maxWerkzeugSalt || salt == "" ||
		!utf8.ValidString(salt) || strings.ContainsRune(salt, 0) { // PostgreSQL's text holds neither
		return werkzeug{}, ErrMalformed
	}
	w := werkzeug{method: method, salt: salt}
	size, err := w.readMethod()
	if err != nil {
		return werkzeug{}, err
	}
	w.tag, err = hex.DecodeString(tag)
	if err != nil || len(w.tag) != size || tag != strings.ToLower(tag) {
		return werkzeug{}, ErrMalformed
	}
	return w, nil
}

// readMethod takes the method apart and returns how long its tags are.
func (w *werkzeug) readMethod() (size int, err error) {
	parts := strings.Split(w.method, ":")
	switch {
	case parts[0] == "scrypt" && len(parts) == 4:
		return scryptTag, w.readScrypt(parts[1:])
	case parts[0] == "pbkdf2" && len(parts) == 3 && digests[parts[1]] != nil:
		w.digest = parts[1]
		w.rounds, err = count(parts[2], maxRounds)
		return digests[parts[1]]().Size(), err
	}
	return 0, ErrMalformed
}

func (w *werkzeug) readScrypt(parts []string) error {
	var errs [3]error
	w.n, errs[0] = count(parts[0], maxScryptWork)
	w.r, errs[1] = count(parts[1], maxScryptBlock)
	w.p, errs[2] = count(parts[2], maxScryptLanes)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	switch {
	case w.n < 2 || w.n&(w.n-1) != 0: // RFC 7914, section 2
		return ErrMalformed
	case w.n*w.r*w.p > maxScryptWork || w.memory() > maxScryptMemory:
		return ErrCostly
	}
	return nil
}

// count reads a positive decimal without sign or leading zero. One beyond the limit is
// ErrCostly, however long.
func count(s string, limit int) (int, error) {
	if s == "" || len(s) > mostDigits || s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return 0, ErrMalformed
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > limit {
		return 0, ErrCostly
	}
	return n, nil
}

// memory is what scrypt fills, in bytes; PBKDF2 needs none to speak of.
func (w werkzeug) memory() int { return 128 * w.n * w.r }

// slots counts the memory as Gate does. It takes one processor, whatever its lanes.
func (w werkzeug) slots() int64 {
	const slot = memoryKiB << 10
	return max(1, int64(w.memory()+slot-1)/slot)
}

// matches compares in constant time. The password is taken byte for byte as it was typed,
// as werkzeug does, and not in its canonical spelling. A wrong one costs a hash of today's
// besides: an old hash may be much cheaper than that, and an account must not be told
// from none by the quicker answer.
func (w werkzeug) matches(pw string) bool {
	derived, err := w.of(pw)
	if err == nil && subtle.ConstantTimeCompare(derived, w.tag) == 1 {
		return true
	}
	decoy.matches(pw)
	return false
}

func (w werkzeug) of(pw string) ([]byte, error) {
	if w.n > 0 {
		return scrypt.Key([]byte(pw), []byte(w.salt), w.n, w.r, w.p, len(w.tag))
	}
	return pbkdf2.Key(digests[w.digest], pw, []byte(w.salt), w.rounds, len(w.tag))
}

// current is never true: after the first login it is replaced by one of Argon2id.
func (werkzeug) current() bool { return false }

// String is how werkzeug writes it.
func (w werkzeug) String() string {
	return fmt.Sprintf("%s$%s$%x", w.method, w.salt, w.tag)
}
