// Command build keeps the compiler from copying components into each other. What templ
// generates is a short function around a long closure; the compiler would put the function,
// and with it one more copy of the closure, wherever a component is used: a twentieth of the
// program. It runs in views, after templ.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
)

const directive = "//go:noinline\n"

// component is the first line of a generated component, without the directive.
var component = regexp.MustCompile(`(?m)^func (?:\([^)]*\) )?\w+\(.*\) templ\.Component \{$`)

func main() {
	files, err := filepath.Glob("*_templ.go")
	for _, path := range files {
		if err == nil {
			err = keepApart(path)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// keepApart adds the directive to every component of a file that templ has just written.
func keepApart(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	bare := bytes.ReplaceAll(content, []byte(directive), nil)
	kept, err := format.Source(component.ReplaceAll(bare, []byte(directive+"$0")))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, kept, 0o644)
}
