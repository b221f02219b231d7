package blog

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

func TestATitleBecomesAPermalinkThatCanBeReadOut(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Hello, world":                   "hello-world",
		"The tide tables: wrong again!":  "the-tide-tables-wrong-again",
		"  blanks   around \t and in ":   "blanks-around-and-in",
		"already-hyphened--twice":        "already-hyphened-twice",
		"-leading and trailing-":         "leading-and-trailing",
		"snake_case and dots.v2.0":       "snake-case-and-dots-v2-0",
		"It's Ada’s rock'n'roll":         "its-adas-rocknroll",
		"'quoted'":                       "quoted",
		"Ünïcödé Crème brûlée":           "ünïcödé-crème-brûlée",
		"decomposed e\u0301te\u0301":     "decomposed-e\u0301te\u0301",
		"ΟΔΥΣΣΕΥΣ":                       "οδυσσευσ",
		"Привет, мир":                    "привет-мир",
		"東京は夜の七時":                        "東京は夜の七時",
		"مرحبا بالعالم":                  "مرحبا-بالعالم",
		"नमस्ते दुनिया":                  "नमस्ते-दुनिया",
		"สวัสดีชาวโลก":                   "สวัสดีชาวโลก",
		"٣ أشياء":                        "٣-أشياء",
		"100% of 1½":                     "100-of-1",
		"C++ & Go":                       "c-go",
		"🎉":                              "post",
		"❤️":                             "post",
		"I ❤️ tea 👩🏽‍🚀":                  "i-tea",
		"1️⃣ first":                      "1-first",
		"\u0301accent without a letter":  "accent-without-a-letter",
		"a \u0301 b":                     "a-b",
		"…":                              "post",
		"":                               "post",
		"İstanbul":                       "istanbul",
		"<script>alert(1)</script>":      "script-alert-1-script",
		"../../etc/passwd":               "etc-passwd",
		"a/b?c#d%20e":                    "a-b-c-d-20e",
		"zero\u200bwidth and soft\u00ad": "zero-width-and-soft",
	} {
		if got := slugify(title); got != want {
			t.Errorf("slugify(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestASlugIsCutAtItsLimit(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		strings.Repeat("a", 80):        strings.Repeat("a", 80),
		strings.Repeat("a", 81):        strings.Repeat("a", 80),
		strings.Repeat("東", 81):        strings.Repeat("東", 80),
		strings.Repeat("a", 79) + " b": strings.Repeat("a", 79), // with the hyphen it would be 81
		strings.Repeat("a", 78) + " b": strings.Repeat("a", 78) + "-b",
		strings.Repeat("a", 80) + "!":  strings.Repeat("a", 80),
	} {
		if got := slugify(title); got != want {
			t.Errorf("slugify(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestTheLastSlugToTryIsThePostsOwn(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0190a5e4-0000-7000-8000-000000000001")
	want := []string{"tea", "tea-2", "tea-3", "tea-4", "tea-5", "tea-6", "tea-7", "tea-8", "tea-9", "tea-" + id.String()}
	if got := slugCandidates("Tea!", id); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzSlugify(f *testing.F) {
	for _, title := range []string{"", "Hello, world", "❤️ 1️⃣", "a\u0301 \u0301", strings.Repeat("ab ", 60), "İ'’-_", "\xff\x00"} {
		f.Add(title)
	}
	f.Fuzz(func(t *testing.T, title string) {
		slug := slugify(title)
		if slug == "" || !utf8.ValidString(slug) || utf8.RuneCountInString(slug) > maxSlugRunes {
			t.Fatalf("slugify(%q) = %q", title, slug)
		}
		if strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("slugify(%q) = %q has a hyphen too many", title, slug)
		}
		if first, _ := utf8.DecodeRuneInString(slug); unicode.IsMark(first) {
			t.Errorf("slugify(%q) = %q begins with a mark", title, slug)
		}
		if strings.ContainsFunc(slug, func(r rune) bool { return r != '-' && !isSlugRune(r) }) {
			t.Errorf("slugify(%q) = %q has what no slug has", title, slug)
		}
		if again := slugify(slug); again != slug {
			t.Errorf("slugify(%q) = %q, and of that %q", title, slug, again)
		}
	})
}
