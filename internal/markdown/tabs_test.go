package markdown_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"miniblog/internal/markdown"
)

func TestLinksThatLeadAwayOpenInATabOfTheirOwn(t *testing.T) {
	t.Parallel()
	source := strings.Join([]string{
		"# Tides", "See [here](/@ada/low-tide \"a > b\"), <https://example.org>, [above](#h-tides) and[^1]",
		`<a title=' href="#x"' href="/away">raw</a> &lt;a href="/text"&gt; and <a href="mailto:ada@example.org">mail</a>`,
		"`<a href=\"/code\">`", "[^1]: A note.",
	}, "\n\n")
	page, err := html.Parse(strings.NewReader(string(markdown.Render(source).HTML.InNewTabs())))
	if err != nil {
		t.Fatal(err)
	}
	away, within := 0, 0
	for node := range page.Descendants() {
		if node.Type != html.ElementNode || node.Data != "a" {
			continue
		}
		attributes := map[string]string{}
		for _, each := range node.Attr {
			attributes[each.Key] = each.Val
		}
		leaves := !strings.HasPrefix(attributes["href"], "#")
		if (attributes["target"] == "_blank") != leaves || (attributes["rel"] == "noopener") != leaves {
			t.Errorf("a link to %q has %v", attributes["href"], attributes)
		}
		if leaves {
			away++
		} else {
			within++
		}
	}
	if away != 4 || within != 4 {
		t.Errorf("%d links lead away and %d stay, want 4 and 4", away, within)
	}
}
