package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What docs/security.md says of the program: numbers as `package.constant = value`, and links.
var (
	namedNumber = regexp.MustCompile("`([a-z0-9/]+\\.\\w+) = ([^`]+)`")
	link        = regexp.MustCompile(`\]\(([^)#]*)(?:#([^)]*))?\)`)
	table       = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	cryptoRow   = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|$")
	isCrypto    = regexp.MustCompile(`^(crypto|hash|golang\.org/x/crypto|math/rand)(/|$)`)
)

func TestTheNumbersInTheDocumentAreTheProgramsOwn(t *testing.T) {
	t.Parallel()
	constants := constants(t)
	said := namedNumber.FindAllStringSubmatch(document(t, "docs/security.md"), -1)
	for _, each := range said {
		if got := constants[each[1]]; got != each[2] {
			t.Errorf("%s is said to be %s and is %q", each[1], each[2], got)
		}
	}
	if len(said) < 10 {
		t.Errorf("only %d numbers are said: the rule sees nothing", len(said))
	}
}

// constants is what each constant of the program is set to, by package.name and by .name alone.
func constants(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, room := range rooms(t) {
		for _, name := range room.GoFiles {
			eachConstant(parse(t, token.NewFileSet(), filepath.Join(room.Dir, name)), func(name, value string) {
				found[room.part()+"."+name], found["."+name] = value, value
			})
		}
	}
	return found
}

func eachConstant(file *ast.File, visit func(name, value string)) {
	ast.Inspect(file, func(node ast.Node) bool {
		declared, ok := node.(*ast.GenDecl)
		if !ok || declared.Tok != token.CONST {
			return true
		}
		for _, spec := range declared.Specs {
			values := spec.(*ast.ValueSpec)
			for i, value := range values.Values {
				visit(values.Names[i].Name, types.ExprString(value))
			}
		}
		return true
	})
}

// TestTheCryptographyIsTheInventorys: each package that makes hashes, keys or random numbers is listed with those that use
// it, and none else. Helpers of tests may use what they like.
func TestTheCryptographyIsTheInventorys(t *testing.T) {
	t.Parallel()
	used := map[string][]string{}
	for _, room := range rooms(t) {
		for _, imported := range room.Imports {
			if isCrypto.MatchString(imported) && !slices.Contains(room.Imports, "testing") {
				used[imported] = append(used[imported], "`"+room.part()+"`")
			}
		}
	}
	listed := map[string]bool{}
	for _, row := range cryptoRow.FindAllStringSubmatch(section(t, document(t, "docs/security.md"), "## Cryptography"), -1) {
		listed[row[1]] = true
		if got := strings.Join(used[row[1]], ", "); got != row[2] {
			t.Errorf("%s is listed for %s and used by %s", row[1], row[2], got)
		}
	}
	for imported, by := range used {
		if !listed[imported] {
			t.Errorf("%s is not listed, and used by %s", imported, strings.Join(by, ", "))
		}
	}
}

func TestEveryDependencyIsNamedWithItsReason(t *testing.T) {
	t.Parallel()
	reasons, seen := section(t, document(t, "ARCHITECTURE.md"), "## Dependencies"), 0
	for line := range strings.Lines(document(t, "go.mod")) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") { // indirect ones have a comment
			continue
		}
		seen++
		if name := path.Base(unversioned(fields[0])); !strings.Contains(reasons, name) {
			t.Errorf("ARCHITECTURE.md gives no reason for %s", fields[0])
		}
	}
	if seen < 5 {
		t.Errorf("go.mod requires only %d modules: the rule sees nothing", seen)
	}
}

func TestEveryTableIsNamedWithHowItsDataAreProtected(t *testing.T) {
	t.Parallel()
	data := section(t, document(t, "docs/security.md"), "## Data")
	migrations, err := filepath.Glob("../../db/migrations/*.sql")
	if err != nil || len(migrations) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, name := range migrations {
		for _, made := range table.FindAllStringSubmatch(document(t, "db/migrations/"+filepath.Base(name)), -1) {
			if !strings.Contains(data, "`"+made[1]+"`") {
				t.Errorf("docs/security.md does not say how what is in %s is protected", made[1])
			}
		}
	}
}

func TestWhatTheDocumentsLinkToIsThere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "SECURITY.md", "docs/security.md", "docs/deploying.md"} {
		for _, found := range link.FindAllStringSubmatch(document(t, name), -1) {
			to, heading := found[1], found[2]
			if strings.Contains(to, "://") {
				continue
			}
			target := name
			if to != "" {
				target = path.Join(path.Dir(name), to)
			}
			if matches, err := filepath.Glob("../../" + target); err != nil || len(matches) != 1 {
				t.Errorf("%s links to %s, which is not there", name, to)
				continue
			}
			if heading != "" && !slices.Contains(anchors(document(t, target)), heading) {
				t.Errorf("%s links to %s#%s, which is not there", name, to, heading)
			}
		}
	}
}

// anchors are the headings of a document as addresses name them.
func anchors(text string) (found []string) {
	for line := range strings.Lines(text) {
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && line[0] == '#' {
			found = append(found, strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), " ", "-"))
		}
	}
	return found
}

// section is the part of a document below that heading.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("there is no %q", heading)
	}
	part, _, _ := strings.Cut(rest, "\n## ")
	return part
}
