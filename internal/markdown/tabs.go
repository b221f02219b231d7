package markdown

import (
	"regexp"
	"strings"
)

// opensLink is the start of a link. Quotes, < and > in its attributes are escaped.
var opensLink = regexp.MustCompile(`<a [^>]*>`)

// InNewTabs has every link that leads away open in a tab of its own, for a text that is seen
// beside what must not be lost. Those within the text stay in it.
func (h HTML) InNewTabs() HTML {
	return HTML(opensLink.ReplaceAllStringFunc(string(h), func(link string) string {
		if strings.Contains(link, ` href="#`) {
			return link
		}
		return `<a target="_blank" rel="noopener" ` + strings.TrimPrefix(link, "<a ")
	}))
}
