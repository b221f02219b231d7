// Package house_test holds the rules of ARCHITECTURE.md that the compiler does not:
// which package may import which, and what may be written where.
package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "miniblog"

// room is a package as go list tells it. Imports are those of the program, TestImports and XTestImports those of its tests.
type room struct {
	ImportPath   string
	Name         string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// arrows are what each part of the program may import of the others. A path ending in /... stands for all below.
var arrows = map[string][]string{
	"cmd/...":         {"handlers", "internal/...", "db"},
	"handlers":        {"views", "assets", "internal/...", "db"},
	"views":           {"assets", "internal/..."}, // for the types of the blog, never for the database
	"internal/...":    {"internal/...", "db"},
	"db":              {},
	"assets":          {},
	"assets/build":    {"assets"},
	"views/build":     {},
	"bench":           {"bench/contender", "internal/demo", "internal/localpg", "db"}, // the blog itself it knows by its address alone
	"bench/contender": {"db"},                                                         // for the same queries
	"probe":           {"internal/localpg", "db"},                                     // to have the throttle forget
}

// keepers are the only ones that may import what is named, or anything below it.
var keepers = map[string][]string{
	"github.com/jackc/pgx":             {"db", "internal/dbtest", "internal/localpg", "internal/config"},
	"github.com/jackc/pgx/pgtype":      {"db"},
	"github.com/pressly/goose":         {"db"},
	"github.com/aymanbagabas/go-udiff": {"internal/merge"},
	"github.com/gofiber/fiber":         {"handlers", "bench/contender"},
	"github.com/valyala/fasthttp":      {"handlers", "bench"},
	"github.com/a-h/templ":             {"handlers", "views"},
	"golang.org/x/crypto":              {"internal/password", "bench/contender"},
	"database/sql":                     {"db"},
	"modernc.org/sqlite":               {}, // four MiB of it: tests alone
	"github.com/wneessen/go-mail":      {"internal/mail"},
	"github.com/emersion":              {"internal/mailtest"},
	"github.com/yuin/goldmark":         {"internal/markdown"},
	"github.com/alecthomas/chroma":     {"internal/markdown"},
	"github.com/microcosm-cc":          {"internal/markdown"},
	"golang.org/x/net":                 {"internal/feed", "internal/markdown"},
	"html/template":                    {},
	"text/template":                    {"assets/build"},
	"net/http":                         {"cmd/miniblog", "bench", "bench/contender", "probe"}, // its client above all: no address that somebody sent is asked for anything
	"net/smtp":                         {},
	"os/exec":                          {"internal/localpg", "internal/password", "internal/dbtest", "internal/mailtest", "bench", "probe"},
	"math/rand":                        {"internal/demo", "bench"}, // which are no secret
	"unsafe":                           {},
	"C":                                {},
	"plugin":                           {},
	"net/rpc":                          {},
	"encoding/gob":                     {},
	"encoding/xml":                     {"internal/feed", "internal/sitemap"}, // which write and read nothing
	"golang.org/x/image":               {"internal/card"},
	"testing":                          {"internal/dbtest", "internal/mailtest"},
	module + "/handlers":               {"cmd/..."},
	module + "/internal/dbtest":        {},
	module + "/internal/mailtest":      {},
}

// outsiders are tests that drive the built program and must know nothing of its insides
// but what is named, or they would share its mistakes.
var outsiders = map[string][]string{"torture": {"internal/localpg"}}

// namesThatSayNothing are forbidden: such a package is named for no subject.
var namesThatSayNothing = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "service", "services", "pkg", "misc", "shared", "base"}

func TestEveryPackageKeepsToTheHouse(t *testing.T) {
	t.Parallel()
	for _, room := range rooms(t) {
		for _, breach := range breaches(room) {
			t.Error(breach)
		}
	}
}

