package views_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"miniblog/internal/account"
	"miniblog/views"
)

func TestEveryKindOfEventHasWords(t *testing.T) {
	t.Parallel()
	kinds := kindsOfEvents(t)
	if len(kinds) < 21 {
		t.Fatalf("only %d kinds were found: %v", len(kinds), kinds)
	}
	said := map[string]account.Kind{}
	for _, kind := range kinds {
		words := views.KindWords(kind)
		if words == string(kind) || strings.HasSuffix(words, ".") {
			t.Errorf("%s has no words: %q", kind, words)
		}
		if other, twice := said[words]; twice {
			t.Errorf("%s and %s are both %q", kind, other, words)
		}
		said[words] = kind
	}
}

// kindsOfEvents are the constants of the type Kind, from the source.
func kindsOfEvents(t *testing.T) (kinds []account.Kind) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/account/events.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); ok && named.Name == "Kind" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, account.Kind(value))
		}
		return true
	})
	return kinds
}
