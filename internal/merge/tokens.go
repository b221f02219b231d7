package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lines cuts a text after each line end. Joined, they are the text.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	cut := strings.SplitAfter(text, "\n")
	if last := len(cut) - 1; cut[last] == "" {
		cut = cut[:last]
	}
	return cut
}

// words cuts a text into words, stretches of blanks, and single other signs. In
// scripts written without blanks each sign counts as a word. Joined, they are the
// text.
func words(text string) (cut []string) {
	for text != "" {
		n := wordLength(text)
		cut = append(cut, text[:n])
		text = text[n:]
	}
	return cut
}

func wordLength(text string) (n int) {
	last, n := utf8.DecodeRuneInString(text)
	kind := kindOf(last)
	for n < len(text) && kind != lineEnd {
		next, size := utf8.DecodeRuneInString(text[n:])
		if !joins(last, next) && (kind == other || kindOf(next) != kind) {
			break
		}
		last, n = next, n+size
	}
	return n
}

type kind int

const (
	other kind = iota
	lineEnd
	letters
	blanks
	flags
)

func kindOf(r rune) kind {
	switch {
	case r == '\n':
		return lineEnd
	case unicode.IsSpace(r):
		return blanks
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
		return other
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\'', r == '’':
		return letters
	case unicode.Is(unicode.Regional_Indicator, r):
		return flags
	}
	return other
}

// joins tells whether two characters are one sign: a mark or a colour of skin
// belongs to what it follows, and a joiner holds emoji together.
func joins(last, next rune) bool {
	const zeroWidthJoiner, lightest, darkest = '\u200d', '\U0001f3fb', '\U0001f3ff'
	return unicode.IsMark(next) || next == zeroWidthJoiner || last == zeroWidthJoiner || lightest <= next && next <= darkest
}

func join(tokens []string) string { return strings.Join(tokens, "") }
