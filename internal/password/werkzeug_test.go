package password

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// vectors are passwords and what a real werkzeug makes of them.
func vectors(t testing.TB) (pairs [][2]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/werkzeug.tsv") // made by vectors.py beside it
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		quoted, encoded, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found {
			continue // the heading
		}
		var pw string
		if err := json.Unmarshal([]byte(quoted), &pw); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, [2]string{pw, encoded})
	}
	if len(pairs) < 20 {
		t.Fatalf("only %d vectors", len(pairs))
	}
	return pairs
}

func TestWhatARealWerkzeugMadeIsVerifiedAndReplaced(t *testing.T) {
	t.Parallel()
	g := New(0, time.Minute)
	for _, pair := range vectors(t) {
		pw, encoded := pair[0], pair[1]
		if err := CheckImported(encoded); err != nil {
			t.Errorf("%s: %v", encoded, err)
		}
		if ok, rehash, err := g.Verify(t.Context(), encoded, pw); !ok || !rehash || err != nil {
			t.Errorf("%q, %s: %v, %v, %v", pw, encoded, ok, rehash, err)
		}
		if !NeedsRehash(encoded) {
			t.Errorf("%s would stay", encoded)
		}
	}
}

func TestAWrongPasswordMatchesNoImportedHash(t *testing.T) {
	t.Parallel()
	g := New(0, time.Minute)
	for _, pair := range vectors(t)[8:] { // the cheap ones
		pw, encoded := pair[0], pair[1]
		for _, wrong := range []string{pw + " ", ""} {
			if ok, rehash, err := g.Verify(t.Context(), encoded, wrong); ok || rehash || err != nil {
				t.Errorf("%q, %s: %v, %v, %v", wrong, encoded, ok, rehash, err)
			}
		}
	}
}

// A password is compared as it was typed: Flask's hash is of those very bytes.
func TestAnImportedPasswordIsNotRespelled(t *testing.T) {
	t.Parallel()
	const decomposed, composed = "e\u0301 \u2603", "\u00e9 \u2603"
	g := New(0, time.Minute)
	for _, pair := range vectors(t) {
		if pair[0] != decomposed {
			continue
		}
		if ok, _, err := g.Verify(t.Context(), pair[1], composed); ok || err != nil {
			t.Errorf("%s: %v, %v", pair[1], ok, err)
		}
	}
}

const (
	scryptHex = "9501ad759786fd82ccc1d611913ac1d9123e046e18e9c7a09501ad759786fd82ccc1d611913ac1d9123e046e18e9c7a09501ad759786fd82ccc1d611913ac1d9"
	sha1Hex   = "9501ad759786fd82ccc1d611913ac1d9123e046e"
	sha256Hex = "9501ad759786fd82ccc1d611913ac1d9123e046e18e9c7a09501ad759786fd82"
)

