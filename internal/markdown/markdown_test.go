package markdown

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestALongTextIsRenderedAsBefore(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("testdata", "sample.md"))
	if err != nil {
		t.Fatal(err)
	}
	golden, got := filepath.Join("testdata", "sample.html"), string(Render(string(source)).HTML)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the sample is rendered otherwise (go test ./internal/markdown -update writes it anew, and Version must rise):\n%s", firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one ends before the other"
}

func TestWhatATextSaysInMarkdownIsShownAsThat(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"one\ntwo":                         "<p dir=\"auto\">one<br>\ntwo</p>\n",
		"a \\<b> & \"c\"":                  "<p dir=\"auto\">a &lt;b&gt; &amp; “c”</p>\n",
		"x<!--more-->y":                    "<p dir=\"auto\">xy</p>\n",
		"H<sub>2</sub>O":                   "<p dir=\"auto\">H<sub>2</sub>O</p>\n",
		"<b class=x id=y>bold":             "<p dir=\"auto\"><b>bold</b></p>\n",
		"a</div></article> text":           "<p dir=\"auto\">a&lt;/article&gt; text</p>\n",
		"a vector<int> of":                 "<p dir=\"auto\">a vector&lt;int&gt; of</p>\n",
		"a <!-- note --> b":                "<p dir=\"auto\">a  b</p>\n",
		"[a](javascript:alert(1)) [b](/c)": "<p dir=\"auto\">a <a href=\"/c\">b</a></p>\n",
		"![alt](https://a.example/b.png)":  "<p dir=\"auto\"><a href=\"https://a.example/b.png\">alt</a></p>\n",
		"[![alt](//a.example/b.png)](/c)":  "<p dir=\"auto\"><a href=\"/c\">alt</a></p>\n",
		"![alt](/b.png)":                   "<p dir=\"auto\"><img src=\"/b.png\" alt=\"alt\" decoding=\"async\"></p>\n",
		"> שלום":                           "<blockquote dir=\"rtl\">\n<p dir=\"auto\">שלום</p>\n</blockquote>\n",
		"## Été":                           "<h2 dir=\"auto\" id=\"h-été\">Été<a class=\"anchor\" href=\"#h-été\" aria-label=\"Link to this heading\"></a></h2>\n",
	} {
		if got := string(Render(source).HTML); got != want {
			t.Errorf("%q is\n%s\nnot\n%s", source, got, want)
		}
	}
}

func TestTextsAreRenderedAtOnceByMany(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("testdata", "sample.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := Render(string(source)).HTML
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := Render(string(source)).HTML; got != want {
				t.Error("one is rendered otherwise")
			}
		})
	}
	all.Wait()
}
