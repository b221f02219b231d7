package house_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dangers are what must not stand in the files of a kind: it would make text of a stranger's into markup or a program,
// or believe what another window says.
var dangers = map[string]*regexp.Regexp{
	"assets/js/*.js": regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|srcdoc|\beval\(|new Function` +
		`|set(Timeout|Interval)\(["'` + "`" + `]|postMessage|"message"|__proto__|\.prototype|\bvar |[^=!]==[^=]|!=[^=]|\bfor \((const|let) \w+ in |\w\[[^\]]+\] = |javascript:`),
	"views/*.templ": regexp.MustCompile(`templ\.(Raw|SafeURL|SafeCSS|SafeScript|JSUnsafe|JSExpression|URL)|<script(>| [^s]| src=[^{]| src=\{ [^a])|<style|<iframe|<object|<embed` +
		`|\bstyle=|\bon\w+=|hx-on|hx-vals|javascript:`),
}

func TestScriptsAndViewsMakeNoMarkupOrProgramOfText(t *testing.T) {
	t.Parallel()
	for kind, danger := range dangers {
		files, err := filepath.Glob("../../" + kind)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", kind, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if found := danger.FindString(string(text)); found != "" {
				t.Errorf("%s has %q", name, found)
			}
		}
	}
}

// What is printed as it is has the type that only the sanitizer makes.
func TestOneFunctionPrintsMarkupAsItIs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../views/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no views: %v", err)
	}
	raw := map[string]int{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if count := strings.Count(string(text), "templ.Raw("); count > 0 {
			raw[filepath.Base(name)] += count
		}
	}
	if len(raw) != 1 || raw["sanitized.go"] != 1 {
		t.Errorf("templ.Raw is called in %v, want once in sanitized.go", raw)
	}
}

func TestDangersAreToldFromWhatIsHarmless(t *testing.T) {
	t.Parallel()
	for kind, cases := range map[string]map[string]bool{
		"assets/js/*.js": {
			"a.innerHTML = b": true, "eval(x)": true, `setTimeout("x", 1)`: true, "a == b": true, "a != b": true, "for (const k in o)": true, "o[k] = v": true,
			"a.textContent = b": false, "setTimeout(() => x, 1)": false, "a === b && a !== b": false, "for (const k of o)": false, "const [a, b] = c": false,
		},
		"views/*.templ": {
			"@templ.Raw(x)": true, "<script>x</script>": true, `<script src="https://x">`: true, `<p style={ x }>`: true, `<p onclick="x">`: true,
			`<script src={ assets.URL("app.js") } defer>`: false, `<p class="one">`: false, "<p data-state={ x }>": false,
		},
	} {
		for text, want := range cases {
			if dangers[kind].MatchString(text) != want {
				t.Errorf("%s: %q is a danger: %v", kind, text, !want)
			}
		}
	}
}

// writtenOut says of which functions an argument must be a text that stands in the program: a pattern or a format that
// is put together could be put together from what somebody sent.
var writtenOut = map[string]int{
	"regexp.Compile": 0, "regexp.MustCompile": 0, "regexp.MatchString": 0, "fmt.Sprintf": 0, "fmt.Printf": 0, "fmt.Errorf": 0, "fmt.Fprintf": 1, "fmt.Appendf": 1,
}

func TestPatternsAndFormatsAreWrittenOut(t *testing.T) {
	t.Parallel()
	constants := constants(t)
	eachCall(t, func(where, called string, arguments []ast.Expr) {
		at, rule := writtenOut[called]
		if rule && !strings.HasPrefix(where, "bench/") && !strings.HasPrefix(where, "probe/") && !isWrittenOut(arguments[at], constants) {
			t.Errorf("%s: %s is given what is not written out", where, called)
		}
	})
}

// isWrittenOut tells whether a text is made of literals and constants alone.
func isWrittenOut(text ast.Expr, constants map[string]string) bool {
	switch text := text.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return constants["."+text.Name] != ""
	case *ast.BinaryExpr:
		return isWrittenOut(text.X, constants) && isWrittenOut(text.Y, constants)
	}
	return false
}

// TestTheLogGoesWhereTheProgramSendsIt: to stderr, and nothing is logged around that.
func TestTheLogGoesWhereTheProgramSendsIt(t *testing.T) {
	t.Parallel()
	made := 0
	eachCall(t, func(where, called string, _ []ast.Expr) {
		switch {
		case called == "slog.NewTextHandler" || called == "slog.NewJSONHandler" || called == "logging.Text" || called == "logging.JSON":
			made++
			if !strings.HasPrefix(where, "cmd/miniblog/log.go:") && !strings.HasPrefix(where, "internal/logging/") {
				t.Errorf("%s makes a log of its own", where)
			}
		case strings.HasPrefix(called, "log.Print") || strings.HasPrefix(called, "log.Fatal") || strings.HasPrefix(called, "log.Panic"),
			called == "slog.Info" || called == "slog.Warn" || called == "slog.Error" || called == "slog.SetDefault":
			if !strings.HasPrefix(where, "bench/") && !strings.HasPrefix(where, "assets/build/") {
				t.Errorf("%s logs by itself", where)
			}
		}
	})
	if made == 0 {
		t.Error("there is no log at all: the rule sees nothing")
	}
}

// eachCall visits every call of another package's function: where it stands, and as what, such as fmt.Sprintf.
func eachCall(t *testing.T, visit func(where, called string, arguments []ast.Expr)) {
	t.Helper()
	for _, room := range rooms(t) {
		for _, name := range room.GoFiles {
			positions := token.NewFileSet()
			ast.Inspect(parse(t, positions, filepath.Join(room.Dir, name)), func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				if function, ok := call.Fun.(*ast.SelectorExpr); ok {
					if of, ok := function.X.(*ast.Ident); ok {
						visit(room.part()+"/"+filepath.Base(positions.Position(call.Pos()).String()), of.Name+"."+function.Sel.Name, call.Args)
					}
				}
				return true
			})
		}
	}
}
