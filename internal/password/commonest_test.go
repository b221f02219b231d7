package password

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"miniblog/internal/bloom"
)

func TestTheFilterHolds100000OfTheCommonestIn2MiB(t *testing.T) {
	t.Parallel()
	if n := commonest().Len(); n < 100_000 {
		t.Errorf("%d passwords", n)
	}
	if size := len(commonestFile); size > 2<<20 {
		t.Errorf("%d bytes", size)
	}
}

func TestTheFilterIsTheOneOfItsREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("commonest/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(commonestFile))); !strings.Contains(string(readme), sum) {
		t.Errorf("%s is not in commonest/README.md", sum)
	}
}

func TestTheFilterIsRefusedWhenItIsCutShortOrChanged(t *testing.T) {
	t.Parallel()
	half := len(commonestFile) / 2
	for _, damaged := range []string{
		commonestFile[:len(commonestFile)-1], commonestFile[:half], commonestFile + "\x00",
		commonestFile[:half] + string([]byte{commonestFile[half] ^ 1}) + commonestFile[half+1:], "",
	} {
		if _, err := bloom.Open(damaged); err == nil {
			t.Errorf("%d bytes are taken for a filter", len(damaged))
		}
	}
}

// These are of the first hundred, the first thousand, the first ten thousand and so on of the million,
// and two that zxcvbn alone has.
func TestTheCommonestPasswordsAreFound(t *testing.T) {
	t.Parallel()
	for pw := range strings.FieldsSeq(`
		password 12345678 123456789 baseball football qwertyuiop 1234567890 superman 1qaz2wsx trustno1 jennifer sunshine iloveyou
		starwars computer michelle 11111111 princess corvette password1 qwerty123 password123 minecraft chocolate asdfghjkl liverpool
		abcd1234 q1w2e3r4 1q2w3e4r letmein1 changeme iloveyou1 september butterfly basketball elizabeth 123456789a letmein123
		crazyman buster12 blackice treasure1 traviata smokey123 maxmax1991 19920828 xenia1990 xenia123456789
		billabong caterina`) {
		for _, spelling := range []string{pw, strings.ToUpper(pw), strings.ToTitle(pw[:1]) + pw[1:]} {
			if !common(folded(spelling)) {
				t.Errorf("%q is not found", spelling)
			}
		}
	}
}

func TestPassphrasesAreNotTakenForCommon(t *testing.T) {
	t.Parallel()
	for _, pw := range []string{
		"", "\n", "correct horse battery", "seven grey herons", "five brown owls", "password\n", "password ", " password",
		"password\x00", "die Würde des Menschen", "日記を書くのが好き", "iloveyou iloveyou", "marmalade on the piano",
	} {
		if common(folded(pw)) {
			t.Errorf("%q is found", pw)
		}
	}
}

// The rate that the filter promises is measured with texts of no list, the same ones each time. They
// are found by chance: more than the mean and four times its root would be seen in one of 30,000 filters.
func TestOneIn100000OthersIsTakenForCommon(t *testing.T) {
	t.Parallel()
	const others, promised = 1 << 20, 1.0 / 100_000
	if rate := commonest().Rate(); rate > promised {
		t.Errorf("by its bits the filter takes 1 in %.0f others", 1/rate)
	}
	random, found := rand.New(rand.NewPCG(1, 2)), 0
	for range others {
		if common(nonsense(random)) {
			found++
		}
	}
	t.Logf("%d of %d others are taken for common, 1 in %.0f; by the bits that are set 1 in %.0f",
		found, others, others/float64(found), 1/commonest().Rate())
	if mean := others * promised; float64(found) > mean+4*math.Sqrt(mean) {
		t.Errorf("%d of %d others are taken for common", found, others)
	}
}

// nonsense is sixteen letters, which some list has with a probability of 1 in 10^17.
func nonsense(random *rand.Rand) string {
	letters := make([]byte, 16)
	for i := range letters {
		letters[i] = 'a' + byte(random.IntN(26))
	}
	return string(letters)
}

func BenchmarkCommon(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		common("correct horse")
	}
}
