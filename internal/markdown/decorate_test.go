package markdown

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func shown(t *testing.T, source string) *goquery.Document {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(Render(source).HTML)))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestHeadingsAreListedWithIDsInAnyScript(t *testing.T) {
	t.Parallel()
	got := Render("## Größe *&* `x`\n### 上海[^1]\n## Größe & x\n## größe-x-2\n#\n## !?\n\n[^1]: a").Headings
	want := []Heading{
		{2, "h-größe-x", "Größe & x"}, {3, "h-上海", "上海"}, {2, "h-größe-x-2", "Größe & x"}, {2, "h-größe-x-2-2", "größe-x-2"}, {2, "h-section", "!?"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("they are %v", got)
	}
	if long := Render("# " + strings.Repeat("long ", 100)).Headings[0].ID; len(long) > maxIDRunes+len(headingPrefix) {
		t.Errorf("the id is %q", long)
	}
}

func TestHeadingsGoOneLowerWhereOneIsTheTitles(t *testing.T) {
	t.Parallel()
	page := shown(t, "## a\n# b\n###### c")
	if page.Find("h1").Length() != 0 || page.Find("h2").Text() != "b" || page.Find("h3").Text() != "a" || page.Find("h6").Text() != "c" {
		t.Error(page.Html())
	}
	if levels := Render("## a\n# b").Headings; levels[0].Level != 2 || levels[1].Level != 1 {
		t.Errorf("they are not listed as typed: %v", levels)
	}
	if page := shown(t, "## a"); page.Find("h2").Text() != "a" {
		t.Error(page.Html())
	}
}

func TestEachHeadingHasALinkToItself(t *testing.T) {
	t.Parallel()
	link := shown(t, "## A part").Find("h2#h-a-part > a.anchor")
	if link.AttrOr("href", "") != "#h-a-part" || link.AttrOr("aria-label", "") == "" || link.Text() != "" {
		t.Error("it has none, or one without a name, or with text that would be copied")
	}
}

func TestABlockHasTheDirectionOfItsText(t *testing.T) {
	t.Parallel()
	for source, selector := range map[string]string{
		"שלום":                          `p[dir=auto]`,
		"# שלום":                        `h2[dir=auto]`,
		"1. - שלום":                     `ol[dir=rtl] ul[dir=rtl] > li[dir=auto]`,
		"- שלום\n\n- a":                 `ul[dir=rtl] > li[dir=rtl] > p[dir=auto]`,
		"1. a":                          `ol[dir=ltr]`,
		"> > سلام":                      `blockquote[dir=rtl] > blockquote[dir=rtl] > p[dir=auto]`,
		"|سلام|\n|-|\n|a|":              `table[dir=rtl] td[dir=auto]`,
		"- 1":                           `ul:not([dir])`,
		"<p dir=\"rtl\">a</p>":          `p[dir=rtl]`,
		"```go\n// שלום\n```":           `pre[dir=ltr]`,
		"```\nשלום\n```":                `pre[dir=auto]`,
		"<details>\n\nשלום\n</details>": `details[dir=rtl]`,
	} {
		if page := shown(t, source); page.Find(selector).Length() != 1 {
			html, _ := page.Find("body").Html()
			t.Errorf("%q has no %s: %s", source, selector, html)
		}
	}
}

func TestWhatScrollsIsReachedByTheKeyboard(t *testing.T) {
	t.Parallel()
	page := shown(t, "|a|\n|-|\n\n    code\n\n```go\ncode\n```")
	if page.Find("div.scroll[tabindex='0'][role=group][aria-label] > table").Length() != 1 || page.Find("pre[tabindex='0'][role=group][aria-label] > code").Length() != 2 {
		t.Error(page.Html())
	}
}

func TestTasksHaveNamesAndFootnotesLeadBack(t *testing.T) {
	t.Parallel()
	page := shown(t, "- [x] a\n- [ ] b\n\nc[^1]\n\n[^1]: d")
	if page.Find("li.task > input[type=checkbox][disabled][checked][aria-label=Done]").Length() != 1 || page.Find("li.task > input[aria-label='Not done']").Length() != 1 {
		t.Error(page.Html())
	}
	if page.Find("sup[id='n-fnref:1'] > a[href='#n-fn:1'][role=doc-noteref]").Length() != 1 ||
		page.Find(".footnotes[role=doc-endnotes][aria-label] li[id='n-fn:1'] a[href='#n-fnref:1'][aria-label]").Length() != 1 {
		t.Error(page.Html())
	}
}

func TestImagesOfOtherHostsAreLinks(t *testing.T) {
	t.Parallel()
	for source, selector := range map[string]string{
		"![a](b.png)":                            `img[src='b.png'][alt=a][decoding=async]`,
		"![](/b.png)":                            `img[src='/b.png'][alt='']`,
		"![a](HTTPS://c.example/b.png)":          `a[href='HTTPS://c.example/b.png']:contains(a)`,
		"![](//c.example/b.png)":                 `a[href='//c.example/b.png']:contains('//c.example/b.png')`,
		`<img src="/&#9;/c.example/b" alt="a">`:  `a:contains(a)`,
		`<img src="\\c.example/b" alt="a">`:      `a:contains(a)`,
		`<a href="/x"><img src="//c/b" alt="a">`: `a[href='/x']:not(:has(*)):contains(a)`,
		"![a](data:image/png;base64,x)":          `p:not(:has(*)):contains(a)`,
	} {
		if page := shown(t, source); page.Find(selector).Length() != 1 {
			html, _ := page.Find("body").Html()
			t.Errorf("%q has no %s: %s", source, selector, html)
		}
	}
}

func TestLinksAreListedAsWritten(t *testing.T) {
	t.Parallel()
	got := Render("[a](/größe?b&amp;c#d) <https://a.example> www.b.example a@c.example [a](/größe?b&amp;c#d)\n<a href=\"/x\">x</a> [y] ![z](/no) [no](javascript:x)\n\n" +
		"<div><a href='/w'>\n\n[y]: ../y\n\ne[^1]\n\n[^1]: [f](/f)").Links
	want := []string{"/größe?b&c#d", "https://a.example", "http://www.b.example", "mailto:a@c.example", "/x", "../y", "/w", "/f"}
	if !slices.Equal(got, want) {
		t.Errorf("they are %q", got)
	}
}

func TestThePlainTextIsWhatIsRead(t *testing.T) {
	t.Parallel()
	got := Render("# A *title*\none\ntwo <b>bold</b><!--x--> ![image](/a)\n\n- a\n  - b[^1]\n\n|c|d|\n|-|-|\n|e|f|\n\n```go\nfunc  x()\n\n\ty\n```\n\n<details><summary>g</summary>h</details>\n\n[^1]: note").Plain
	want := "A title\none\ntwo bold \na\nb\nc d \ne f \nfunc  x()\n\n\ty\ng\nh\nnote"
	if strings.TrimRight(strings.ReplaceAll(got, "\u00a0", ""), " ") != want {
		t.Errorf("it is %q", got)
	}
}

func TestCodeIsColouredWhereItsLanguageIsNamed(t *testing.T) {
	t.Parallel()
	page := shown(t, "```go\nfunc a() string { return \"b<\" } // c\n```")
	for class, text := range map[string]string{"k": "func", "nf": "a", "s": `"b<"`, "c": "// c"} {
		if got := page.Find("pre code.language-go span." + class).First().Text(); strings.TrimSpace(got) != text {
			t.Errorf("%s is %q", class, got)
		}
	}
	long := strings.Repeat("func a() {}\n", maxBlock/12+1)
	for _, source := range []string{"```\nfunc a() {}\n```", "```nolanguage\nfunc a() {}\n```", "    func a() {}", "```go\n" + long + "```"} {
		if page := shown(t, source); page.Find("pre code").Length() != 1 || page.Find("span").Length() != 0 {
			t.Errorf("%.40q is coloured", source)
		}
	}
}

func TestColouringChangesNoText(t *testing.T) {
	t.Parallel()
	source := "\n\n  a <b> &amp; \"c\\\" 'd\n\t#{e} // f\n\n/* g\n\n"
	for _, language := range languages {
		if got, want := shown(t, "```"+language+"\n"+source+"```").Find("code").Text(), source; got != want {
			t.Errorf("in %s it is %q, not %q", language, got, want)
		}
	}
}
