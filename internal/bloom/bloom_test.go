package bloom

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
)

// numbered are n texts, all different.
func numbered(n int, kind string) (texts []string) {
	for i := range n {
		texts = append(texts, fmt.Sprintf("%s %d", kind, i))
	}
	return texts
}

func open(t *testing.T, texts []string) Filter {
	t.Helper()
	filter, err := Open(string(Build(texts)))
	if err != nil {
		t.Fatal(err)
	}
	return filter
}

func TestEveryTextOfTheSetIsFound(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 10, 1000, 20_000} {
		texts := numbered(n, "member")
		if n > 1 {
			texts[0], texts[1] = "", "\x00\xff"
		}
		filter := open(t, texts)
		if filter.Len() != n {
			t.Errorf("%d texts are %d", n, filter.Len())
		}
		for _, text := range texts {
			if !filter.Has(text) {
				t.Errorf("of %d texts %q is not found", n, text)
			}
		}
	}
}

func TestNothingIsFoundInAnEmptySet(t *testing.T) {
	t.Parallel()
	filter := open(t, nil)
	for _, text := range append(numbered(1000, "other"), "") {
		if filter.Has(text) {
			t.Errorf("%q is found", text)
		}
	}
}

// What is found by mistake is a matter of chance, though always the same: more than the mean
// and four times its root would be seen once in 30,000 sets.
func TestAsManyOthersAreFoundAsTheRateSays(t *testing.T) {
	t.Parallel()
	const others = 1 << 20
	filter := open(t, numbered(20_000, "member"))
	if rate := filter.Rate() * 100_000; math.Abs(rate-0.99) > 0.05 {
		t.Errorf("the rate is %.3f in 100,000", rate)
	}
	found := 0
	for i := range others {
		if filter.Has(fmt.Sprintf("other %d", i)) {
			found++
		}
	}
	if mean := others * filter.Rate(); float64(found) > mean+4*math.Sqrt(mean) {
		t.Errorf("%d of %d others are found, %.1f expected", found, others, mean)
	}
}

func TestTheOrderOfTheTextsDoesNotMatter(t *testing.T) {
	t.Parallel()
	texts := numbered(1000, "member")
	first := Build(texts)
	slices.Reverse(texts)
	if !slices.Equal(first, Build(texts)) {
		t.Error("another order makes another filter")
	}
}

func TestADamagedFilterIsRefused(t *testing.T) {
	t.Parallel()
	whole := string(Build(numbered(100, "member")))
	for n := range len(whole) {
		changed := []byte(whole)
		changed[n] ^= 4
		for _, damaged := range []string{whole[:n], string(changed)} {
			if _, err := Open(damaged); !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d of %d: %v", n, len(whole), err)
			}
		}
	}
	if _, err := Open(whole + "\x00"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte too many: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("", "a")
	f.Add(string(Build(nil)), "")
	f.Add(string(Build([]string{"a", "b"})), "a")
	f.Fuzz(func(t *testing.T, file, text string) {
		if filter, err := Open(file); err == nil {
			filter.Has(text)
		}
	})
}
