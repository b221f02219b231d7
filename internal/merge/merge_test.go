package merge_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"miniblog/internal/merge"
)

func TestEditsApartAreBothTakenOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ base, mine, theirs, want string }{
		"nobody changed anything":   {"a\nb\n", "a\nb\n", "a\nb\n", "a\nb\n"},
		"only I changed":            {"a\nb\n", "a\nB\n", "a\nb\n", "a\nB\n"},
		"only they changed":         {"a\nb\n", "a\nb\n", "A\nb\n", "A\nb\n"},
		"paragraphs":                {"one\n\ntwo\n\nthree", "ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE", "ONE\n\ntwo\n\nTHREE"},
		"lines beside each other":   {"one\ntwo\n", "ONE\ntwo\n", "one\nTWO\n", "ONE\nTWO\n"},
		"words of a line":           {"the tide was low", "the tide was high", "the spring tide was low", "the spring tide was high"},
		"the same change":           {"a\nb\n", "a\nc\n", "a\nc\n", "a\nc\n"},
		"the same change, and more": {"a b c", "x b c", "x b d", "x b d"},
		"beginning and end":         {"m\n", "m\nz\n", "a\nm\n", "a\nm\nz\n"},
		"from nothing, alike":       {"", "x", "x", "x"},
		"both remove everything":    {"x\ny", "", "", ""},
		"I remove, they add apart":  {"a\n\nb\n\nc\n", "a\n\nc\n", "a\n\nb\n\nc\n\nd\n", "a\n\nc\n\nd\n"},
		"a moved paragraph":         {"a\n\nb\n\nc\n\nd\n", "b\n\na\n\nc\n\nd\n", "a\n\nb\n\nc\n\nD\n", "b\n\na\n\nc\n\nD\n"},
		"scripts without blanks":    {"潮汐表又错了", "潮汐表又对了", "今天潮汐表又错了", "今天潮汐表又对了"},
		"emoji of several parts":    {"👩‍🚀 and e\u0301", "👩‍🚀 or e\u0301", "👩‍🔬 and e\u0301", "👩‍🔬 or e\u0301"},
		"right to left":             {"שלום לעולם", "שלום לים", "ברוך לעולם", "ברוך לים"},
		"the same at the end":       {"One.", "Zero.\n\nOne.\n\nNew.", "One.\n\nNew.", "Zero.\n\nOne.\n\nNew."},
		"a line end at the end":     {"a\nb", "a\nb\n", "A\nb", "A\nb\n"},
	} {
		for _, sides := range [][2]string{{c.mine, c.theirs}, {c.theirs, c.mine}} {
			result := merge.Three(c.base, sides[0], sides[1])
			if result.Clashes() || result.Text() != c.want {
				t.Errorf("%s: merged %q, want %q (clashes: %v)", name, result.Text(), c.want, result.Clashes())
			}
		}
	}
}

func TestEditsOfOnePlaceClashAndTheTextHoldsBoth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ base, mine, theirs, want string }{
		"one word":              {"the tide was low", "the tide was high", "the tide was slack", "the tide was high the tide was slack"},
		"one line of three":     {"a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n", "a\nx\ny\nc\n"},
		"both add at the end":   {"a\n", "a\nx\n", "a\ny\n", "a\nx\ny\n"},
		"I remove, they change": {"a\nb\nc\n", "a\nc\n", "a\nB\nc\n", "a\nB\nc\n"},
		"from nothing":          {"", "x\n\ny", "z", "x\n\ny\nz"},
		"without a line end":    {"a\nb", "a\nx", "a\ny", "a\nx y"},
	} {
		result := merge.Three(c.base, c.mine, c.theirs)
		if !result.Clashes() || result.Text() != c.want {
			t.Errorf("%s: the text is %q, want %q (clashes: %v)", name, result.Text(), c.want, result.Clashes())
		}
		rebuilds(t, result, c.base, c.mine, c.theirs)
	}
}

func TestAClashIsTheLinesAndNotTheirShuffledWords(t *testing.T) {
	t.Parallel()
	result := merge.Three("a\nthe tide was low today\nz\n", "a\nthe tide was high today\nz\n", "a\nthe tide was slack, today\nZ\n")
	want := merge.Result{
		{Side: merge.Same, Base: "a\n", Text: "a\n"},
		{Side: merge.Clash, Base: "the tide was low today\nz\n", Mine: "the tide was high today\nz\n", Theirs: "the tide was slack, today\nZ\n"},
	}
	if !slices.Equal(result, want) {
		t.Errorf("merged %+v, want %+v", result, want)
	}
}

func TestOfAParagraphOnlyTheSentenceClashesThatBothChanged(t *testing.T) {
	t.Parallel()
	result := merge.Three(
		"We left at dawn. The tide was low. Nobody spoke. It rained.",
		"We left at dawn. The tide was high. Nobody spoke. It rained.",
		"We left at dawn. The tide was slack. Nobody spoke. It poured.")
	want := merge.Result{
		{Side: merge.Same, Base: "We left at dawn. ", Text: "We left at dawn. "},
		{Side: merge.Clash, Base: "The tide was low. ", Mine: "The tide was high. ", Theirs: "The tide was slack. "},
		{Side: merge.Same, Base: "Nobody spoke. ", Text: "Nobody spoke. "},
		{Side: merge.Theirs, Base: "It rained.", Text: "It poured."},
	}
	if !slices.Equal(result, want) {
		t.Errorf("merged %+v, want %+v", result, want)
	}
	if text := result.Text(); text != "We left at dawn. The tide was high. The tide was slack. Nobody spoke. It poured." {
		t.Errorf("the text is %q", text)
	}
}