func TestAnImportedHashIsReadStrictly(t *testing.T) {
	t.Parallel()
	for name, encoded := range map[string]string{
		"nothing":                "",
		"plain text":             "seven grey herons",
		"werkzeug's plain":       "plain$$seven grey herons",
		"one round of HMAC":      "sha256$Zefvg69c$" + sha256Hex,
		"another digest":         "pbkdf2:md5:1000$Zefvg69c$9501ad759786fd82ccc1d611913ac1d9",
		"no rounds":              "pbkdf2:sha256$Zefvg69c$" + sha256Hex,
		"zero rounds":            "pbkdf2:sha256:0$Zefvg69c$" + sha256Hex,
		"a leading zero":         "pbkdf2:sha256:01000$Zefvg69c$" + sha256Hex,
		"a sign":                 "pbkdf2:sha256:+1000$Zefvg69c$" + sha256Hex,
		"Python's underscore":    "pbkdf2:sha256:1_000$Zefvg69c$" + sha256Hex,
		"digits that never end":  "pbkdf2:sha256:" + strings.Repeat("1", 100) + "$Zefvg69c$" + sha256Hex,
		"a parameter too many":   "pbkdf2:sha256:1000:1$Zefvg69c$" + sha256Hex,
		"no parameters":          "scrypt$Zefvg69c$" + scryptHex,
		"a missing parameter":    "scrypt:1024:8$Zefvg69c$" + scryptHex,
		"N of 1":                 "scrypt:1:8:1$Zefvg69c$" + scryptHex,
		"N no power of two":      "scrypt:1000:8:1$Zefvg69c$" + scryptHex,
		"no salt":                "scrypt:1024:8:1$$" + scryptHex,
		"a long salt":            "scrypt:1024:8:1$" + strings.Repeat("s", 129) + "$" + scryptHex,
		"a salt that is no text": "scrypt:1024:8:1$\xff$" + scryptHex,
		"a NUL in the salt":      "scrypt:1024:8:1$a\x00b$" + scryptHex,
		"no tag":                 "scrypt:1024:8:1$Zefvg69c",
		"an empty tag":           "scrypt:1024:8:1$Zefvg69c$",
		"a short tag":            "scrypt:1024:8:1$Zefvg69c$" + scryptHex[2:],
		"another digest's tag":   "pbkdf2:sha256:1000$Zefvg69c$" + sha1Hex,
		"capitals":               "pbkdf2:sha1:1000$Zefvg69c$" + strings.ToUpper(sha1Hex),
		"a newline":              "pbkdf2:sha1:1000$Zefvg69c$" + sha1Hex + "\n",
		"a part too many":        "pbkdf2:sha1:1000$Zefvg69c$" + sha1Hex + "$",
		"Argon2id":               decoy.String(),
		"bcrypt":                 "$2b$12$abcdefghijklmnopqrstuv",
		"a megabyte":             strings.Repeat("scrypt:", 1<<17),
	} {
		if err := CheckImported(encoded); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnImportedHashCostsNoMoreThanTheBounds(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]error{
		"scrypt:32768:8:4":                   nil, // the most work
		"scrypt:16384:32:2":                  nil, // the most of everything
		"scrypt:32768:16:1":                  nil,
		"scrypt:65536:8:2":                   nil,       // OWASP's second choice
		"scrypt:131072:8:1":                  ErrCostly, // 128 MiB
		"scrypt:65536:8:4":                   ErrCostly,
		"scrypt:32768:8:5":                   ErrCostly,
		"scrypt:2:33:1":                      ErrCostly,
		"scrypt:2:8:17":                      ErrCostly,
		"scrypt:2:1:99999999999999999999":    ErrCostly, // beyond 64 bits
		"scrypt:9223372036854775808:1:1":     ErrCostly,
		"scrypt:4611686018427387904:32:16":   ErrCostly, // would overflow to little
		"pbkdf2:sha256:1000000":              nil,       // werkzeug 3.1
		"pbkdf2:sha256:1300000":              nil,
		"pbkdf2:sha256:1300001":              ErrCostly,
		"pbkdf2:sha256:18446744073709551617": ErrCostly,
	} {
		tag := scryptHex
		if strings.HasPrefix(method, "pbkdf2") {
			tag = sha256Hex
		}
		encoded := method + "$Zefvg69c$" + tag
		if err := CheckImported(encoded); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", method, err, want)
		}
	}
	const costly = "scrypt:4611686018427387904:32:16$Zefvg69c$" + scryptHex
	if ok, _, err := New(1, time.Minute).Verify(t.Context(), costly, "pw"); ok || !errors.Is(err, ErrCostly) {
		t.Errorf("Verify: %v, %v", ok, err)
	}
}

func TestAnImportedHashTakesTheSlotsOfItsMemory(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int64{
		"scrypt:1024:8:1": 1, "scrypt:16384:8:4": 1, "scrypt:32768:8:1": 2, "scrypt:65536:8:2": 4,
	} {
		h, err := parseWerkzeug(method + "$Zefvg69c$" + scryptHex)
		if got := New(8, 0).weight(h); err != nil || got != want {
			t.Errorf("%s: %d slots instead of %d, %v", method, got, want, err)
		}
		if got := New(1, 0).weight(h); got != 1 {
			t.Errorf("%s takes %d slots of one", method, got)
		}
	}
}

func FuzzWerkzeug(f *testing.F) {
	for _, pair := range vectors(f) {
		f.Add(pair[1])
	}
	f.Add("scrypt:4611686018427387904:32:16$s$" + scryptHex)
	f.Add("pbkdf2:sha256:$s$")
	f.Add("plain$$x")
	f.Add("scrypt:2:1:1$s$" + scryptHex)
	f.Add("pbkdf2:sha256:1$\u00e9$" + sha256Hex)
	f.Add("scrypt:16384:32:2$s$" + scryptHex)
	f.Fuzz(func(t *testing.T, encoded string) {
		w, err := parseWerkzeug(encoded)
		if err != nil {
			return
		}
		if w.String() != encoded {
			t.Errorf("parsed %q as %q", encoded, w)
		}
		if w.n*w.r*w.p > maxScryptWork || w.memory() > maxScryptMemory || w.rounds > maxRounds || w.slots() > 4 {
			t.Errorf("%q is beyond the bounds", encoded)
		}
		if (w.n > 0) == (w.rounds > 0) {
			t.Errorf("%q is neither or both", encoded)
		}
		if len(w.salt) > maxWerkzeugSalt || !utf8.ValidString(w.salt) || len(w.tag) > maxTag {
			t.Errorf("%q is not for a database", encoded)
		}
		if _, err := readStored(encoded); err != nil {
			t.Errorf("%q is imported and never read: %v", encoded, err)
		}
		if w.n*w.r*w.p > cheapWork || w.rounds > cheapWork {
			return
		}
		if w.tag, err = w.of("seven grey herons"); err != nil || !w.matches("seven grey herons") {
			t.Errorf("%q is not compared with: %v", w, err)
		}
	})
}