func TestABreachOfTheHouseIsNoticed(t *testing.T) {
	t.Parallel()
	for breach, room := range map[string]room{
		"miniblog/views must not import miniblog/db":                           {ImportPath: "miniblog/views", Imports: []string{"strings", "miniblog/db"}},
		"miniblog/db must not import miniblog/internal/fault":                  {ImportPath: "miniblog/db", Imports: []string{"miniblog/internal/fault"}},
		"miniblog/internal/blog must not import miniblog/handlers":             {ImportPath: "miniblog/internal/blog", Imports: []string{"miniblog/handlers"}},
		"miniblog/handlers must not import miniblog/internal/dbtest":           {ImportPath: "miniblog/handlers", Imports: []string{"miniblog/internal/dbtest"}},
		"miniblog/internal/blog must not import github.com/jackc/pgx/v5":       {ImportPath: "miniblog/internal/blog", Imports: []string{"github.com/jackc/pgx/v5"}},
		"miniblog/internal/config must not import github.com/jackc/pgx/pgtype": {ImportPath: "miniblog/internal/config", Imports: []string{"github.com/jackc/pgx/pgtype"}},
		"miniblog/views must not import github.com/gofiber/fiber/v2":           {ImportPath: "miniblog/views", Imports: []string{"github.com/gofiber/fiber/v2"}},
		"miniblog/wiki has no place in the house: add it to arrows":            {ImportPath: "miniblog/wiki"},
		"miniblog/internal/util is named for no subject":                       {ImportPath: "miniblog/internal/util"},
		"miniblog/internal/x is named for no subject":                          {ImportPath: "miniblog/internal/x", Name: "helpers"},
	} {
		if got := breaches(room); !slices.Contains(got, breach) {
			t.Errorf("of %+v it says %q, not %q", room, got, breach)
		}
	}
	fine := room{ImportPath: "miniblog/handlers", Imports: []string{"miniblog/views", "miniblog/db", "github.com/gofiber/fiber/v2"}}
	if got := breaches(fine); got != nil {
		t.Errorf("of %+v it says %q", fine, got)
	}
}

func TestWhatDrivesTheBuiltProgramKnowsNothingOfItsInsides(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, room := range listed(t) {
		allowed, outside := outsiders[room.part()]
		if !outside {
			continue
		}
		seen++
		for _, imported := range slices.Concat(room.Imports, room.TestImports, room.XTestImports) {
			if own, ours := strings.CutPrefix(imported, module+"/"); ours && !matchesAny(own, allowed) {
				t.Errorf("%s must not import %s, not even in tests", room.ImportPath, imported)
			}
		}
	}
	if seen != len(outsiders) {
		t.Errorf("%d of %d outsiders are there: the rule sees nothing", seen, len(outsiders))
	}
}

// breaches lists in words what is wrong with a package.
func breaches(r room) (found []string) {
	if slices.Contains(namesThatSayNothing, path.Base(r.ImportPath)) || slices.Contains(namesThatSayNothing, r.Name) {
		found = append(found, r.ImportPath+" is named for no subject")
	}
	allowed, known := mayImport(r)
	if !known {
		return append(found, r.ImportPath+" has no place in the house: add it to arrows")
	}
	for _, imported := range r.Imports {
		own, ours := strings.CutPrefix(imported, module+"/")
		if ours && !matchesAny(own, allowed) || !isKept(r.part(), imported) {
			found = append(found, fmt.Sprintf("%s must not import %s", r.ImportPath, imported))
		}
	}
	return found
}

// part is the package's path in the house, without the module.
func (r room) part() string { return strings.TrimPrefix(r.ImportPath, module+"/") }

func mayImport(r room) (allowed []string, known bool) {
	for part, allowed := range arrows {
		if matches(r.part(), part) {
			return allowed, true
		}
	}
	return nil, false
}

// isKept tells whether the part is among the keepers of what it imports, if that has any.
func isKept(part, imported string) bool {
	plain := unversioned(imported)
	for kept, allowed := range keepers {
		if matches(plain, kept+"/...") && !matchesAny(part, allowed) {
			return false
		}
	}
	return true
}

// unversioned takes the major version out of an import path: .../pgx/v5/pgtype is .../pgx/pgtype.
func unversioned(imported string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(imported, "/"), func(part string) bool {
		return len(part) == 2 && part[0] == 'v' && part[1] >= '2' && part[1] <= '9'
	}), "/")
}

func matchesAny(part string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(part, pattern) })
}

func matches(part, pattern string) bool {
	above, all := strings.CutSuffix(pattern, "/...")
	return part == above || all && strings.HasPrefix(part, above+"/")
}

// rooms are the packages of the program; those that hold nothing but tests may import what they test, unless they are outsiders.
func rooms(t *testing.T) []room {
	t.Helper()
	return slices.DeleteFunc(listed(t), func(r room) bool { return len(r.GoFiles) == 0 })
}

// listed are all packages.
func listed(t *testing.T) (found []room) {
	t.Helper()
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	list.Dir, list.Stderr = "../..", os.Stderr
	text, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var next room
		if err := decoder.Decode(&next); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, next)
	}
	if len(found) < 10 {
		t.Fatalf("go list found only %d packages", len(found))
	}
	return found
}
