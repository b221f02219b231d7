package markdown

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/html"
)

// may says which elements a rendered text may have, and which attributes those may have beside dir and lang. It is written
// down by itself, not taken from the policy.
var may = map[string]string{
	"p": "", "div": "class tabindex role aria-label", "span": "class", "br": "", "hr": "", "blockquote": "", "pre": "tabindex role aria-label", "code": "class",
	"h1": "id", "h2": "id", "h3": "id", "h4": "id", "h5": "id", "h6": "id", "ul": "", "ol": "start", "li": "id class", "dl": "", "dt": "", "dd": "",
	"a": "href title class role aria-label", "img": "src alt title width height loading decoding", "input": "type checked disabled aria-label",
	"em": "", "strong": "", "b": "", "i": "", "u": "", "s": "", "del": "", "ins": "", "small": "", "mark": "", "sub": "", "sup": "id",
	"kbd": "", "samp": "", "var": "", "q": "", "cite": "", "dfn": "title", "abbr": "title", "time": "datetime", "bdi": "", "bdo": "", "wbr": "", "ruby": "", "rt": "", "rp": "",
	"details": "open", "summary": "", "figure": "", "figcaption": "",
	"table": "", "thead": "", "tbody": "", "tfoot": "", "tr": "", "colgroup": "", "th": "class colspan rowspan", "td": "class colspan rowspan", "caption": "",
}

// says are the attributes that may say only this.
var says = map[string]*regexp.Regexp{
	"class":    regexp.MustCompile(`^(language-\S+|c|k|m|s|nf|nt|na|gd|gi|gh|ge|gs|gp|anchor|scroll|task|align-(left|center|right)|footnotes|footnote-(ref|backref))$`),
	"id":       regexp.MustCompile(`^(h-|n-fn)`),
	"tabindex": regexp.MustCompile(`^0$`),
	"role":     regexp.MustCompile(`^(group|doc-endnotes|doc-noteref|doc-backlink)$`),
	"type":     regexp.MustCompile(`^checkbox$`),
	"dir":      regexp.MustCompile(`^(ltr|rtl|auto)$`),
}

// dangers lists what is wrong with a rendered text, as a browser would read it inside a page.
func dangers(t testing.TB, fragment HTML) (found []string) {
	t.Helper()
	page := parsedFragment(t, "<div><main>"+string(fragment)+"<footer></footer></main></div>")[0].FirstChild
	if page == nil || page.Data != "main" || page.LastChild == nil || page.LastChild.Data != "footer" || page.NextSibling != nil {
		return []string{"it reaches beyond itself"}
	}
	page.RemoveChild(page.LastChild)
	ids := map[string]bool{}
	for node := range page.Descendants() {
		if node.Type != html.ElementNode {
			if node.Type != html.TextNode {
				found = append(found, "it has a "+fmt.Sprint(node.Type))
			}
			continue
		}
		allowed, known := may[node.Data]
		if !known || node.Namespace != "" {
			found = append(found, "it has <"+node.Data+">")
		}
		for _, each := range node.Attr {
			found = append(found, wrong(node.Data, allowed, each, ids)...)
		}
	}
	return found
}

func wrong(element, allowed string, each html.Attribute, ids map[string]bool) (found []string) {
	what := fmt.Sprintf("<%s %s=%q>", element, each.Key, each.Val)
	if each.Key != "dir" && each.Key != "lang" && !slices.Contains(strings.Fields(allowed), each.Key) {
		found = append(found, what)
	}
	if pattern := says[each.Key]; pattern != nil && !pattern.MatchString(each.Val) {
		found = append(found, what)
	}
	switch each.Key {
	case "href", "src":
		if !leadsWell(each.Key, each.Val) {
			found = append(found, what)
		}
	case "id":
		if ids[each.Val] {
			found = append(found, what+" twice")
		}
		ids[each.Val] = true
	}
	return found
}

