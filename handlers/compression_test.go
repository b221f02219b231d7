package handlers_test

import (
	_ "embed"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"miniblog/assets"
	"miniblog/internal/dbtest"
)

// long is a post of 2,100 words with code, a table, lists, a quote and footnotes.
//
//go:embed testdata/long.md
var long string

// longPost publishes it and returns its path.
func (s *site) longPost(t *testing.T) string {
	t.Helper()
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, func(p *dbtest.NewPost) { p.Title, p.Body = "Long", long })
	return "/@ada/long"
}

func plainOf(t *testing.T, coding, body string) string {
	t.Helper()
	reader := io.Reader(strings.NewReader(body))
	switch coding {
	case "br":
		reader = brotli.NewReader(reader)
	case "gzip":
		var err error
		if reader, err = gzip.NewReader(reader); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestWhatEverybodyReadsIsCompressedAsTheBrowserAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.longPost(t)
	whole := s.visitor(t).with("Accept-Encoding", "identity").get(path).wants(http.StatusOK)
	for asked, want := range map[string]string{
		"gzip, deflate, br, zstd": "br", "br": "br", "gzip": "gzip", "gzip, br;q=0.5": "gzip",
		"identity": "", "zstd": "", "br;q=0, gzip;q=0": "", "*": "br",
	} {
		got := s.visitor(t).with("Accept-Encoding", asked).get(path).wants(http.StatusOK)
		if coding := got.Header.Get("Content-Encoding"); coding != want {
			t.Errorf("asked for %q it comes as %q, want %q", asked, coding, want)
		}
		if !strings.Contains(got.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("Vary is %q", got.Header.Get("Vary"))
		}
		if plain := plainOf(t, want, got.body); plain != whole.body {
			t.Errorf("asked for %q it is another page of %d bytes instead of %d", asked, len(plain), len(whole.body))
		}
	}
	if head := s.visitor(t).with("Accept-Encoding", "br").do(http.MethodHead, path, nil); head.Header.Get("Content-Encoding") != "br" || head.body != "" {
		t.Errorf("HEAD: %v, %d bytes", head.Header, len(head.body))
	}
}

// The length of what is compressed can tell a secret that stands beside what a stranger chose.
func TestWhatOneAccountReadsIsNotCompressed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.longPost(t)
	for _, path := range []string{path, "/dashboard", "/settings"} {
		if coding := s.as(t, "ada").with("Accept-Encoding", "br").get(path).Header.Get("Content-Encoding"); coding != "" {
			t.Errorf("%s comes as %q", path, coding)
		}
	}
}

// What a reader of a long post loads: issue by issue it only ever grows, so it is bounded here.
func TestALongPostIsLightToLoad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	answer := s.visitor(t).with("Accept-Encoding", "br").get(s.longPost(t)).wants(http.StatusOK)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(plainOf(t, "br", answer.body)))
	if err != nil {
		t.Fatal(err)
	}
	if words := len(strings.Fields(page.Find(".prose").Text())); words < 2000 {
		t.Fatalf("the post has %d words", words)
	}
	for _, needed := range []string{"pre span", "table", "[role=doc-noteref], .footnote-ref", "input[type=checkbox]"} {
		if page.Find(".prose").Find(needed).Length() == 0 {
			t.Errorf("the post has no %s", needed)
		}
	}
	bytesOf := map[string]int{"HTML": len(answer.body), "CSS": 0, "JavaScript": 0}
	page.Find("link[rel=stylesheet], script[src]").Each(func(_ int, e *goquery.Selection) {
		address := e.AttrOr("href", e.AttrOr("src", ""))
		file, ok := assets.Find(strings.TrimPrefix(address, assets.Root))
		if !ok {
			t.Errorf("%s comes from elsewhere", address)
			return
		}
		kind := "CSS"
		if goquery.NodeName(e) == "script" {
			kind = "JavaScript"
		}
		body, _ := file.Encoded("br")
		bytesOf[kind] += len(body)
	})
	for kind, most := range map[string]int{"HTML": 14 << 10, "CSS": 10 << 10, "JavaScript": 6 << 10} {
		t.Logf("%s: %d bytes of %d", kind, bytesOf[kind], most)
		if bytesOf[kind] > most {
			t.Errorf("%s: %d bytes, at most %d", kind, bytesOf[kind], most)
		}
	}
}
