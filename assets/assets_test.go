package assets

import (
	"strings"
	"testing"
)

func TestEveryURLLeadsToItsFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "htmx.js", "favicon.svg", "newsreader-latin.woff2", "figtree-latin.woff2"} {
		path, ok := strings.CutPrefix(URL(name), Root)
		if !ok {
			t.Fatalf("URL(%q) = %q is not below %s", name, URL(name), Root)
		}
		f, ok := Find(path)
		if !ok || f.Path != path || f.ContentType == "" || len(f.Identity) == 0 {
			t.Errorf("Find(%q) = %q with %d bytes, %v", path, f.Path, len(f.Identity), ok)
		}
	}
}

func TestFindKnowsOnlyHashedNames(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "app.css", "app.00000000.css", "../assets.go", strings.TrimPrefix(URL("app.css"), Root) + ".br"} {
		if _, ok := Find(path); ok {
			t.Errorf("Find(%q) found a file", path)
		}
	}
}

func TestURLPanicsOnANameThatDoesNotExist(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("URL did not panic")
		}
	}()
	URL("nothing.css")
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	path := strings.TrimPrefix(URL("app.css"), Root)
	allocs := testing.AllocsPerRun(100, func() {
		f, _ := Find(path)
		f.Encoded("gzip, deflate, br;q=0.9")
	})
	if allocs != 0 {
		t.Errorf("Find and Encoded allocate %v times", allocs)
	}
}
