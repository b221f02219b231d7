package blog

import (
	"strings"
	"unicode"
)

// Paragraphs splits a body into paragraphs, each into its lines: a blank line
// ends a paragraph. It is the one place that knows what a body's text means.
func Paragraphs(body string) (paragraphs [][]string) {
	var current []string
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimSpace(line) != "" {
			current = append(current, line)
			continue
		}
		if current != nil {
			paragraphs = append(paragraphs, current)
			current = nil
		}
	}
	if current != nil {
		paragraphs = append(paragraphs, current)
	}
	return paragraphs
}

// excerptRunes is about three lines of a list.
const excerptRunes = 280

// excerpt is the beginning of a body for lists: its first paragraph on one
// line, cut between words where it is long.
func excerpt(body string) string {
	paragraphs := Paragraphs(head(strings.TrimSpace(body), 4*excerptRunes))
	if len(paragraphs) == 0 {
		return ""
	}
	text := strings.Join(strings.Fields(strings.Join(paragraphs[0], " ")), " ")
	runes := []rune(text)
	if len(runes) <= excerptRunes {
		return text
	}
	cut := string(runes[:excerptRunes])
	if blank := strings.LastIndexByte(cut, ' '); blank > len(cut)/2 {
		cut = cut[:blank]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool { return r == ' ' || unicode.IsPunct(r) }) + "…"
}

// head returns at most n runes, without reading the rest of a long text.
func head(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// countWords counts what is read as words; in scripts written without blanks
// two characters count as one word, which is about their reading speed.
func countWords(body string) int {
	words, unspaced, inside := 0, 0, false
	for _, r := range body {
		switch {
		case unspacedScript(r):
			unspaced++
			inside = false
		case unicode.IsSpace(r):
			inside = false
		case !inside && (unicode.IsLetter(r) || unicode.IsDigit(r)): // a lone dash is no word
			words++
			inside = true
		}
	}
	return words + (unspaced+1)/2
}

// unspacedScript tells whether the letter belongs to a script written without blanks.
// None comes before Thai, and most of what is written does: looking every letter up in
// four tables took half of what the blog did for an autosave.
func unspacedScript(r rune) bool {
	return r >= '\u0e00' && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai))
}
