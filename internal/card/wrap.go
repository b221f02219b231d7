package card

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// wrap breaks a text into as few lines of that width as it takes, and those about as long as
// one another.
func (t *typeface) wrap(text string, width fixed.Int26_6) []string {
	lines := t.fill(text, width)
	narrow, wide := fixed.Int26_6(0), width
	for wide-narrow > fixed.I(4) {
		middle := (narrow + wide) / 2
		if tried := t.fill(text, middle); len(tried) <= len(lines) && t.fit(tried, middle) {
			lines, wide = tried, middle
		} else {
			narrow = middle
		}
	}
	return lines
}

func (t *typeface) fit(lines []string, width fixed.Int26_6) bool {
	for _, line := range lines {
		if t.width(line) > width {
			return false
		}
	}
	return true
}

// fill puts as many words on each line as it holds. A word that is longer than a line is cut only
// at the full width: fit tells wrap of one that sticks out of a narrower line.
func (t *typeface) fill(text string, width fixed.Int26_6) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && t.width(line+" "+word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
	}
	return append(lines, line)
}

// cut breaks words that are longer than a line.
func (t *typeface) cut(text string, width fixed.Int26_6) string {
	var words []string
	for _, word := range strings.Fields(text) {
		for t.width(word) > width {
			head := t.head(word, width)
			words, word = append(words, head), word[len(head):]
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// head is as much of a text's beginning as the width holds, at least a letter with its marks.
func (t *typeface) head(text string, width fixed.Int26_6) string {
	end := 0
	for at, r := range text {
		if at > 0 && !unicode.IsMark(r) {
			if t.width(text[:at]) > width {
				break
			}
			end = at
		}
	}
	if end == 0 {
		_, end = utf8.DecodeRuneInString(text)
	}
	return text[:end]
}

const ellipsis = "…"

// shorten keeps so many lines, and ends the last in "…" if that is not all.
func (t *typeface) shorten(lines []string, most int, width fixed.Int26_6) []string {
	if len(lines) <= most {
		return lines
	}
	kept := append([]string(nil), lines[:most]...)
	last := kept[most-1]
	for t.width(last+ellipsis) > width {
		before := strings.LastIndexByte(last, ' ')
		if before < 0 {
			last = t.head(last, width-t.width(ellipsis))
			break
		}
		last = last[:before]
	}
	kept[most-1] = strings.TrimRight(last, " .,;:–—-") + ellipsis
	return kept
}
