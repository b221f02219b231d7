package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"miniblog/assets"
)

func TestWhatAPageFetchesIsThereAndCachedForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(t).with("Cookie", "session=nonsense")
	s.visitor(t).get("/").has("head link[rel=stylesheet], head link[rel=preload], head link[rel~=icon], head link[rel=apple-touch-icon], head script[src]").Each(func(_ int, tag *goquery.Selection) {
		path := tag.AttrOr("href", tag.AttrOr("src", ""))
		a := b.get(path).wants(http.StatusOK).wantsHeader("Cache-Control", "public, max-age=31536000, immutable")
		a.wantsHeader("Vary", "Accept-Encoding").wantsHeader("Set-Cookie", "")
		if a.body == "" || strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s is %q", path, a.Header.Get("Content-Type"))
		}
	})
}

func TestAnAssetComesInTheEncodingAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file, _ := assets.Find(strings.TrimPrefix(assets.URL("app.css"), assets.Root))
	for accept, want := range map[string]struct {
		encoding string
		body     []byte
	}{
		"br, gzip":            {"br", file.Brotli},
		"gzip":                {"gzip", file.Gzip},
		"br;q=0, gzip":        {"gzip", file.Gzip},
		"identity":            {"", file.Identity},
		"br;q=0, gzip;q=0, *": {"", file.Identity},
	} {
		a := s.visitor(t).with("Accept-Encoding", accept).get(assets.URL("app.css")).wants(http.StatusOK)
		a.wantsHeader("Content-Encoding", want.encoding).wantsHeader("Content-Type", file.ContentType)
		if a.body != string(want.body) {
			t.Errorf("%s: %d bytes came, want %d", accept, len(a.body), len(want.body))
		}
	}
}

func TestAnAssetOfAnotherNameIsNotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	current := assets.URL("app.css")
	for _, path := range []string{
		"/assets/", "/assets/app.css", "/assets/app.00000000.css", current + ".br", current + "/", "/assets/../go.mod",
		"/assets/%2e%2e%2fgo.mod", strings.ToUpper(current),
	} {
		a := s.visitor(t).get(path).wants(http.StatusNotFound)
		if strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is missing for ever", path)
		}
	}
}
