package feed_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"miniblog/internal/feed"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a feed with all that a feed can have, and what is hard to write.
func sample() feed.Feed {
	ada, bob := feed.Author{Name: "Ada <Lovelace> & daughters", URL: "https://blog.example.org/@ada"}, feed.Author{Name: "bob", URL: "https://blog.example.org/@bob"}
	return feed.Feed{
		Title: "Harbour \x0bNotes & <tides>", About: "What \"we\" see", HomeURL: "https://blog.example.org/",
		AtomURL: "https://blog.example.org/feed.atom", JSONURL: "https://blog.example.org/feed.json",
		IconURL: "https://blog.example.org/assets/icon.png", Author: ada,
		Entries: []feed.Entry{
			{
				ID:  uuid.MustParse("0198f000-0000-7000-8000-000000000002"),
				URL: "https://blog.example.org/@ada/%D7%A9%D7%9C%D7%95%D7%9D", ImageURL: "https://blog.example.org/@ada/x/card.png?v=1",
				Title: "שלום ]]> \x00\x1b\uffff & “more” <b>", Summary: "In\x08 short",
				HTML: "<p>One &amp; two <a href=\"/@bob\">bob</a>, <a href=\"#fn:1\">1</a>, <a href='other?a=1&amp;b=2'>o</a>, " +
					"<a href=\"mailto:a@example.org\">m</a>\x0c ]]></p>\n<img src=\"//cdn.example.net/a.png\" alt=\"\">" +
					"<pre><code class=\"x\">if a &lt; b {\n\treturn \"href=/x\"\n}</code></pre><blockquote cite=\"../c\">q</blockquote>",
				Author: ada, Tags: []feed.Tag{{Name: "Tide & time", Slug: "tide-time"}, {Name: "潮", Slug: "潮"}},
				Published: time.Date(2026, 11, 22, 23, 30, 0, 123, time.FixedZone("", 3600)),
				Changed:   time.Date(2026, 11, 23, 8, 0, 0, 999_999_999, time.UTC),
			},
			{
				ID: uuid.MustParse("0198f000-0000-7000-8000-000000000001"), URL: "https://blog.example.org/@bob/first", Title: "First", HTML: "<p>Text</p>",
				Author: bob, Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Changed: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			},
		},
	}
}

func empty() feed.Feed {
	return feed.Feed{
		Title: "Harbour Notes", HomeURL: "https://blog.example.org/",
		AtomURL: "https://blog.example.org/feed.atom", JSONURL: "https://blog.example.org/feed.json",
	}
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var made bytes.Buffer
	if err := write(&made); err != nil {
		t.Fatal(err)
	}
	return made.Bytes()
}

func TestFeedsAreWrittenAsTheGoldenFilesSay(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer) error{
		"feed.atom": sample().WriteAtom, "feed.json": sample().WriteJSON, "empty.atom": empty().WriteAtom, "empty.json": empty().WriteJSON,
	} {
		golden, got := filepath.Join("testdata", name), written(t, write)
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is now\n%s", name, got)
		}
	}
}

// valid tells whether jing finds an Atom document to be as RFC 4287 demands.
func valid(t *testing.T, document []byte) (complaints string, ok bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "feed.atom")
	if err := os.WriteFile(file, document, 0o644); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command("jing", "-c", "testdata/atom.rnc", file).CombinedOutput()
	if err != nil && !strings.Contains(string(said), file) { // it complains of lines of that file
		t.Fatalf("jing did not run (sh tools/provide.sh installs it): %v\n%s", err, said)
	}
	return string(said), err == nil
}

func TestAtomIsValidBySchema(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]feed.Feed{"full": sample(), "empty": empty()} {
		document := written(t, made.WriteAtom)
		if complaints, ok := valid(t, document); !ok {
			t.Errorf("%s: %s", name, complaints)
		}
		for _, needed := range []string{"<id>", "<updated>"} {
			broken := bytes.Replace(document, []byte(needed), []byte("<x"+needed[1:]), 1)
			broken = bytes.Replace(broken, []byte("</"+needed[1:]), []byte("</x"+needed[1:]), 1)
			if _, ok := valid(t, broken); ok {
				t.Errorf("%s without %s passes: the schema sees nothing", name, needed)
			}
		}
	}
}

