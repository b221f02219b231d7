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

// sentences cuts a text after each line end, and after each stop with the quotes,
// brackets and blanks that follow it. Joined, they are the text.
func sentences(text string) (cut []string) {
	begun, stopped := 0, false
	for i, r := range text {
		ends := strings.ContainsRune(".!?…。！？", r) || stopped && strings.ContainsRune("\"'’”»)]", r)
		if stopped && !ends && !unicode.IsSpace(r) && spaced(text[:i]) {
			cut = append(cut, text[begun:i])
			begun = i
		}
		stopped = ends || stopped && unicode.IsSpace(r)
		if r == '\n' {
			cut = append(cut, text[begun:i+1])
			begun, stopped = i+1, false
		}
	}
	if begun < len(text) {
		cut = append(cut, text[begun:])
	}
	return cut
}

// spaced tells whether a sentence may begin after a text: a stop within a number or an
// address ends none, and after a wide one there is no blank.
func spaced(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsSpace(last) || strings.ContainsRune("。！？", last)
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
