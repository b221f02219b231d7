package blog

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestABlankLineEndsAParagraph(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][][]string{
		"":                       nil,
		" \n\t\n\u00a0":          nil,
		"one":                    {{"one"}},
		"one\ntwo":               {{"one", "two"}},
		"one\n\ntwo":             {{"one"}, {"two"}},
		"one\n \t\n\n\n\ntwo\n":  {{"one"}, {"two"}},
		"\n\none":                {{"one"}},
		"  indented \n  kept  ":  {{"  indented ", "  kept  "}},
		"<b>not\nmarkup</b>\n\n": {{"<b>not", "markup</b>"}},
	} {
		if got := Paragraphs(body); !reflect.DeepEqual(got, want) {
			t.Errorf("Paragraphs(%q) = %q, want %q", body, got, want)
		}
	}
}

func TestAnExcerptIsTheFirstParagraphOnOneLine(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                                   "",
		" \n ":                               "",
		"One line.":                          "One line.",
		"\n\n  one\n two\tthree  \n\nfour":   "one two three",
		"one\n \t\nonly blanks between":      "one",
		strings.Repeat("a", 280):             strings.Repeat("a", 280),
		strings.Repeat("a", 281):             strings.Repeat("a", 279) + "…",
		strings.Repeat("word ", 56):          strings.TrimSpace(strings.Repeat("word ", 56)),
		strings.Repeat("word ", 57):          strings.TrimSpace(strings.Repeat("word ", 55)) + "…",
		strings.Repeat("word, ", 60):         strings.TrimSuffix(strings.Repeat("word, ", 46), ", ") + "…",
		strings.Repeat("ab – ", 60):          strings.TrimSuffix(strings.Repeat("ab – ", 56), " – ") + "…",
		"short " + strings.Repeat("a", 300):  "short " + strings.Repeat("a", 273) + "…", // not only the first word
		strings.Repeat("東", 400):             strings.Repeat("東", 279) + "…",
		strings.Repeat("🎉", 400):             strings.Repeat("🎉", 279) + "…",
		"a" + strings.Repeat("\n\nmore", 90): "a",
		"# Head\n\n*One* [two](/x)\n\nthree": "One two",
		"one\n\ntwo\n\n<!--more-->\n\nthree": "one\n\ntwo",
	} {
		if got := excerpt(body); got != want {
			t.Errorf("excerpt(%.40q) = %q, want %q", body, got, want)
		}
	}
}

func TestWordsAreCountedAsTheyAreRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		"":                         0,
		" \n\t ":                   0,
		"one":                      1,
		"one two\nthree\u00a0four": 4,
		"it's half-read, isn't it": 4,
		"“quoted” (and) *marked*":  3,
		"a — dash - counts --- no": 4,
		"--- *** …":                0,
		"1984 was 42":              3,
		"Привет, мир":              2,
		"東京":                       1,
		"東京は":                      2,
		"東京。大阪。":                   2,
		"コーヒー":                     2,
		"Go言語 is 楽しい":              5,
		strings.Repeat("w ", 1000): 1000,
	} {
		if got := countWords(body); got != want {
			t.Errorf("countWords(%.40q) = %d, want %d", body, got, want)
		}
	}
}

func TestNoLetterBeforeThaiIsOfAScriptWithoutBlanks(t *testing.T) {
	t.Parallel()
	for _, script := range []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai} {
		if first := rune(script.R16[0].Lo); first < '\u0e00' || !unspacedScript(first) {
			t.Errorf("%U counts as written with blanks", first)
		}
	}
}

func BenchmarkCountWords(b *testing.B) {
	body := strings.Repeat("The tide went out – and “nobody” saw it, not even Zoë. ", 100)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		countWords(body)
	}
}

func TestReadingTakesAMinuteAtLeast(t *testing.T) {
	t.Parallel()
	for words, want := range map[int]int{0: 1, 1: 1, 220: 1, 221: 2, 440: 2, 441: 3} {
		if got := (Post{Words: words}).Minutes(); got != want {
			t.Errorf("%d words take %d minutes, want %d", words, got, want)
		}
	}
}

func FuzzParagraphs(f *testing.F) {
	for _, body := range []string{"", "one\n\ntwo", " \n\t\n", "a\nb\n\n\n c ", "\xff\n\n\x00"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var want, got []string
		for _, line := range strings.Split(body, "\n") {
			if strings.TrimSpace(line) != "" {
				want = append(want, line)
			}
		}
		for _, paragraph := range Paragraphs(body) {
			if len(paragraph) == 0 {
				t.Errorf("Paragraphs(%q) has an empty one", body)
			}
			if !strings.Contains(body, strings.Join(paragraph, "\n")) {
				t.Errorf("Paragraphs(%q) joins %q, which lie apart", body, paragraph)
			}
			got = append(got, paragraph...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Paragraphs(%q) has the lines %q, want %q", body, got, want)
		}
	})
}

func FuzzExcerpt(f *testing.F) {
	for _, body := range []string{"", "one\n\ntwo", strings.Repeat("word, ", 80), strings.Repeat("東", 300), strings.Repeat("-", 300)} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !storable(body) {
			t.Skip("such a body is refused")
		}
		got := excerpt(body)
		if !utf8.ValidString(got) || utf8.RuneCountInString(strings.TrimSuffix(got, "…")) > markedRunes {
			t.Errorf("excerpt(%q) = %q", body, got)
		}
	})
}

func FuzzCountWords(f *testing.F) {
	f.Add("one two")
	f.Add("東京 — コーヒー")
	f.Fuzz(func(t *testing.T, body string) {
		if got := countWords(body); got < 0 || got > utf8.RuneCountInString(body) {
			t.Errorf("countWords(%q) = %d", body, got)
		}
	})
}