func TestJSONFeedIsValidBySchema(t *testing.T) {
	t.Parallel()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat() // addresses and times, too
	schema := compiler.MustCompile("testdata/jsonfeed-1.1.schema.json")
	for name, made := range map[string]feed.Feed{"full": sample(), "empty": empty()} {
		document := written(t, made.WriteJSON)
		check := func(document []byte) error {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
			if err != nil {
				t.Fatal(err)
			}
			return schema.Validate(value)
		}
		if err := check(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for needed, with := range map[string]string{`"items"`: `"posts"`, `"version"`: `"v"`} {
			if check(bytes.Replace(document, []byte(needed), []byte(with), 1)) == nil {
				t.Errorf("%s without %s passes: the schema sees nothing", name, needed)
			}
		}
	}
}

// entries reads the content and the id of each entry in either format.
func entries(t *testing.T, made feed.Feed) (contents, ids [2][]string) {
	t.Helper()
	var atom struct {
		Entries []struct {
			ID      string `xml:"id"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	var list struct {
		Items []struct {
			ID   string `json:"id"`
			HTML string `json:"content_html"`
		} `json:"items"`
	}
	if err := xml.Unmarshal(written(t, made.WriteAtom), &atom); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written(t, made.WriteJSON), &list); err != nil {
		t.Fatal(err)
	}
	for i := range atom.Entries {
		contents[0], ids[0] = append(contents[0], atom.Entries[i].Content), append(ids[0], atom.Entries[i].ID)
		contents[1], ids[1] = append(contents[1], list.Items[i].HTML), append(ids[1], list.Items[i].ID)
	}
	return contents, ids
}

func TestAddressesInATextBecomeAbsoluteAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	contents, _ := entries(t, sample())
	here := "https://blog.example.org/@ada/%D7%A9%D7%9C%D7%95%D7%9D"
	want := `<p>One &amp; two <a href="https://blog.example.org/@bob">bob</a>, <a href="` + here + `#fn:1">1</a>, ` +
		`<a href="https://blog.example.org/@ada/other?a=1&amp;b=2">o</a>, <a href="mailto:a@example.org">m</a> ]]></p>` + "\n" +
		`<img src="https://cdn.example.net/a.png" alt="">` +
		"<pre><code class=\"x\">if a &lt; b {\n\treturn \"href=/x\"\n}</code></pre><blockquote cite=\"https://blog.example.org/c\">q</blockquote>"
	for format, got := range contents {
		if got[0] != want {
			t.Errorf("format %d has\n%s, not\n%s", format, got[0], want)
		}
	}
}

func TestAnIDOutlivesTitleSlugAuthorAndPublicAddress(t *testing.T) {
	t.Parallel()
	made := sample()
	_, before := entries(t, made)
	made.HomeURL, made.AtomURL = "http://elsewhere.example/", "http://elsewhere.example/feed.atom"
	for i := range made.Entries {
		made.Entries[i].URL, made.Entries[i].Title, made.Entries[i].Author = "http://elsewhere.example/@eve/new", "New", feed.Author{Name: "eve"}
	}
	_, after := entries(t, made)
	for format := range before {
		if got := strings.Join(after[format], " "); got != strings.Join(before[format], " ") || got !=
			"urn:uuid:0198f000-0000-7000-8000-000000000002 urn:uuid:0198f000-0000-7000-8000-000000000001" {
			t.Errorf("format %d: ids were %v and are %v", format, before[format], after[format])
		}
	}
}

func TestAFeedChangedWhenItsLatestEntryDid(t *testing.T) {
	t.Parallel()
	if got := sample().Changed(); !got.Equal(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)) {
		t.Error(got)
	}
	if got := empty().Changed(); got.Unix() != 0 {
		t.Error(got)
	}
}

// FuzzFeedsCanBeReadWhateverIsWritten: an XML reader takes whole what any text became.
func FuzzFeedsCanBeReadWhateverIsWritten(f *testing.F) {
	f.Add("Title", `<p><a href="/x">x</a></p>`)
	f.Add("\x00\ufffe]]>", "<a href=':'><![CDATA[ </content>\x1f<script>'</script><a href=%zz")
	f.Fuzz(func(t *testing.T, title, html string) {
		made := sample()
		made.Entries[0].Title, made.Entries[0].HTML = title, html
		contents, _ := entries(t, made)
		if len(contents[0]) != 2 || contents[0][1] != "<p>Text</p>" {
			t.Errorf("the entry after it is %q", contents[0])
		}
	})
}
