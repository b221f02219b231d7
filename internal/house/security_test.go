package house_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/security.md has a table a chapter of the ASVS, and below it, in one line, what there is nothing of here:
//
//	## V5 File handling
//	| id | level | what it asks | here |
//	| 5.3.2 | 1 | No path is made of a name that was sent | `handlers.TestTricksWithPathsLeadNowhere` |
//	Not here: 5.2.1, 5.2.2 (nobody uploads a file); 5.4.3 (no file of a stranger's is served)
//
// The last cell names tests, or gives the reason why there is none after "Deviation:".
var (
	chapterLine = regexp.MustCompile(`^## V(\d+) `)
	row         = regexp.MustCompile(`^\| (\d+\.\d+\.\d+) \| (\d) \| (.+) \| (.+) \|$`)
	absent      = regexp.MustCompile(`^((?:\d+\.\d+\.\d+(?:, )?)+) \((.+)\)$`)
	namedTest   = regexp.MustCompile("`([a-z0-9/]+\\.(?:Test|Fuzz)[A-Z]\\w*)`")
	codeSpan    = regexp.MustCompile("`[^`]*`")
)

const unkept = "PENDING:"

func TestTheTableOfSecurityIsWholeAndItsTestsAreThere(t *testing.T) {
	t.Parallel()
	for _, fault := range tableFaults(document(t, "docs/security.md"), levels(t), testNames(t)) {
		t.Error(fault)
	}
}

func TestNothingInTheTableOfSecurityIsPending(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(document(t, "docs/security.md")) {
		if found := row.FindStringSubmatch(strings.TrimSpace(line)); found != nil && strings.Contains(found[4], unkept) {
			t.Errorf("%s: %s", found[1], found[4])
		}
	}
}

func TestAFaultOfTheTableIsNoticed(t *testing.T) {
	t.Parallel()
	known, tests := map[string]string{"1.1.1": "2", "1.1.2": "1", "1.1.3": "2"}, map[string]bool{"handlers.TestX": true, "db.FuzzY": true}
	const head, good = "## V1 Encoding\n", "| 1.1.1 | 2 | This | `handlers.TestX`, `db.FuzzY` |\n| 1.1.2 | 1 | That | Deviation: why |\nNot here: 1.1.3 (why)\n"
	for text, want := range map[string]string{
		head + good: "",
		head + "| 1.1.1 | 2 | This | `handlers.TestX` |\nNot here: 1.1.3, 1.1.2 (why)\n":    "",
		head + good + "| 1.1.1 | 2 | This | `handlers.TestX` |\n":                           "1.1.1 is there twice",
		head + good + "Not here: 1.1.3 (why)\n":                                             "1.1.3 is there twice",
		head + strings.Replace(good, "1.1.3", "1.1.4", 1):                                   "1.1.4 is no requirement of level 1 or 2",
		head + strings.Replace(good, "Not here: 1.1.3 (why)\n", "", 1):                      "1.1.3 is missing",
		head + strings.Replace(good, "Not here: 1.1.3 (why)", "Not here: 1.1.3", 1):         `"1.1.3" names no requirement and a reason`,
		head + strings.Replace(good, "| 2 |", "| 1 |", 1):                                   "1.1.1 is of level 2",
		head + strings.Replace(good, "handlers.TestX", "handlers.TestZ", 1):                 "1.1.1: there is no test handlers.TestZ",
		head + strings.Replace(good, "handlers.TestX", "handlers.testX", 1):                 "1.1.1: `handlers.testX` is no test",
		head + strings.Replace(good, "Deviation: why", "It is so", 1):                       "1.1.2 has neither a test nor a reason",
		head + strings.Replace(good, "Deviation: why", "Deviation:", 1):                     "1.1.2 has neither a test nor a reason",
		head + strings.Replace(good, "| 1.1.1 | 2 | This |", "| 1.1.1 | 2 | This | x |", 1): "1.1.1: a cell too many",
		strings.Replace(head, "V1", "V2", 1) + good:                                         "1.1.1 stands in chapter 2",
		head + strings.Replace(good, "| 1.1.1 | 2 | This |", "| V1.1.1 | 2 | This |", 1):    "1.1.1 is missing",
		head + strings.Replace(good, "Not here: 1.1.3 (why)", "Not here: 1.1.3; (why)", 1):  `"1.1.3" names no requirement and a reason`,
	} {
		switch got := tableFaults(text, known, tests); {
		case want == "" && got != nil:
			t.Errorf("of\n%s\nit says %q", text, got)
		case want != "" && !slices.Contains(got, want):
			t.Errorf("of\n%s\nit says %q, not %q", text, got, want)
		}
	}
}

