package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statement is how SQL begins. Words for people are not written in capitals.
var statement = regexp.MustCompile(`^\s*(--.*\s+)*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|TRUNCATE|COPY|EXPLAIN|LISTEN|NOTIFY|SHOW|SET|BEGIN|LOCK) [\w$"'(*]`)

// wordRules say what is written in one place only.
var wordRules = []struct {
	what string
	is   func(literal string) bool
	home []string // packages, or files of one
}{
	{"SQL", statement.MatchString, []string{
		"db", "internal/dbtest", "internal/localpg",
		"probe/site.go", // no query of the blog's has the throttle forget
	}},
	{"a header of htmx", func(literal string) bool { return strings.Contains(literal, "HX-") }, []string{"handlers/render.go", "bench/writers.go"}},
}

func TestSQLAndTheHeadersOfHTMXAreWrittenInOnePlaceOnly(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, room := range rooms(t) {
		for _, name := range room.GoFiles {
			positions := token.NewFileSet()
			file := parse(t, positions, filepath.Join(room.Dir, name))
			eachText(file, func(node ast.Node, text string) {
				for _, rule := range wordRules {
					switch {
					case !rule.is(text):
					case slices.Contains(rule.home, room.part()), slices.Contains(rule.home, path.Join(room.part(), name)):
						found[rule.what] = true
					default:
						t.Errorf("%s: %s does not belong here: %.60q", positions.Position(node.Pos()), rule.what, text)
					}
				}
			})
		}
	}
	for _, rule := range wordRules {
		if !found[rule.what] {
			t.Errorf("there is no %s even where it belongs: the rule sees nothing", rule.what)
		}
	}
}

// TestHandlersKnowTheDatabaseOnlyByItsErrors: what they need of it they ask the domain.
func TestHandlersKnowTheDatabaseOnlyByItsErrors(t *testing.T) {
	t.Parallel()
	for _, room := range rooms(t) {
		if room.part() != "handlers" {
			continue
		}
		for _, name := range room.GoFiles {
			for _, imported := range parse(t, token.NewFileSet(), filepath.Join(room.Dir, name)).Imports {
				if imported.Path.Value == strconv.Quote(module+"/db") && name != "errors.go" {
					t.Errorf("handlers/%s imports db", name)
				}
			}
		}
	}
}

func TestStatementsAreToldFromSentences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"SELECT 1":                         true,
		"\n\t-- a note\nINSERT INTO posts": true,
		"DELETE FROM posts WHERE id = $1":  true,
		"WITH touched AS (UPDATE posts)":   true,
		"SELECT * FROM posts":              true,
		"Select a post":                    false,
		"Delete from the list":             false,
		"SET-COOKIE":                       false,
		"SELECTED":                         false,
		"update":                           false,
	} {
		if statement.MatchString(text) != want {
			t.Errorf("%q: SQL is %v", text, !want)
		}
	}
}

func parse(t *testing.T, positions *token.FileSet, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// eachText visits every string that is written out in the file.
func eachText(file *ast.File, visit func(ast.Node, string)) {
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				visit(node, text)
			}
		}
		return true
	})
}
