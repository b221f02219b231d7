package markdown

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// example is one of the CommonMark specification.
type example struct {
	Example                 int
	Section, Markdown, HTML string
}

// TestTheExamplesOfCommonMarkAreRenderedAsItSays: through all but what posts have beyond it. Those that are not safe, or not
// ours, are listed with the reason; none is listed that would pass.
func TestTheExamplesOfCommonMarkAreRenderedAsItSays(t *testing.T) {
	t.Parallel()
	var examples []example
	var reasons map[int]string
	readJSON(t, filepath.Join("commonmark", "spec.json"), &examples)
	readJSON(t, filepath.Join("commonmark", "otherwise.json"), &reasons)
	if len(examples) != 652 {
		t.Fatalf("there are %d examples", len(examples))
	}
	specified := newEngine(features{})
	for _, each := range examples {
		rendered, err := specified.render(each.Markdown)
		if err != nil {
			t.Errorf("example %d: %v", each.Example, err)
			continue
		}
		reason, listed := reasons[each.Example]
		delete(reasons, each.Example)
		got, want := normal(t, string(rendered.HTML)), normal(t, each.HTML)
		switch {
		case got == want && listed:
			t.Errorf("example %d is rendered as specified, but listed: %s", each.Example, reason)
		case got != want && !listed:
			t.Errorf("example %d (%s)\n%q is\n%q, not\n%q", each.Example, each.Section, each.Markdown, got, want)
		}
	}
	for number := range reasons {
		t.Errorf("there is no example %d", number)
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// normal is a fragment as a browser reads and writes it: quotes, void elements and references in one form.
func normal(t *testing.T, fragment string) string {
	t.Helper()
	var page strings.Builder
	for _, node := range parsedFragment(t, fragment) {
		if err := html.Render(&page, node); err != nil {
			t.Fatal(err)
		}
	}
	return page.String()
}

func parsedFragment(t testing.TB, fragment string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}