// leadsWell asks the rules of browsers where an address leads from a page of this blog. What they cannot read leads nowhere.
func leadsWell(key, address string) bool {
	target, err := whatwg.ParseRef("https://blog.example/@ada/post", address)
	if err != nil {
		return true
	}
	if key == "src" {
		return target.Scheme() == "https" && target.Host() == "blog.example"
	}
	return slices.Contains([]string{"http", "https", "mailto"}, target.Scheme())
}

// places are where a text of a stranger may stand in Markdown.
var places = []string{
	"%s", "text %s text", "- %s", "> %s", "# %s", "| a |\n|---|\n| %s |", "[^1]\n\n[^1]: %s", "`` %s ``", "```%s\ncode\n```",
	"[link](%s)", "[link](<%s>)", "[link](/x \"%s\")", "![%s](/y)", "![x](%s)", "[%s](/z)", "[x]\n\n[x]: %s", "<%s>", "<b title=\"%s\">", "<a href='%s'>x</a>", "<img src=\"%s\">",
	"<details>\n\n%s\n\n</details>", "<!--\n%s", "<pre>%s", "<b>\n\n%s",
}

func TestNoAttackThatIsKnownGetsThrough(t *testing.T) {
	t.Parallel()
	var payloads []string
	readJSON(t, filepath.Join("xss", "payloads.json"), &payloads)
	if len(payloads) != 348 {
		t.Errorf("there are %d", len(payloads))
	}
	for _, payload := range payloads {
		for _, place := range places {
			source := strings.Replace(place, "%s", payload, 1)
			if found := dangers(t, Render(source).HTML); found != nil {
				t.Errorf("%q is rendered with %q", source, found)
			}
		}
	}
}

func TestADangerIsNoticed(t *testing.T) {
	t.Parallel()
	for _, fragment := range []HTML{
		"<script>x</script>", `<p onclick="x">`, `<a href="javascript:x">`, "<a href=\"java\nscript:x\">", `<a href="data:,x">`, `<img src="//a.example/b">`, `<p id="status">`,
		`<p class="button">`, `<h2 id="status">x</h2>`, `<h2 id="h-x">x</h2><h2 id="h-x">x</h2>`, "</main>", "</div>", "<b>", "<!--", "<svg></svg>", "<!-- x -->", `<div hx-get="/x">`, `<div data-hx-get="/x">`,
	} {
		if dangers(t, fragment) == nil {
			t.Errorf("nothing is found in %s", fragment)
		}
	}
	if found := dangers(t, `<p dir="auto">a <a href="/b?c=javascript:d">e</a></p>`); found != nil {
		t.Errorf("what is harmless is said to have %q", found)
	}
}

func FuzzRender(f *testing.F) {
	for _, place := range places {
		f.Add(strings.Replace(place, "%s", `<img src=x onerror=alert(1)>"')`, 1))
	}
	f.Add("# a\n# a\n## a-2\n\n[^a]: b\n[^a]: c\n\n[^a] [^a]")
	f.Add("```go\nfunc\n```\n- [x] a\n\n|a|b|\n|:-|-:|\n|c|d|\n\n<b lang=de>x\n\n\"y\" -- 'z'...")
	f.Fuzz(func(t *testing.T, source string) {
		rendered, err := posts.render(source)
		if err != nil && err != errRefused {
			t.Errorf("%q: %v", source, err)
		}
		if found := dangers(t, rendered.HTML); found != nil {
			t.Errorf("%q is rendered with %q:\n%s", source, found, rendered.HTML)
		}
		if found := dangers(t, Render(string(rendered.HTML)).HTML); found != nil {
			t.Errorf("%q, rendered twice, has %q", source, found)
		}
		if found := dangers(t, plainly(source).HTML); found != nil {
			t.Errorf("%q, plainly, has %q", source, found)
		}
		if excerpt := []rune(Excerpt(source, 50)); len(excerpt) > 50 {
			t.Errorf("an excerpt of %q has %d runes", source, len(excerpt))
		}
		for _, target := range rendered.Links {
			if !leadsWell("href", target) {
				t.Errorf("%q has a link to %q", source, target)
			}
		}
	})
}
