package blog

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// maxSlugRunes keeps permalinks short enough to read out.
const maxSlugRunes = 80

// slugify makes the last part of a permalink from a title: its letters and
// digits in any script, in lower case, with one hyphen for all between them.
func slugify(title string) string { return cmp.Or(slugOf(title), "post") }

// slugOf is empty for a text without a letter or digit.
func slugOf(title string) string { return slugUpTo(title, maxSlugRunes) }

func slugUpTo(title string, most int) string {
	var slug strings.Builder
	between, length := "", 0
	for _, r := range strings.ToLower(title) {
		switch {
		case r == '\'' || r == '’' || unicode.Is(unicode.Variation_Selector, r):
			continue
		case !isSlugRune(r) || unicode.IsMark(r) && (between != "" || length == 0): // a mark is nothing without its letter
			if length > 0 {
				between = "-"
			}
			continue
		}
		if length += len(between) + 1; length > most {
			break
		}
		slug.WriteString(between)
		slug.WriteRune(r)
		between = ""
	}
	return slug.String()
}

// isSlugRune leaves out the enclosing marks, which make pictures of digits (1⃣).
func isSlugRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Mn, unicode.Mc)
}

// slugCandidates are the slugs to try in turn for a post: the title's own, the
// same with a small number, and last one that no other post can have.
func slugCandidates(title string, id uuid.UUID) []string {
	slug := slugify(title)
	candidates := []string{slug}
	for n := 2; n <= 9; n++ {
		candidates = append(candidates, slug+"-"+strconv.Itoa(n))
	}
	return append(candidates, slug+"-"+id.String())
}
