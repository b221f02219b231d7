package sqlite

import "strings"

// tokenKind is what a piece of a definition is.
type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	nameToken // a name in quotes
	textToken // a text in single quotes, which may stand for a name
	numberToken
	blobToken
	signToken // any other character
)

// token is a piece of a definition. Quotes are taken off its text; words stay as they are written.
type token struct {
	kind       tokenKind
	text       string
	begin, end int // where it is
}

func (t token) isName() bool {
	return t.kind == wordToken || t.kind == nameToken || t.kind == textToken
}

// is tells whether the token is that sign, or one of these words in any letters.
func (t token) is(words ...string) bool {
	if t.kind != wordToken && t.kind != signToken {
		return false
	}
	for _, word := range words {
		if strings.EqualFold(t.text, word) {
			return true
		}
	}
	return false
}

// scanner takes a definition apart, token after token (sqlite.org/lang_createtable.html and
// tokenreq.html). It always has the next one at hand.
type scanner struct {
	sql string
	token
}

func scan(sql string) *scanner {
	sql, _, _ = strings.Cut(sql, "\x00") // where SQLite's own reading ends
	s := &scanner{sql: sql}
	s.advance()
	return s
}

// advance goes on to the next token.
func (s *scanner) advance() {
	s.begin = s.skipBlanks(s.end)
	s.kind, s.end = s.measure(s.begin)
	s.text = s.sql[s.begin:s.end]
	switch s.kind {
	case nameToken, textToken:
		s.text = unquote(s.text)
	case blobToken:
		s.text = unquote(s.text[1:])
	}
}

// skipBlanks finds what comes after blanks and comments.
func (s *scanner) skipBlanks(at int) int {
	for at < len(s.sql) {
		rest := s.sql[at:]
		switch {
		case strings.IndexByte(" \t\n\f\r", rest[0]) >= 0:
			at++
		case strings.HasPrefix(rest, "--"):
			at += until(rest, 2, "\n")
		case strings.HasPrefix(rest, "/*") && len(rest) > 2:
			at += until(rest, 2, "*/")
		default:
			return at
		}
	}
	return at
}

// until tells how long a text is to the end of the first mark that begins at a place or later; all of
// it without one.
func until(text string, from int, mark string) int {
	if place := strings.Index(text[from:], mark); place >= 0 {
		return from + place + len(mark)
	}
	return len(text)
}

// measure tells what begins there, and where it ends.
func (s *scanner) measure(at int) (tokenKind, int) {
	if at == len(s.sql) {
		return endToken, at
	}
	rest := s.sql[at:]
	switch first := rest[0]; {
	case first == '\'':
		return textToken, at + quoted(rest)
	case first == '"' || first == '`':
		return nameToken, at + quoted(rest)
	case first == '[':
		return nameToken, at + until(rest, 1, "]")
	case (first == 'x' || first == 'X') && len(rest) > 1 && rest[1] == '\'':
		return blobToken, at + 1 + quoted(rest[1:])
	case isDigit(first) || first == '.' && len(rest) > 1 && isDigit(rest[1]):
		return numberToken, at + numberLength(rest)
	case isLetter(first):
		return wordToken, at + wordLength(rest)
	}
	return signToken, at + 1
}

// quoted tells how long what begins with a quote is: a quote in it is doubled.
func quoted(text string) int {
	quote := text[:1]
	for end := 1; ; {
		end = until(text, end, quote)
		if !strings.HasPrefix(text[end:], quote) {
			return end
		}
		end++
	}
}

// unquote takes the quotes off.
func unquote(text string) string {
	if len(text) < 2 {
		return ""
	}
	quote, inner := text[:1], text[1:len(text)-1]
	if quote == "[" {
		return inner
	}
	return strings.ReplaceAll(inner, quote+quote, quote)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isLetter(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || b == '_' || b >= 0x80
}

func wordLength(text string) int {
	end := 0
	for end < len(text) && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '$') {
		end++
	}
	return end
}

// numberLength takes in all that a number can have: what is none is seen when it is read.
func numberLength(text string) int {
	end := 0
	for end < len(text) && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '.' || isExponentSign(text, end)) {
		end++
	}
	return end
}

// isExponentSign tells whether there is the sign of a decimal number's exponent.
func isExponentSign(text string, at int) bool {
	isHex := len(text) > 1 && text[1]|0x20 == 'x'
	return at > 0 && !isHex && (text[at] == '+' || text[at] == '-') && text[at-1]|0x20 == 'e'
}
