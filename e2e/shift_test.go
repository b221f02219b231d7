package e2e

import (
	"errors"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// mostShift is the most that may move, as a score (CLS): 0.1 counts as good.
const mostShift = 0.01

// shifts adds up what moves on a page while it loads, as Chromium measures it.
const shifts = `globalThis.shift = { score: 0, what: [] }; new PerformanceObserver((list) => {
	for (const { value, sources } of list.getEntries()) {
		shift.score += value;
		shift.what.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent));
	}
}).observe({ type: "layout-shift", buffered: true })`

type shift struct {
	Score float64
	What  []string
}

// Fonts come late on a slow line; what stands in for them is cut to their size.
func TestAsGoodAsNothingMovesWhenTheFontsArriveLate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fill(t)
	for _, width := range []int64{1280, 390} {
		for _, path := range []string{"/", permalink, "/@ada", "/login"} {
			b := s.visitor(t, true)
			b.resize(width)
			b.isSlow()
			b.must(call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shifts}))
			b.opens(path)
			b.until(b.hasFonts)
			moved, err := evaluate[shift](b, "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shift), 200)))", chromedp.EvalAwaitPromise)
			b.must(moved, err)
			t.Logf("%s at %d px moves by %.5f", path, width, moved.Score)
			if moved.Score > mostShift {
				t.Errorf("%s at %d px moves by %.3f: %s", path, width, moved.Score, strings.Join(moved.What, "\n"))
			}
		}
	}
}

// isSlow has the tab fetch everything anew, and the fonts only once the page stands.
func (b *tab) isSlow() {
	b.t.Helper()
	b.must(call(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
	b.must(call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{
			URLPattern: b.site.url + "/assets/*.woff2", Latency: 700, DownloadThroughput: 100 << 10, UploadThroughput: -1,
		}},
	}))
}

// hasFonts tells whether both faces of the page are there: words had been shown in others before.
func (b *tab) hasFonts() error {
	faces, err := evaluate[int](b, `[...document.fonts].filter(({ status }) => status === "loaded").length`)
	if err == nil && faces < 2 {
		err = errors.New("the fonts are not there yet")
	}
	return err
}
