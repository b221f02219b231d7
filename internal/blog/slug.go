package blog

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// maxSlugRunes keeps permalinks short enough to read out.
const maxSlugRunes = 80

// slugify makes the last part of a permalink from a title: its letters and
// digits in any script, in lower case, with one hyphen for all between them.
func slugify(title string) string {
	var slug strings.Builder
	gap, length := false, 0
	for _, r := range strings.ToLower(title) {
		switch {
		case r == '\'' || r == '’':
			continue
		case !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r):
			gap = slug.Len() > 0
			continue
		case length >= maxSlugRunes:
			return slug.String()
		case gap:
			slug.WriteByte('-')
			length++
		}
		gap = false
		slug.WriteRune(r)
		length++
	}
	if slug.Len() == 0 {
		return "post"
	}
	return slug.String()
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
