package e2e

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// screenshots names a directory that gets a picture of every page and state.
const screenshots = "MINIBLOG_SCREENSHOTS"

//go:embed testdata/axe/axe.min.js
var axe string

// Every page and state is looked at by axe-core in both colour schemes on a desk and
// on a small phone, for sideways scrolling there and when it is enlarged, and by the
// W3C's checker: as it was sent and, as scripts change it, as it stands.
func TestEveryPageAndStateIsAccessibleAndValid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	t.Run("accessible", func(t *testing.T) {
		walkers := openWalkers(t)
		for _, st := range states {
			t.Run(st.name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, st.options)
				b := walkers.visitor(t, s)
				b.expects(st.expects...)
				if st.gallery {
					b.trouble.tolerates(lazyImage)
				}
				st.arrive(t, s, b)
				b.isWalked(st.name)
				b.saves(dir, st.name)
			})
		}
	})
	t.Run("valid", func(t *testing.T) { validate(t, dir) })
}

func (b *tab) isWalked(name string) {
	b.t.Helper()
	b.until(b.rests)
	for _, width := range []int64{1280, 320} {
		b.resize(width)
		for _, scheme := range []string{"light", "dark"} {
			b.prefers(scheme)
			b.until(b.rests)
			b.isAccessible(fmt.Sprintf("%s at %d px", scheme, width))
			b.isPictured(fmt.Sprintf("%s-%d-%s.png", name, width, scheme))
		}
		b.fits()
	}
	b.resize(640) // a desk's page at 200 % zoom
	b.fits()
}

// rests tells whether nothing on the page is under way or moves: axe would measure colours halfway.
func (b *tab) rests() error {
	// What is busy in the gallery is so for ever.
	busy, err := evaluate[bool](b, `document.querySelector(":is(.htmx-request, [aria-busy=true]):not(.sample *)") !== null ||
		document.getAnimations().some(({ playState, effect }) => playState === "running" && effect.getComputedTiming().iterations !== Infinity)`)
	if err == nil && busy {
		err = errors.New("the page is still busy")
	}
	return errors.Join(err, b.loaded())
}

// prefers sets the colour scheme, and no motion.
func (b *tab) prefers(scheme string) {
	b.t.Helper()
	b.must(call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}))
}

// isAccessible runs axe-core past the page's content policy.
func (b *tab) isAccessible(how string) {
	b.t.Helper()
	known, err := evaluate[bool](b, "typeof axe === 'object'")
	b.must(known, err)
	if !known {
		b.must(evaluate[chromedp.Void](b, axe))
	}
	// Of the gallery, and on a busy machine, that takes longer than anything that a page does.
	ctx, cancel := context.WithTimeout(b.ctx, 5*patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
			resultTypes: ["violations"],
		}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) =>
			id + ": " + node.html + " " + node.failureSummary)))`, chromedp.EvalAwaitPromise))
	b.must(found, err)
	for _, violation := range found {
		b.t.Errorf("%s: %s", how, violation)
	}
}

// fits asserts that nothing reaches beyond the page's side.
func (b *tab) fits() {
	b.t.Helper()
	wide, err := evaluate[[]string](b, `(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		if (scrollWidth <= clientWidth && document.body.scrollWidth <= clientWidth) return [];
		return [...document.body.querySelectorAll("*")]
			.filter((element) => element.getBoundingClientRect().right > clientWidth)
			.map((element) => element.outerHTML.slice(0, 120)).concat(scrollWidth + " px");
	})()`)
	b.must(wide, err)
	if len(wide) > 0 {
		b.t.Errorf("scrolls sideways: %s", strings.Join(wide, "\n"))
	}
}

// isPictured saves the whole page as a picture where screenshots are asked for.
func (b *tab) isPictured(file string) {
	b.t.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	b.must(nil, os.MkdirAll(dir, 0o755))
	b.must(nil, os.WriteFile(filepath.Join(dir, file), b.picture(true), 0o644))
}

// picture is the page as PNG: all of it, or what the window shows.
func (b *tab) picture(whole bool) []byte {
	b.t.Helper()
	shot, err := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(whole)})
	b.must(shot, err)
	return shot.Data
}

// saves writes the page into dir as it was sent and as it stands now.
func (b *tab) saves(dir, name string) {
	b.t.Helper()
	stands, err := evaluate[string](b, `(() => {
		const page = document.documentElement.cloneNode(true);
		// It has done its work by now; that of what came later is no second one.
		for (const element of page.querySelectorAll("[autofocus]")) element.removeAttribute("autofocus");
		return "<!doctype html>" + page.outerHTML;
	})()`)
	b.must(stands, err)
	sent, err := call(b, network.GetResponseBody, network.GetResponseBodyParams{RequestID: b.document()})
	b.must(sent, err)
	b.must(nil, os.WriteFile(filepath.Join(dir, name+"-as-sent.html"), []byte(sent.Body), 0o644))
	b.must(nil, os.WriteFile(filepath.Join(dir, name+"-as-it-stands.html"), []byte(stands), 0o644))
}

// document is the request that brought the page.
func (b *tab) document() network.RequestID {
	b.t.Helper()
	tree, err := call(b, page.GetFrameTree, cdp.Empty{})
	b.must(tree, err)
	// Chromium names the request of a page like its loader.
	return network.RequestID(tree.FrameTree.Frame.LoaderID)
}
