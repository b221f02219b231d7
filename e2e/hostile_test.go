package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"

	"miniblog/internal/dbtest"
)

// payloadsAtOnce is how many of the hostile texts stand in one post.
const payloadsAtOnce = 10

// trap tells of whatever the usual payloads call, and of whatever they run when touched.
const trap = `window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "eval"]) window[name] = () => { window.ran.push(name); };`

// touch does to every element what a reader could, but for following links, and lists
// what must not be in a text.
const touch = `(() => {
	const found = [];
	for (const element of document.querySelectorAll(".prose *")) {
		for (const kind of ["mouseover", "mouseenter", "pointerdown", "focus", "error", "load", "toggle", "animationstart", "wheel", "copy"]) {
			element.dispatchEvent(new Event(kind, { bubbles: true }));
		}
		if (element.matches("summary")) element.click();
		if (element.matches("script, iframe, object, embed, form, button, textarea, select, style, link, meta, base, svg, math, template, audio, video")) found.push(element.localName);
		for (const { name, value } of element.attributes) {
			if (/^(on|style|srcdoc|action|formaction|data-hx|hx-|is$|ping$|background$)/i.test(name)) found.push(name + "=" + value);
		}
		for (const address of [element.href, element.src]) {
			if (address && URL.canParse(address) && !/^(https?|mailto):/.test(address)) found.push(address);
		}
	}
	return found.concat(window.ran);
})()`

// What strangers have found to run in other places' pages does not run in ours: under
// our content policy, nor without it, where the sanitizer alone stands in the way.
func TestNothingInAHostileTextRuns(t *testing.T) {
	t.Parallel()
	for name, bypass := range map[string]bool{"under the policy": false, "without the policy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			addresses := s.hostile(t)
			b := s.visitor(t, true)
			b.expects("404")
			b.must(call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: trap}))
			b.must(call(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: bypass}))
			for _, address := range addresses {
				b.opens(address)
				found, err := evaluate[[]string](b, touch)
				if err != nil || len(found) > 0 {
					t.Errorf("%s has or ran %q (%v)", address, found, err)
				}
				b.isAt(address)
			}
		})
	}
}

// hostile publishes all hostile texts, and returns where.
func (s *site) hostile(t *testing.T) (addresses []string) {
	t.Helper()
	kept, err := os.ReadFile("../internal/markdown/testdata/xss/payloads.json")
	if err != nil {
		t.Fatal(err)
	}
	var payloads []string
	if err := json.Unmarshal(kept, &payloads); err != nil || len(payloads) < 100 {
		t.Fatalf("%d payloads (%v)", len(payloads), err)
	}
	payloads = slices.DeleteFunc(payloads, func(p string) bool { return strings.ContainsRune(p, 0) })
	mallory := dbtest.User(t, s.store, "mallory")
	for several := range slices.Chunk(payloads, payloadsAtOnce) {
		title := fmt.Sprintf("Hostile %d", len(addresses))
		dbtest.Post(t, s.store, mallory, func(p *dbtest.NewPost) { p.Title, p.Body = title, strings.Join(several, "\n\n") })
		addresses = append(addresses, "/@mallory/"+strings.ReplaceAll(strings.ToLower(title), " ", "-"))
	}
	return addresses
}