// tableFaults lists in words what is wrong with the tables of a document.
func tableFaults(text string, levels map[string]string, tests map[string]bool) (faults []string) {
	fault := func(format string, of ...any) { faults = append(faults, fmt.Sprintf(format, of...)) }
	chapter, seen := "", map[string]bool{}
	see := func(id string) {
		switch {
		case levels[id] == "":
			fault("%s is no requirement of level 1 or 2", id)
		case seen[id]:
			fault("%s is there twice", id)
		case !strings.HasPrefix(id, chapter+"."):
			fault("%s stands in chapter %s", id, chapter)
		}
		seen[id] = true
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if found := chapterLine.FindStringSubmatch(line); found != nil {
			chapter = found[1]
		}
		if list, ok := strings.CutPrefix(line, "Not here: "); ok {
			for item := range strings.SplitSeq(list, "; ") {
				found := absent.FindStringSubmatch(item)
				if found == nil {
					fault("%q names no requirement and a reason", item)
					continue
				}
				for id := range strings.SplitSeq(found[1], ", ") {
					see(id)
				}
			}
		}
		if found := row.FindStringSubmatch(line); found != nil {
			id, here := found[1], found[4]
			see(id)
			if levels[id] != "" && found[2] != levels[id] {
				fault("%s is of level %s", id, levels[id])
			}
			faults = append(faults, rowFaults(id, found[3], here, tests)...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(levels)) {
		if !seen[id] {
			fault("%s is missing", id)
		}
	}
	return faults
}

// rowFaults lists what is wrong with one row: what it asks and what is here.
func rowFaults(id, asks, here string, tests map[string]bool) (faults []string) {
	if strings.Contains(asks, "|") {
		faults = append(faults, id+": a cell too many")
	}
	for _, span := range codeSpan.FindAllString(here, -1) {
		switch named := namedTest.FindStringSubmatch(span); {
		case named == nil && strings.Contains(strings.ToLower(span), ".test"):
			faults = append(faults, id+": "+span+" is no test")
		case named != nil && !tests[named[1]]:
			faults = append(faults, id+": there is no test "+named[1])
		}
	}
	_, reason, deviates := strings.Cut(here, "Deviation:")
	if !namedTest.MatchString(here) && !strings.Contains(here, unkept) && (!deviates || strings.TrimSpace(reason) == "") {
		faults = append(faults, id+" has neither a test nor a reason")
	}
	return faults
}

// levels is every requirement that the table must have, with its level.
func levels(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/asvs-5.0.0.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if id, level, ok := strings.Cut(strings.TrimSpace(line), " "); ok && id != "#" {
			found[id] = level
		}
	}
	if len(found) != 210 {
		t.Fatalf("there are %d requirements, not 61 of level 1 and 149 of level 2", len(found))
	}
	return found
}

// testNames is every test and every fuzz target of the house, as package.TestName.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, room := range listed(t) {
		files, err := filepath.Glob(filepath.Join(room.Dir, "*_test.go")) // whatever system they are for
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			for _, declared := range parse(t, token.NewFileSet(), name).Decls {
				if function, ok := declared.(*ast.FuncDecl); ok && isTest(function) {
					found[room.part()+"."+function.Name.Name] = true
				}
			}
		}
	}
	return found
}

// isTest tells what go test runs by itself from what only looks so.
func isTest(function *ast.FuncDecl) bool {
	takes := function.Type.Params.List
	if function.Recv != nil || len(takes) != 1 {
		return false
	}
	pointer, ok := takes[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := pointer.X.(*ast.SelectorExpr)
	return ok && (of.Sel.Name == "T" && strings.HasPrefix(function.Name.Name, "Test") ||
		of.Sel.Name == "F" && strings.HasPrefix(function.Name.Name, "Fuzz"))
}

// document reads a file of the repository.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
