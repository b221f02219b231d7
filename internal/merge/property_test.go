package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"miniblog/internal/merge"
)

// tries is how many random texts each property is asked of.
const tries = 3000

// each calls ask with a source of chance of its own, and names the seed of a failure.
func each(t *testing.T, ask func(t *testing.T, random *rand.Rand)) {
	t.Helper()
	for seed := range uint64(tries) {
		ask(t, rand.New(rand.NewPCG(seed, 1)))
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func TestMergingEditsApartEqualsDoingBothInEitherOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, random *rand.Rand) {
		base := paragraphs(random, 6+random.IntN(20))
		// A paragraph between them stays as it is.
		early := random.IntN(len(base)/2 - 1)
		late := len(base)/2 + 1 + random.IntN(len(base)/2-1)
		first, second := anEdit(random), anEdit(random)
		mine, theirs := first(base, early), second(base, late)
		both := first(second(base, late), early) // the later place first: the earlier one stays where it is
		for _, result := range []merge.Result{
			merge.Three(whole(base), whole(mine), whole(theirs)),
			merge.Three(whole(base), whole(theirs), whole(mine)),
		} {
			if result.Clashes() || result.Text() != whole(both) {
				t.Errorf("of %q\nand %q\nfrom %q\nit made %q,\nwant %q", mine, theirs, base, result.Text(), whole(both))
			}
			if again := merge.Three(whole(base), whole(mine), result.Text()); again.Clashes() || again.Text() != result.Text() {
				t.Errorf("merged once it is %q, and twice %q", result.Text(), again.Text())
			}
		}
	})
}

func TestBothSidesAreRebuiltFromThePieces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, random *rand.Rand) {
		base, mine, theirs := threeTexts(random)
		rebuilds(t, merge.Three(base, mine, theirs), base, mine, theirs)
	})
}

func TestNoWordOfEitherSideIsMissing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, random *rand.Rand) {
		base, mine, theirs := threeTexts(random)
		holdsEveryWord(t, merge.Three(base, mine, theirs), base, mine, theirs)
	})
}

func TestIdenticalEditsAreNoClash(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, random *rand.Rand) {
		base, mine, _ := threeTexts(random)
		takesOverTheOnlyEdit(t, base, mine)
	})
}

func TestAComparisonRebuildsBothTexts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, random *rand.Rand) {
		_, from, to := threeTexts(random)
		rebuildsBoth(t, merge.Two(from, to), from, to)
	})
}

// rebuilds asserts that the pieces are the three texts, cut at the same places.
func rebuilds(t *testing.T, result merge.Result, base, mine, theirs string) {
	t.Helper()
	var b, m, th strings.Builder
	for _, piece := range result {
		b.WriteString(piece.Base)
		m.WriteString(piece.As(merge.Mine))
		th.WriteString(piece.As(merge.Theirs))
		if piece.Side == merge.Clash && (piece.Text != "" || piece.Mine == piece.Theirs) {
			t.Errorf("no clash: %+v", piece)
		}
	}
	if b.String() != base || m.String() != mine || th.String() != theirs {
		t.Errorf("the pieces of %.200q, %.200q and %.200q are %.1000q", base, mine, theirs, fmt.Sprint(result))
	}
}

// holdsEveryWord asserts that each word which a side has more often than the base stands in the text.
func holdsEveryWord(t *testing.T, result merge.Result, base, mine, theirs string) {
	t.Helper()
	text := counted(result.Text())
	before := counted(base)
	for _, side := range []string{mine, theirs} {
		for word, times := range counted(side) {
			if times > before[word] && text[word] == 0 {
				t.Errorf("%q is missing in %q, merged of %q and %q from %q", word, result.Text(), mine, theirs, base)
			}
		}
	}
	holdsBothReadings(t, result)
}

// holdsBothReadings asserts that of each clash both sides stand in the text, letter by letter.
func holdsBothReadings(t *testing.T, result merge.Result) {
	t.Helper()
	for _, piece := range result {
		if piece.Side == merge.Clash && !(strings.Contains(result.Text(), piece.Mine) && strings.Contains(result.Text(), piece.Theirs)) {
			t.Errorf("of %+v a side is missing in %q", piece, result.Text())
		}
	}
}

