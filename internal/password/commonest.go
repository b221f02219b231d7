package password

import (
	_ "embed"
	"strings"
	"sync"

	"miniblog/internal/bloom"
)

// commonestFile is a filter of the commonest passwords, folded; what is in it, where that is from
// and how to make the file anew is in commonest/README.md. It is read as it lies in the program
// file, so it costs no heap, and nothing until the first password is chosen.
//
//go:embed commonest.bloom
var commonestFile string

// commonest is the filter, once it was found whole, which takes less than a millisecond.
var commonest = sync.OnceValue(func() bloom.Filter {
	filter, err := bloom.Open(commonestFile)
	if err != nil {
		panic("commonest.bloom: " + err.Error()) // no test of this package passes with it
	}
	return filter
})

// common reports whether pw, folded, is one of the commonest. It takes one in 100,000 others for
// one of them.
func common(pw string) bool { return commonest().Has(pw) }

// folded is how passwords are compared with each other and with names: upper and lower case are
// the same, and so is what looks the same.
func folded(text string) string { return strings.ToLower(canonical(text)) }
