package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what should be there at once: the machine may be busy.
const patience = 20 * time.Second

// lookEvery is the pause between two looks at a page that is not yet as it should be.
const lookEvery = 25 * time.Millisecond

// tab is one tab of somebody's browser.
type tab struct {
	t       *testing.T
	site    *site
	ctx     context.Context
	js      bool
	killed  bool // with its browser
	trouble *trouble
	heard   atomic.Pointer[func(event any)] // what a test does at an event, without waiting
}

// visitor opens a tab in a new browser context: somebody who is not logged in.
func (s *site) visitor(t *testing.T, js bool) *tab {
	t.Helper()
	ctx, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(ctx, t, js, chromedp.WithNewBrowserContext())
	b.site = s
	return b
}

// hasSession logs the tab's browser in as the user of that name.
func (b *tab) hasSession(username string) {
	b.t.Helper()
	b.must(call(b, network.SetCookie, network.SetCookieParams{
		Name: "session", Value: b.site.session(b.t, username), URL: b.site.url, HTTPOnly: new(true), SameSite: "Lax",
	}))
}

// another opens a second tab of the same browser.
func (b *tab) another() *tab {
	another := openTab(b.ctx, b.t, b.js)
	another.site = b.site
	return another
}

func openTab(parent context.Context, t *testing.T, js bool, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t, js: js, trouble: &trouble{}}
	var cancel context.CancelFunc
	b.ctx, cancel = chromedp.NewContext(parent, append(options, chromedp.WithListener(b.trouble.hear), chromedp.WithListener(b.goesOn))...)
	t.Cleanup(cancel)
	// The first run ties the tab's life to its context: it must not be one with a deadline.
	if err := chromedp.Do(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.must(call(b, audits.Enable, cdp.Empty{}))
	b.must(call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !js}))
	b.resize(1280)
	t.Cleanup(b.reports)
	return b
}

// reports fails the test with what the tab said that is not expected.
func (b *tab) reports() {
	if b.killed {
		return
	}
	// What the tab said before this answer has been heard.
	b.must(evaluate[int](b, "1"))
	b.trouble.report(b.t)
}

// goesOn takes an event of the tab: it leaves a page that warns of it. That the page
// does warn is what trouble hears.
func (b *tab) goesOn(event any) {
	if hear := b.heard.Load(); hear != nil {
		(*hear)(event)
	}
	if _, warns := event.(*page.EventJavascriptDialogOpening); warns {
		go func() { _, _ = call(b, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}) }()
	}
}

func (b *tab) expects(refusals ...string) { b.trouble.expects(refusals...) }

// resize gives the tab another width, in CSS pixels.
func (b *tab) resize(width int64) {
	b.t.Helper()
	b.must(call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600,
	}))
}

// opens goes to a page of the blog, as by typing its address.
func (b *tab) opens(path string) {
	b.t.Helper()
	b.opensElsewhere(b.site.url + path)
}

// opensElsewhere goes to any address.
func (b *tab) opensElsewhere(url string) {
	b.t.Helper()
	if err := b.does(chromedp.Navigate(url)); err != nil {
		b.t.Fatalf("open %s: %v", url, err)
	}
}

// isAt waits until the address is that path, with its query.
func (b *tab) isAt(path string) {
	b.t.Helper()
	b.until(func() error {
		got, err := evaluate[string](b, "location.pathname + location.search")
		if err == nil && got != path {
			err = fmt.Errorf("the address is %s, want %s", got, path)
		}
		return err
	})
}

// until looks again until there is no error, and ends the test when that takes too long.
func (b *tab) until(look func() error) {
	b.t.Helper()
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	// A question that the page before had not answered when it went is never answered: there
	// is time to ask once more.
	giveUp := time.After(2 * patience)
	for {
		err := look()
		if err == nil {
			return
		}
		select {
		case <-again.C:
		case <-giveUp:
			b.t.Fatalf("%v; the page reads: %s", err, b.words())
		}
	}
}

// words is all that the page shows.
func (b *tab) words() string {
	words, err := evaluate[string](b, "location.href + ' ' + document.body?.innerText")
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(words), " ")
}

func (b *tab) must(_ any, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// does what takes several commands, and waits no longer than for two answers.
func (b *tab) does(what chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, 2*patience)
	defer cancel()
	return chromedp.Do(ctx, what)
}

// call sends a command of the DevTools protocol to the tab, and waits no longer than patience.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Call(ctx, command, params)
}

// evaluate asks the page, past its content policy and even where its scripts do not run.
func evaluate[T any](b *tab, expression string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
}
