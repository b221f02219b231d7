package sitemap_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"miniblog/internal/sitemap"
)

func TestASitemapIsWrittenAsTheProtocolSays(t *testing.T) {
	t.Parallel()
	var made bytes.Buffer
	list := sitemap.New(&made)
	for address, changed := range map[string]time.Time{"https://blog.example.org/?a=1&b=<'2'>": time.Date(2026, 11, 22, 1, 30, 0, 9, time.FixedZone("", 3600))} {
		if err := list.Add(address, changed); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(list.Add("https://blog.example.org/tags/x", time.Time{}), list.Close()); err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://blog.example.org/?a=1&amp;b=&lt;&#39;2&#39;&gt;</loc><lastmod>2026-11-22T00:30:00Z</lastmod></url>
<url><loc>https://blog.example.org/tags/x</loc></url>
</urlset>
`
	if made.String() != want {
		t.Errorf("it is\n%s, not\n%s", made.String(), want)
	}
}

func TestAnIndexIsWrittenAsTheProtocolSays(t *testing.T) {
	t.Parallel()
	var made bytes.Buffer
	index := sitemap.NewIndex(&made)
	if err := errors.Join(index.Add("https://blog.example.org/sitemap-1.xml", time.Time{}), index.Close()); err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://blog.example.org/sitemap-1.xml</loc></sitemap>
</sitemapindex>
`
	if made.String() != want {
		t.Errorf("it is\n%s, not\n%s", made.String(), want)
	}
}

// full takes so many bytes.
type full struct{ room int }

func (f *full) Write(piece []byte) (int, error) {
	if f.room -= len(piece); f.room < 0 {
		return 0, errors.New("no room")
	}
	return len(piece), nil
}

func TestWhatCannotBeWrittenIsSaidByClose(t *testing.T) {
	t.Parallel()
	list := sitemap.New(&full{8192})
	var err error
	for n := 0; err == nil && n < 10_000; n++ {
		err = list.Add(strings.Repeat("x", 100), time.Time{})
	}
	if err == nil || list.Close() == nil {
		t.Error("nobody learns that it was cut off")
	}
}

// TestTheLargestSitemapIsNotTooLarge: addresses of the longest name and slug, each letter of which takes twelve bytes.
func TestTheLargestSitemapIsNotTooLarge(t *testing.T) {
	t.Parallel()
	room := &full{50 << 20}
	list := sitemap.New(room)
	address := "https://" + strings.Repeat("a", 253) + "/@" + strings.Repeat("u", 32) + "/" + strings.Repeat("%F0%90%90%80", 80)
	for range sitemap.MostAddresses + 1 {
		if err := list.Add(address, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := list.Close(); err != nil {
		t.Fatal(err)
	}
}
