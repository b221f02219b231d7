package markdown

import (
	"strings"
	"testing"
)

func TestAnExcerptIsTheFirstParagraphOrWhatStandsBeforeTheMark(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                                   "",
		"one *two*\nthree\n\nfour":           "one two three",
		"# Title\n\ntext":                    "text",
		"![a](/b.png)\n\ntext":               "text",
		"```\ncode\n```\n\ntext":             "text",
		"|a|\n|-|\n|b|\n\ntext":              "text",
		"<div>raw</div>\n\ntext":             "text",
		"> quoted\n\ntext":                   "quoted",
		"- item\n- other":                    "item",
		"one\n\ntwo\n\n<!--more-->\n\nthree": "one\n\ntwo",
		"one\n<!--more-->\ntwo":              "one",
		"one <!--more--> two\n\nthree":       "one two",
		"![a](/b)\n\n<!--more-->\n\ntwo":     "two",
		"# Only a title":                     "",
		"a[^1] & \"b\"\n\n[^1]: note":        "a & “b”",
		"One.[^1]\n\nSee [that][r].\n\n<!--more-->\n\nTwo.\n\n[^1]: note\n[r]: /x": "One.\n\nSee that.",
		"a <script>b</script> c": "a <script>b</script> c",
	} {
		if got := Excerpt(source, 100); got != want {
			t.Errorf("of %q it is %q, not %q", source, got, want)
		}
	}
}

func TestAnExcerptIsCutBetweenWords(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		source, want string
		runes        int
	}{
		{"one two three", "one two…", 10},
		{"one two three", "one two three", 13},
		{"one, two", "one…", 6},
		{"Donaudampfschiff", "Donaudamp…", 10},
		{"上海的春天很短", "上海的春…", 5},
		{"one\n\ntwo three\n\n<!--more-->", "one\n\ntwo…", 10},
		{"one", "…", 1},
		{"one", "", 0},
	} {
		if got := Excerpt(each.source, each.runes); got != each.want {
			t.Errorf("%d runes of %q are %q, not %q", each.runes, each.source, got, each.want)
		}
	}
}

func TestAnExcerptReadsOnlyTheHeadOfALongText(t *testing.T) {
	long := "first\n\n" + strings.Repeat("more and more\n\n", 10_000)
	longer := strings.Repeat(long, 10)
	of := func(text string) float64 { return testing.AllocsPerRun(5, func() { Excerpt(text, 100) }) }
	if got, want := of(longer), 2*of(long[:headBytes]); got > want {
		t.Errorf("it allocates %v times, of the head alone half of %v", got, want)
	}
	if got := Excerpt(long, 100); got != "first" {
		t.Errorf("it is %q", got)
	}
}
