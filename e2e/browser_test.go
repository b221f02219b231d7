package e2e

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"

	"github.com/chromedp/chromedp"
)

// errNoChromium says how to get one.
var errNoChromium = errors.New("the journeys need Chromium: install it (Debian, Ubuntu: apt-get install chromium; " +
	"macOS: brew install --cask chromium), or set CHROME to the path of Chrome or Chromium")

// stopBrowser ends the one Chromium of this test program, if it was started.
var stopBrowser = func() {}

// browser starts Chromium once for all tests; each gets a browser context of its own in it.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromiumOptions(path)...)
	ctx, _ := chromedp.NewContext(allocator)
	stopBrowser = func() {
		_ = chromedp.Cancel(ctx) // as by closing its window: it removes its temporary files
		stop()
	}
	return ctx, chromedp.Do(ctx)
})

func chromiumOptions(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		// It sees only our own pages, and its sandbox needs what root and many containers lack.
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// Fonts look the same on every machine.
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("hide-scrollbars", true),
	)
}

func findChromium() (path string, err error) {
	if path := os.Getenv("CHROME"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
}
