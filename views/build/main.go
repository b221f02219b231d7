// Command build makes what templ generates smaller and quicker. It runs in views, after templ.
//
// A component is a short function around a long closure; the compiler would put the function,
// and with it one more copy of the closure, wherever a component is used: a twentieth of the
// program. It is told not to.
//
// Each text is given to a function of templ's that takes values of any type, and each component
// hides its children from those below, whether it has any or not: most of what rendering a page
// left to the garbage collector. The views have texts alone, and functions for these.
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

// replaced are templ's functions and ours, see component.go.
var replaced = map[string]string{
	"templruntime.GeneratedTemplate(": "component(",
	"templ.JoinStringErrs(":           "textOf(",
	"templ.ResolveAttributeValue(":    "valueOf(",
	"templ.JoinURLErrs(":              "urlOf(",
}

// functions are the parts of a file that begin with one, and children what one of them begins
// with, and the variable that they are in.
var (
	functions = regexp.MustCompile(`(?ms)^func .*?^}$`)
	children  = regexp.MustCompile(`(?s)\n[^\n]*(templ_\w+) := templ\.GetChildren\(ctx\).*?ctx = templ\.ClearChildren\(ctx\)`)
)

// withoutUnusedChildren leaves out that a component looks for children which it never shows.
func withoutUnusedChildren(function []byte) []byte {
	found := children.FindSubmatch(function)
	if found == nil || bytes.Contains(function, append(found[1], ".Render("...)) {
		return function
	}
	return bytes.Replace(function, found[0], nil, 1)
}

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
	for theirs, ours := range replaced {
		bare = bytes.ReplaceAll(bare, []byte(theirs), []byte(ours))
	}
	bare = functions.ReplaceAllFunc(bare, withoutUnusedChildren)
	kept, err := format.Source(component.ReplaceAll(bare, []byte(directive+"$0")))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, kept, 0o644)
}
