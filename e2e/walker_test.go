package e2e

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// walkers are tabs with JavaScript, each in a browser context of its own, that see one blog after the other: to open
// one, and to have its process compile all scripts, takes as long as to look at a page.
type walkers struct {
	tabs chan *tab
	rest string // the address between two blogs: of the same site (a port is no part of that), so that the process stays
}

// openWalkers opens as many as tests use the browser at once.
func openWalkers(t *testing.T) walkers {
	t.Helper()
	ctx, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	rest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>Between two blogs</title><link rel="icon" href="data:,">`))
	}))
	t.Cleanup(rest.Close)
	w := walkers{tabs: make(chan *tab, cap(slots)), rest: rest.URL}
	for range cap(slots) {
		w.tabs <- openTab(ctx, t, true, chromedp.WithNewBrowserContext())
	}
	return w
}

// visitor is a walker that comes to the blog as somebody new, until the test ends.
func (w walkers) visitor(t *testing.T, s *site) *tab {
	t.Helper()
	b := <-w.tabs
	opener := b.t
	b.t, b.site = t, s
	t.Cleanup(func() {
		defer func() {
			b.t = opener
			w.tabs <- b
		}()
		b.reports()
		b.startsAnew(w.rest)
	})
	return b
}

// startsAnew leaves the blog for that address, and nothing of it in the browser.
func (b *tab) startsAnew(at string) {
	b.t.Helper()
	b.goesOffline(false)
	b.opensElsewhere(at)
	b.must(call(b, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: b.site.url, StorageTypes: "all"}))
	b.must(call(b, network.ClearBrowserCookies, cdp.Empty{}))
	b.must(call(b, page.ResetNavigationHistory, cdp.Empty{}))
	b.must(call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}))
	b.resize(1280)
	b.trouble.forgets()
}
