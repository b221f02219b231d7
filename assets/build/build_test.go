package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

var assetsDir = os.DirFS("..")

// built is one build of the real sources: brotli at its best takes a second.
var built = sync.OnceValues(func() (map[string][]byte, error) { return Build(assetsDir) })

func build(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return maps.Clone(files)
}

func TestDistIsWhatTheSourcesGive(t *testing.T) {
	t.Parallel()
	want := build(t)
	committed, err := fs.Glob(assetsDir, "dist/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(committed, "manifest_gen.go") {
		got, err := fs.ReadFile(assetsDir, name)
		if err != nil || !bytes.Equal(got, want[name]) {
			t.Errorf("%s is stale: run task gen", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is missing: run task gen", name)
	}
}

func TestABuildIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	first := build(t)
	second, err := Build(assetsDir)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(first, second, bytes.Equal) {
		t.Error("two builds of the same sources differ")
	}
}

func TestCompressedFormsInflateToTheContent(t *testing.T) {
	t.Parallel()
	files := build(t)
	compressed := 0
	for name, content := range files {
		var r io.Reader
		var err error
		switch path.Ext(name) {
		case ".br":
			r = brotli.NewReader(bytes.NewReader(content))
		case ".gz":
			if r, err = gzip.NewReader(bytes.NewReader(content)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		default:
			continue
		}
		compressed++
		plain, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(plain, files[strings.TrimSuffix(name, path.Ext(name))]) {
			t.Errorf("%s does not inflate to its content (%v)", name, err)
		}
	}
	if compressed < 4 {
		t.Errorf("only %d compressed files were built", compressed)
	}
}

// Budgets, as they are sent: what readers wait for before the page is set, and our own scripts. A reader's page has none
// of them, an author's the first two, and one with an editor all.
func TestTheStylesheetAndTheScriptsStaySmall(t *testing.T) {
	t.Parallel()
	files := build(t)
	for _, c := range []struct {
		names  string
		budget int
	}{
		{"app.css", 10 << 10}, {"app.js autosave.js", 6 << 10}, {"app.js autosave.js editor.js preview.js", 8 << 10},
	} {
		size := 0
		for name := range strings.FieldsSeq(c.names) {
			size += sent(t, files, name)
		}
		if size > c.budget {
			t.Errorf("%s have %d bytes, the budget is %d", c.names, size, c.budget)
		}
	}
}

// sent is how many bytes of an asset a browser fetches.
func sent(t *testing.T, files map[string][]byte, name string) int {
	t.Helper()
	base, kind, _ := strings.Cut(name, ".")
	for file, content := range files {
		if strings.HasPrefix(file, "dist/"+base+".") && strings.HasSuffix(file, "."+kind+".br") {
			return len(content)
		}
	}
	t.Fatalf("there is no %s", name)
	return 0
}

// The browser's own bars have the paper's colour, which the pages name as well.
func TestThePaperIsAsPagesNameIt(t *testing.T) {
	t.Parallel()
	css, err := fs.ReadFile(assetsDir, "css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	view, err := os.ReadFile("../../views/theme.templ")
	if err != nil {
		t.Fatal(err)
	}
	found := token.FindSubmatch(css)
	if string(found[1]) != "paper" || !bytes.Contains(view, found[2]) || !bytes.Contains(view, found[3]) {
		t.Errorf("views/theme.templ does not name %s", found[0])
	}
}

func TestWhatAnEditorLoadsBesidesStaysSmall(t *testing.T) {
	t.Parallel()
	budgets := map[string]int{"editor.": 2 << 10, "preview.": 1 << 10}
	seen := 0
	for name, content := range build(t) {
		for script, budget := range budgets {
			if strings.HasPrefix(name, "dist/"+script) && strings.HasSuffix(name, ".js.br") {
				seen++
				if len(content) > budget {
					t.Errorf("%s has %d bytes, the budget is %d", name, len(content), budget)
				}
			}
		}
	}
	if seen != len(budgets) {
		t.Errorf("%d scripts were seen, want %d", seen, len(budgets))
	}
}

func TestTheStylesheetNamesFontsThatExist(t *testing.T) {
	t.Parallel()
	files := build(t)
	fonts := 0
	for name, content := range files {
		if path.Ext(name) != ".css" {
			continue
		}
		for rest := range strings.SplitSeq(string(content), "url(") {
			font, _, ok := strings.Cut(rest, ")")
			if !ok || !strings.HasSuffix(font, ".woff2") {
				continue
			}
			fonts++
			if files["dist/"+font] == nil {
				t.Errorf("%s names %s, which is not in dist", name, font)
			}
		}
	}
	if fonts < 5 {
		t.Errorf("the stylesheet names %d fonts, want 5 or more", fonts)
	}
}

func TestVendoredHtmxIsTheFileItsReadmeNames(t *testing.T) {
	t.Parallel()
	content, err := fs.ReadFile(assetsDir, "vendor/htmx/htmx.min.js")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := fs.ReadFile(assetsDir, "vendor/htmx/README.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
		t.Errorf("htmx.min.js has sha256 %x, its README names another", sum)
	}
	if !bytes.Contains(content, []byte(`this.version="4.0.1"`)) || !bytes.Contains(readme, []byte("4.0.1")) {
		t.Error("htmx.min.js and its README do not both say 4.0.1")
	}
}

func TestBuildRefusesWhatItCannotServe(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, path, content, want string }{
		{"a file of no known type", "images/note.txt", "x", "media type"},
		{"a stylesheet of no layer", "css/extra.css", "a{}", "no cascade layer"},
		{"a font that is missing", "css/fonts.css", `@font-face{src:url("../fonts/gone.woff2")}`, "gone.woff2"},
		{"a comment left open", "css/base.css", "a{} /* x", "not closed"},
		{"a text over lines", "js/app.js", "let a = `x\n  y`;", "line 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			src := smallSource()
			src[c.path] = &fstest.MapFile{Data: []byte(c.content)}
			_, err := Build(src)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// smallSource is the least assets folder that builds.
func smallSource() fstest.MapFS {
	src := fstest.MapFS{"vendor/htmx/htmx.min.js": {}, "css/fonts.css": {}}
	for _, layer := range layers {
		src["css/"+layer+".css"] = &fstest.MapFile{}
	}
	return src
}
