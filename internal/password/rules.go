package password

import (
	"fmt"
	"unicode/utf8"
)

// MaxBytes is the longest password accepted. NIST SP 800-63B-4 asks for at least
// 64 characters; the limit only keeps a request from being mostly password.
const MaxBytes = 1024

// Rule names what is wrong with a password.
type Rule int

// The rules, in the order in which Check applies them.
const (
	NotText Rule = iota + 1
	TooLong
	TooShort
	ContainsUsername
	ContainsEmail // the name in the address
	ContainsTitle // of the blog
	OnlyContext   // hardly anything but words of username, email and title
	Common
)

// Problem is why a password was refused. Its Error is a sentence for the person
// who chose it.
type Problem struct {
	Rule Rule
	Min  int // the shortest password allowed, in characters
}

// Error says what is wrong and what to do next, ready for the screen.
func (p *Problem) Error() string {
	switch p.Rule {
	case NotText:
		return "This password has characters that could not be read. Type it again."
	case TooLong:
		return fmt.Sprintf("This password is too long. Use %d letters or digits at most.", MaxBytes)
	case TooShort:
		return fmt.Sprintf("Use at least %d characters. A few unrelated words work well.", p.Min)
	case ContainsUsername:
		return "Choose a password that does not contain your username."
	case ContainsEmail:
		return "Choose a password that does not contain the name in your email address."
	case ContainsTitle:
		return "Choose a password that does not contain the title of this blog."
	case OnlyContext:
		return "This password is little more than names that others know. Use a few unrelated words instead."
	default:
		return "This password is easy to guess. Use a few unrelated words instead."
	}
}

// Check returns nil when the account that about tells of may have pw, or a *Problem that names the
// first rule broken: valid UTF-8, at most MaxBytes bytes, at least so many characters (Unicode code
// points), not made of its context, and not a commonest one.
//
// Its context it must not contain (the username, the name in the email address, the blog's title),
// and words of it with less than four letters besides are too little. A longer password may
// contain a word of the title or of the address's domain. To this and to the commonest ones upper
// and lower case are the same.
//
// Every character counts: spaces are not trimmed, nothing has to be mixed in
// (NIST SP 800-63B-4, 3.1.1.2), and even a NUL is only a byte to Argon2, which
// is given the length. What is hashed is the canonical spelling (NFKC), so that
// is what the rules look at too.
func Check(pw string, about Context, least int) error {
	switch {
	case !utf8.ValidString(pw):
		return &Problem{NotText, least}
	case len(pw) > MaxBytes:
		return &Problem{TooLong, least}
	case utf8.RuneCountInString(canonical(pw)) < least:
		return &Problem{TooShort, least}
	}
	pw = folded(pw)
	if rule := about.broken(pw); rule != 0 {
		return &Problem{rule, least}
	}
	if common(pw) {
		return &Problem{Common, least}
	}
	return nil
}
