package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxIDRunes is where the id of a long heading is cut.
const maxIDRunes = 60

// ids counts how often each id was asked for.
type ids map[string]int

// of makes an id of a heading's text, in any script: its letters and digits, parted by dashes.
func (i ids) of(text string) string {
	base := headingPrefix + slug(text)
	id := base
	for i[id] > 0 {
		i[base]++
		id = base + "-" + strconv.Itoa(i[base])
	}
	i[id]++
	return id
}

func slug(text string) string {
	var made strings.Builder
	runes, parted := 0, false
	for _, r := range strings.ToLower(norm.NFC.String(text)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			parted = runes > 0
			continue
		}
		if runes+1 >= maxIDRunes {
			break
		}
		if parted {
			made.WriteByte('-')
			runes, parted = runes+1, false
		}
		made.WriteRune(r)
		runes++
	}
	if runes == 0 {
		return "section"
	}
	return made.String()
}
