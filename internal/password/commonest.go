package password

import (
	_ "embed"
	"strings"
)

// commonest holds one password a line, lower case, in byte order; where they are
// from and how to make the file anew is in commonest/README.md. It is searched
// as it lies in the program file, so that it costs no heap and the pages of it
// that no search touches are never read.
//
//go:embed commonest.txt
var commonest string

// common reports whether pw, in lower case, is a line of commonest.
func common(pw string) bool {
	if strings.Contains(pw, "\n") {
		return false
	}
	rest := commonest
	for rest != "" {
		start := strings.LastIndexByte(rest[:len(rest)/2], '\n') + 1
		end := start + strings.IndexByte(rest[start:], '\n')
		switch line := rest[start:end]; {
		case line == pw:
			return true
		case line < pw:
			rest = rest[end+1:]
		default:
			rest = rest[:start]
		}
	}
	return false
}
