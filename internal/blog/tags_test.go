package blog

import "testing"

func TestTagsAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                               "",
		"  ,, \t, ":                      "",
		"tides":                          "tides",
		" Tides ,  sea   walls,#harbour": "Tides, sea walls, harbour",
		"Tides, tides, TIDES":            "Tides",
		"Sea walls, sea-walls":           "Sea walls",
		"море، 潮汐、波":                     "море, 潮汐, 波",
		"!!!, C, C++, C#, c":             "C, C++, C#",
		"# #a, ## b":                     "a, b",
	} {
		if got := TagLine(Tags(typed)); got != want {
			t.Errorf("%q was read as %q, want %q", typed, got, want)
		}
		if again := TagLine(Tags(want)); again != want {
			t.Errorf("%q was read again as %q", want, again)
		}
	}
}

func TestTooManyOrTooLongTagsAreRefused(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"a,b,c,d,e,f,g,h,i,j":                            "",
		"a,b,c,d,e,f,g,h,i,j,k":                          "A post has at most 10 tags. Remove some.",
		"one tag of forty characters, as long as they":   "",
		"one tag of forty-one characters and not parted": "A tag has at most 40 characters. Part tags by commas.",
		"a\x00b": "The tags hold characters that cannot be kept. Remove them and try again.",
	} {
		if got := tagsProblem(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestTagsOfTwoWhoRevisedAtOnceComeTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ began, mine, theirs, want string }{
		{"a, b", "a, b, c", "a, b, d", "a, b, d, c"},
		{"a, b", "b", "a, b, d", "b, d"},
		{"a, b", "a, b", "a", "a"},
		{"", "A", "a", "a"},
		{"a", "", "", ""},
	} {
		if got := mergeTags(c.began, c.mine, c.theirs); got != c.want {
			t.Errorf("%q and %q, grown from %q, made %q, want %q", c.mine, c.theirs, c.began, got, c.want)
		}
	}
}
