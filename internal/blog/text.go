package blog

import (
	"strings"
	"unicode"

	"miniblog/internal/markdown"
)

// Paragraphs splits a body into paragraphs, each into its lines: a blank line
// ends a paragraph. So a text without marks is read: what people tell of themselves.
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

// How much of a text lists show, in characters: about three lines, or what its author has
// marked, within reason.
const (
	excerptRunes = 280
	markedRunes  = 1500
)

// excerpt is the beginning of a body for lists, without marks: its first paragraph, or
// all paragraphs before <!--more-->, parted by a blank line.
func excerpt(body string) string {
	if strings.Contains(body, "<!--more-->") {
		return markdown.Excerpt(body, markedRunes)
	}
	return markdown.Excerpt(body, excerptRunes)
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