func counted(text string) map[string]int {
	times := map[string]int{}
	for _, word := range merge.Words(text) {
		if strings.TrimSpace(word) != "" {
			times[word]++
		}
	}
	return times
}

// takesOverTheOnlyEdit asserts that an edit made by one side, or by both alike, is the result.
func takesOverTheOnlyEdit(t *testing.T, base, edited string) {
	t.Helper()
	for _, sides := range [][2]string{{edited, edited}, {edited, base}, {base, edited}} {
		result := merge.Three(base, sides[0], sides[1])
		if result.Clashes() || result.Text() != edited {
			t.Errorf("of %q and %q from %q it made %q", sides[0], sides[1], base, result.Text())
		}
	}
}

func rebuildsBoth(t *testing.T, changes []merge.Change, from, to string) {
	t.Helper()
	var f, o strings.Builder
	for _, change := range changes {
		f.WriteString(change.Same + change.Removed)
		o.WriteString(change.Same + change.Added)
		if change == (merge.Change{}) || change.Same != "" && change.Removed+change.Added != "" {
			t.Errorf("no change: %+v", change)
		}
	}
	if f.String() != from || o.String() != to {
		t.Errorf("the changes from %.200q to %.200q are %.1000q", from, to, fmt.Sprint(changes))
	}
}

func whole(lines []string) string { return strings.Join(lines, "") }

// paragraphs are n lines of text, each with an empty one behind it.
func paragraphs(random *rand.Rand, n int) (lines []string) {
	for range n {
		lines = append(lines, sentence(random)+"\n", "\n")
	}
	return lines
}

var vocabulary = strings.Fields("tide harbour clock ladder letter rain mud ferry moon silt winter pencil kitchen garden map")

func sentence(random *rand.Rand) string {
	var words []string
	for range 3 + random.IntN(9) {
		words = append(words, vocabulary[random.IntN(len(vocabulary))])
	}
	return strings.Join(words, " ")
}

// anEdit replaces, removes or adds a line.
func anEdit(random *rand.Rand) func(lines []string, at int) []string {
	line := sentence(random) + " anew\n"
	switch random.IntN(3) {
	case 0:
		return func(lines []string, at int) []string { return slices.Replace(slices.Clone(lines), at, at+1, line) }
	case 1:
		return func(lines []string, at int) []string { return slices.Delete(slices.Clone(lines), at, at+1) }
	}
	return func(lines []string, at int) []string { return slices.Insert(slices.Clone(lines), at, line) }
}

// threeTexts are a text and two others made of it by edits anywhere, of few
// enough words and lines that much in them is alike.
func threeTexts(random *rand.Rand) (base, mine, theirs string) {
	var tokens []string
	for range random.IntN(30) {
		tokens = append(tokens, aToken(random))
	}
	return whole(tokens), whole(edited(random, tokens)), whole(edited(random, tokens))
}

func aToken(random *rand.Rand) string {
	return []string{"a", "b", "tide", " ", " ", "\n", "\n\n", ". ", "潮", "e\u0301", "word "}[random.IntN(11)]
}

func edited(random *rand.Rand, tokens []string) []string {
	tokens = slices.Clone(tokens)
	for range random.IntN(4) {
		at := random.IntN(len(tokens) + 1)
		end := min(len(tokens), at+random.IntN(3))
		tokens = slices.Replace(tokens, at, end, aToken(random), aToken(random))
	}
	return tokens
}

// large is a text of about that size and two that were edited apart, in every hundredth place.
func large(size int, pattern string) (texts struct{ base, mine, theirs string }) {
	var base, mine, theirs strings.Builder
	for n := 0; base.Len() < size; n++ {
		place := fmt.Sprintf(pattern, n, n%97)
		base.WriteString(place)
		mine.WriteString(changedAt(20, n, place))
		theirs.WriteString(changedAt(70, n, place))
	}
	texts.base, texts.mine, texts.theirs = base.String(), mine.String(), theirs.String()
	return texts
}

func changedAt(remainder, n int, place string) string {
	if n%100 != remainder {
		return place
	}
	return strings.Replace(place, "tide", "moon", 1)
}
