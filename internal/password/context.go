package password

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Context is what somebody who guesses an account's password knows of it and tries first (NIST
// SP 800-63B-4, 3.1.1.2). What is empty counts for nothing.
type Context struct {
	Username string
	Email    string // the whole address
	Blog     string // the blog's title
}

// Nearly every password contains some "a" or "jo", and many words a short one like "blog" or
// "notes": so this is how many characters each must have to count.
const (
	minUsername = 3 // the shortest there is
	minWord     = 4 // a word of any of them, or the name in an email address
	minTitle    = 8 // letters and digits of a title
)

// minRest is how many characters, digits and punctuation apart, a password must have besides words
// of its context.
const minRest = 4

// maxPart is how many bytes of context are looked at. No username, address or title has as many;
// what somebody sends instead of one may have millions.
const maxPart = 1024

// broken returns the rule that pw, folded, breaks, or 0.
func (c Context) broken(pw string) Rule {
	username, email, title := part(c.Username), part(c.Email), part(c.Blog)
	switch {
	case contains(pw, username, minUsername):
		return ContainsUsername
	case containsEmail(pw, email):
		return ContainsEmail
	case contains(bare(pw), bare(title), minTitle):
		return ContainsTitle
	case littleBesides(pw, words(username+" "+email+" "+title)):
		return OnlyContext
	}
	return 0
}

func part(text string) string {
	if len(text) > maxPart {
		return ""
	}
	return folded(text)
}

// contains reports whether pw contains name, if that has at least so many characters.
func contains(pw, name string, least int) bool {
	return utf8.RuneCountInString(name) >= least && strings.Contains(pw, name)
}

// containsEmail looks for the name in the address, without a tag, with and without dots; and for
// the address, in case the name is short.
func containsEmail(pw, email string) bool {
	name, _, _ := strings.Cut(email, "@")
	name, _, _ = strings.Cut(name, "+")
	return contains(pw, name, minWord) || contains(pw, bare(name), minWord) || contains(pw, email, minWord)
}

// bare is text without all that is neither letter nor digit.
func bare(text string) string {
	return strings.Join(words(text), "")
}

// words are the runs of letters and digits in text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	})
}

// littleBesides reports whether pw contains some of the words and hardly anything else. The longest
// are taken away first: "blogger" is not to leave "ger" behind.
func littleBesides(pw string, known []string) bool {
	slices.SortFunc(known, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	rest := pw
	for _, word := range known {
		if utf8.RuneCountInString(word) >= minWord {
			rest = strings.ReplaceAll(rest, word, " ")
		}
	}
	return rest != pw && letters(rest) < minRest
}

// letters counts the characters that are not digits, blanks or punctuation, as which the symbols
// on a keyboard count.
func letters(text string) (n int) {
	for _, r := range text {
		keyboard := r < utf8.RuneSelf && !unicode.IsLetter(r)
		if !keyboard && !unicode.IsNumber(r) && !unicode.IsPunct(r) && !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
