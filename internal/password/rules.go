package password

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxBytes is the longest password accepted. NIST SP 800-63B-4 asks for at least
// 64 characters; the limit only keeps a request from being mostly password.
const MaxBytes = 1024

// minUsername is the shortest username that a password is searched for: nearly
// every password contains some "a" or "jo".
const minUsername = 3

// Rule names what is wrong with a password.
type Rule int

// The rules, in the order in which Check applies them.
const (
	NotText Rule = iota + 1
	TooLong
	TooShort
	ContainsUsername
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
	default:
		return "This password is easy to guess. Use a few unrelated words instead."
	}
}

// Check returns nil when username may choose pw, or a *Problem that names the
// first rule broken: valid UTF-8, at most MaxBytes bytes, at least so many
// characters (Unicode code points), without the username, and not a commonest
// one (upper and lower case are the same to the last two).
//
// Every character counts: spaces are not trimmed, nothing has to be mixed in
// (NIST SP 800-63B-4, 3.1.1.2), and even a NUL is only a byte to Argon2, which
// is given the length. What is hashed is the canonical spelling (NFKC), so that
// is what the rules look at too.
func Check(pw, username string, least int) error {
	switch {
	case !utf8.ValidString(pw):
		return &Problem{NotText, least}
	case len(pw) > MaxBytes:
		return &Problem{TooLong, least}
	}
	pw = canonical(pw)
	switch {
	case utf8.RuneCountInString(pw) < least:
		return &Problem{TooShort, least}
	case utf8.RuneCountInString(username) >= minUsername && containsFold(pw, username):
		return &Problem{ContainsUsername, least}
	case common(strings.ToLower(pw)):
		return &Problem{Common, least}
	}
	return nil
}

func containsFold(pw, username string) bool {
	return strings.Contains(strings.ToLower(pw), strings.ToLower(username))
}
