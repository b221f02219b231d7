package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// printable leaves out what XML 1.0 cannot hold, not even escaped (section 2.2): a reader
// would refuse the whole feed.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r':
			return r
		case r < 0x20, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, text)
}

// addresses are the attributes of HTML that hold one.
var addresses = map[string]bool{"href": true, "src": true, "cite": true, "poster": true}

// absolute makes the addresses in a piece of HTML absolute: many readers know of no base.
func absolute(fragment, base string) string {
	from, err := url.Parse(base)
	if err != nil {
		return fragment
	}
	var made strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(fragment))
	for tokens.Next() != html.ErrorToken {
		raw := string(tokens.Raw()) // before Token, which reads on
		if token := tokens.Token(); resolve(&token, from) {
			made.WriteString(token.String())
		} else {
			made.WriteString(raw)
		}
	}
	return made.String()
}

// resolve makes a tag's addresses absolute and tells whether it changed any.
func resolve(tag *html.Token, from *url.URL) (changed bool) {
	if tag.Type != html.StartTagToken && tag.Type != html.SelfClosingTagToken {
		return false
	}
	for i, attribute := range tag.Attr {
		if !addresses[attribute.Key] {
			continue
		}
		to, err := from.Parse(strings.TrimSpace(attribute.Val))
		if err != nil || to.String() == attribute.Val {
			continue
		}
		tag.Attr[i].Val, changed = to.String(), true
	}
	return changed
}
