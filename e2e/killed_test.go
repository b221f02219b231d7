package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"miniblog/internal/dbtest"
)

// ownBrowser starts a Chromium with that profile, which outlives it, and opens a tab.
func (s *site) ownBrowser(t *testing.T, profile string) *tab {
	t.Helper()
	path, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(chromiumOptions(path), chromedp.UserDataDir(profile))...)
	t.Cleanup(stop)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b := openTab(ctx, t, true)
	b.site = s
	return b
}

// newProfile is a directory for a browser. Parts of a Chromium that has been ended may write in it for a moment after.
func newProfile(t *testing.T) string {
	t.Helper()
	profile, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := os.RemoveAll(profile)
		for begun := time.Now(); err != nil && time.Since(begun) < patience; time.Sleep(lookEvery) {
			err = os.RemoveAll(profile)
		}
		if err != nil {
			t.Error(err)
		}
	})
	return profile
}

// isKilled ends the tab's whole browser as a power cut does.
func (b *tab) isKilled() {
	b.t.Helper()
	b.killed = true
	process := chromedp.FromContext(b.ctx).Browser.Process()
	b.must(nil, process.Kill())
	<-chromedp.FromContext(b.ctx).Browser.LostConnection
}

// hasWritten waits until the browser has written those words to the disk: it gathers
// what pages keep in it for a few seconds.
func (b *tab) hasWritten(profile, words string) {
	b.t.Helper()
	b.until(func() error {
		logs, err := filepath.Glob(filepath.Join(profile, "Default", "Local Storage", "leveldb", "*.log"))
		for _, log := range logs {
			content, failed := os.ReadFile(log)
			if err = errors.Join(err, failed); bytes.Contains(content, []byte(words)) {
				return nil
			}
		}
		return errors.Join(err, errors.New("the browser has not written it down"))
	})
}

func TestATextOutlivesItsBrowser(t *testing.T) {
	t.Parallel()
	t.Run("autosaved", func(t *testing.T) {
		t.Parallel()
		s, profile := newSite(t), newProfile(t)
		dbtest.User(t, s.store, "ada")
		b := s.ownBrowser(t, profile)
		b.hasSession("ada")
		b.opens("/new")
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk to the island.")
		b.isKept()
		b.isKilled()
		b = s.ownBrowser(t, profile)
		b.hasSession("ada")
		b.opens("/dashboard")
		s.wantPosts(t, "ada, draft, saved 0: Low water / One can walk to the island.")
		b.presses(link("Edit").in(article("Low water")))
		b.holds(field("Body"), "One can walk to the island.")
		b.presses(button("Publish"))
		b.hears("Saved. Everybody can read it.")
		s.wantPosts(t, "ada, low-water, saved 1: Low water / One can walk to the island.")
	})
	t.Run("while the blog was away", func(t *testing.T) {
		t.Parallel()
		s, profile := newSite(t), newProfile(t)
		s.post(t)
		dbtest.User(t, s.store, "bob")
		b := s.ownBrowser(t, profile)
		b.hasSession("ada")
		b.opens("/new")
		s.stops(t)
		b.types(field("Title"), "Low water")
		b.types(field("Body"), "One can walk to the island.")
		b.isNotKept("since")
		b.hasWritten(profile, "One can walk to the island.")
		b.isKilled()
		s.starts(t)

		b = s.ownBrowser(t, profile)
		b.opens("/")
		b.hasSession("bob")
		b.opens("/dashboard")
		b.sees(heading("Welcome, bob"))
		b.hasCopies(1)
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.")

		b.hasSession("ada")
		b.opens("/")
		b.reads("A text of yours, typed at ")
		b.reads("had not reached the blog. It is kept now. Go on from it")
		b.hasCopies(0)
		b.presses(link("Go on from it"))
		b.holds(field("Title"), "Low water")
		b.holds(field("Body"), "One can walk to the island.")
		b.presses(button("Publish"))
		b.isAt("/@ada/low-water")
		s.wantPosts(t, "ada, the-tide-tables-were-wrong-again, saved 1: The tide tables were wrong again / Every harbour keeps two clocks.",
			"ada, low-water, saved 1: Low water / One can walk to the island.")
	})
}
