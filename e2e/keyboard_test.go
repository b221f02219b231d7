package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// stop is where the Tab key has come to.
type stop struct {
	Name       string
	Top, Left  float64
	Wide, Tall float64
	Ringed     bool
	End        bool
}

const stopped = `(() => {
	const at = document.activeElement;
	if (at === document.body) return { end: true };
	const { top, left, width, height } = at.getBoundingClientRect(), { outlineStyle, outlineWidth } = getComputedStyle(at);
	return {
		name: at.textContent.trim().slice(0, 30) || at.getAttribute("aria-label") || at.name || "", top: top + scrollY, left, wide: width, tall: height,
		ringed: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
	};
})()`

// Line by line, and from the left to the right, as one reads; everything it stops at has a ring and is large enough to hit.
func TestTheTabKeyGoesAsOneReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fill(t)
	for _, width := range []int64{1280, 320} {
		for path, least := range map[string]int{"/": 20, permalink: 10, "/dashboard": 10} {
			b := s.visitor(t, true)
			b.hasSession("ada")
			b.resize(width)
			b.prefers("light")
			b.opens(path)
			b.until(b.rests)
			t.Run(fmt.Sprintf("%s at %d px", strings.ReplaceAll(path, "/", "."), width), func(t *testing.T) {
				b.walksByTab(t, least)
			})
		}
	}
}

func (b *tab) walksByTab(t *testing.T, least int) {
	t.Helper()
	b.key(kb.Tab) // the skip link, which stands above everything
	var before stop
	stops := 0
	for ; stops < 200; stops++ {
		b.key(kb.Tab)
		at, err := evaluate[stop](b, stopped)
		b.must(at, err)
		if at.End || at.Name == "Skip to content" {
			break
		}
		// Of one line is what overlaps it by more than half.
		sameLine := at.Top < before.Top+before.Tall/2 && at.Top+at.Tall/2 > before.Top
		if stops > 0 && !sameLine && at.Top < before.Top || sameLine && at.Left < before.Left {
			t.Errorf("from %q it goes back to %q", before.Name, at.Name)
		}
		if !at.Ringed {
			t.Errorf("%q shows no ring", at.Name)
		}
		if at.Tall < 24 && at.Wide < 24 {
			t.Errorf("%q has %.0f by %.0f px", at.Name, at.Wide, at.Tall)
		}
		before = at
	}
	if stops < least {
		t.Errorf("it stops %d times, at least %d are expected", stops, least)
	}
}