func TestASentenceEndsWhereOneIsReadToEnd(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"One. Two? Three!":                    {"One. ", "Two? ", "Three!"},
		"He said “no.” Then (so what?) left…": {"He said “no.” ", "Then (so what?) ", "left…"},
		"At 3.14 on a.example: v1.2.":         {"At 3.14 on a.example: v1.2."},
		"one\n\ntwo. \n three":                {"one\n", "\n", "two. \n", " three"},
		"潮汐表错了。真的？是。":                         {"潮汐表错了。", "真的？", "是。"},
		"Wait...  what?!  \u00a0Yes":          {"Wait...  ", "what?!  \u00a0", "Yes"},
		"":                                    nil,
	} {
		if got := merge.Sentences(text); !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsReadAsOneSignIsNeverCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"it’s one, isn't it": {"it’s", " ", "one", ",", " ", "isn't", " ", "it"},
		"  a\t\n\n b2\r\n":   {"  ", "a", "\t", "\n", "\n", " ", "b2", "\r", "\n"},
		"e\u0301té\n\u0301":  {"e\u0301té", "\n", "\u0301"},
		"👩‍🚀👍🏽🏳️‍🌈!":         {"👩‍🚀", "👍🏽", "🏳️‍🌈", "!"},
		"🇩🇪 🇫🇷":              {"🇩🇪", " ", "🇫🇷"},
		"潮汐 が\u3099ab":       {"潮", "汐", " ", "が\u3099", "ab"},
		"a\xff\xc3b":         {"a", "\xff", "\xc3", "b"},
		"שלום, עולם":         {"שלום", ",", " ", "עולם"},
	} {
		if got := merge.Words(text); !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

func TestTwoTextsAreComparedByLinesAndThenByWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to string
		want     []merge.Change
	}{
		"nothing":      {"", "", nil},
		"the same":     {"a\nb", "a\nb", []merge.Change{{Same: "a\nb"}}},
		"all is new":   {"", "a\nb", []merge.Change{{Added: "a\nb"}}},
		"all is gone":  {"a\nb", "", []merge.Change{{Removed: "a\nb"}}},
		"one word":     {"a\nthe low tide\n", "a\nthe high tide\n", []merge.Change{{Same: "a\n"}, {Same: "the "}, {Removed: "low", Added: "high"}, {Same: " tide\n"}}},
		"another line": {"a\nthe low tide\n", "a\nonce more\n", []merge.Change{{Same: "a\n"}, {Removed: "the low tide\n", Added: "once more\n"}}},
		"a line added": {"a\nc\n", "a\nb\nc\n", []merge.Change{{Same: "a\n"}, {Added: "b\n"}, {Same: "c\n"}}},
		"blanks":       {"a b", "a  b", []merge.Change{{Same: "a"}, {Removed: " ", Added: "  "}, {Same: "b"}}},
	} {
		if got := merge.Two(c.from, c.to); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// soon is how much of a processor the largest texts may take to be merged and
// compared. It is a tenth of that, but the race detector is slow; steps that grow with
// the square of the text would take hours.
const soon = 5 * time.Second

func TestTheLargestTextsAreMergedAndComparedSoon(t *testing.T) { // alone: it measures
	const size = 1 << 20
	for name, c := range map[string]struct{ base, mine, theirs string }{
		"prose":            large(size, "tide %d and harbour %d\n\n"),
		"one line":         large(size, "tide %d harbour %d "),
		"one letter":       {strings.Repeat("a", size), strings.Repeat("a", size-1), "b" + strings.Repeat("a", size-1)},
		"nothing but ends": {strings.Repeat("\n", size), strings.Repeat("\n", size/2), strings.Repeat("\n", size/3)},
		"two lines in turn": {
			strings.Repeat("a\nb\n", size/4), strings.Repeat("b\na\n", size/4), strings.Repeat("b\nb\na\n", size/6),
		},
		"nothing in common": {strings.Repeat("a\n", size/2), strings.Repeat("b\n", size/2), strings.Repeat("c\n", size/2)},
		"signs":             {strings.Repeat("潮", size/3), strings.Repeat("汐", size/3), strings.Repeat("潮汐", size/6)},
	} {
		begun := processorTime(t)
		merged, compared := merge.Three(c.base, c.mine, c.theirs), merge.Two(c.mine, c.theirs)
		took := processorTime(t) - begun
		if t.Logf("%s: %s", name, took); took > soon {
			t.Errorf("%s took longer than %s", name, soon)
		}
		rebuilds(t, merged, c.base, c.mine, c.theirs)
		rebuildsBoth(t, compared, c.mine, c.theirs)
	}
}

// processorTime is what this program has used: unlike the clock's it does not grow while others are busy.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func BenchmarkThreeLargest(b *testing.B) {
	b.ReportAllocs()
	texts := large(1<<20, "tide %d and harbour %d\n\n")
	for b.Loop() {
		merge.Three(texts.base, texts.mine, texts.theirs)
	}
}
