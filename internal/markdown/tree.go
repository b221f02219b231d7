package markdown

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxOpen is how many elements may be open at once in the tree; deeper ones are left out, their text is kept.
const maxOpen = 400

// forest is a tree while it grows.
type forest struct {
	at   *html.Node
	deep int
	open map[string]int
}

// grow makes a tree of sanitized HTML. What is not closed is closed with what it stands in, and what was never opened is
// not closed: nothing in a text reaches beyond it, and browsers find nothing to mend. It takes a time that grows with the
// length alone, unlike mending by the rules of browsers, which opens formatting again in each paragraph.
func grow(sanitized io.Reader) *html.Node {
	root := &html.Node{Type: html.DocumentNode}
	f := forest{at: root, open: map[string]int{}}
	for tokens := html.NewTokenizer(sanitized); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return root
		case html.TextToken:
			f.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			f.start(tokens.Token())
		case html.EndTagToken:
			name, _ := tokens.TagName()
			f.end(string(name))
		}
	}
}

// text adds text; the line end that a pre element begins with is none of it.
func (f *forest) text(data string) {
	if f.at.DataAtom == atom.Pre && f.at.FirstChild == nil {
		data = strings.TrimPrefix(data, "\n")
	}
	f.at.AppendChild(&html.Node{Type: html.TextNode, Data: data})
}

func (f *forest) start(token html.Token) {
	if closesParagraph(token.Data) {
		f.end("p")
	}
	if headingLevel(token.DataAtom) > 0 {
		f.endHeading()
	}
	if f.deep >= maxOpen || token.DataAtom == atom.A && (f.open["a"] > 0 || !leads(token)) || !fits(f.at.DataAtom, token.DataAtom) {
		return
	}
	grown := &html.Node{Type: html.ElementNode, Data: token.Data, DataAtom: token.DataAtom, Attr: token.Attr}
	f.at.AppendChild(grown)
	if !isVoid(token.DataAtom) {
		f.at = grown
		f.deep++
		f.open[token.Data]++
	}
}

func (f *forest) end(name string) {
	if f.open[name] == 0 {
		return
	}
	for {
		closed := f.at
		f.at = closed.Parent
		f.deep--
		f.open[closed.Data]--
		if closed.Data == name {
			return
		}
	}
}

// endHeading closes an open heading with what stands in it, wherever the next one begins: browsers close only the one that
// is next to it, and each heading around others would have all of their texts as its own.
func (f *forest) endHeading() {
	for _, name := range [...]string{"h1", "h2", "h3", "h4", "h5", "h6"} {
		f.end(name)
	}
}

// leads tells whether a link still has its address, which it loses where that is not safe.
func leads(link html.Token) bool {
	return slices.ContainsFunc(link.Attr, func(each html.Attribute) bool { return each.Key == "href" })
}

// fits tells whether an element stands where it belongs. Browsers close others to make room for those that do not (an item
// the item around it), or move them out of tables: then what is closed here would be something else there.
func fits(parent, child atom.Atom) bool {
	switch child {
	case atom.Li:
		return parent == atom.Ul || parent == atom.Ol
	case atom.Dt, atom.Dd:
		return parent == atom.Dl
	case atom.Rt, atom.Rp:
		return parent == atom.Ruby
	case atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption:
		return parent == atom.Table
	case atom.Tr:
		return parent == atom.Table || isTablePart(parent)
	case atom.Td, atom.Th:
		return parent == atom.Tr
	}
	return parent != atom.Table && parent != atom.Tr && !isTablePart(parent)
}

func isTablePart(a atom.Atom) bool { return a == atom.Thead || a == atom.Tbody || a == atom.Tfoot }

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Wbr:
		return true
	}
	return false
}

// closesParagraph tells whether browsers end an open paragraph where that element begins.
func closesParagraph(name string) bool {
	switch name {
	case "p", "div", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "details", "summary", "figure", "figcaption", "table":
		return true
	}
	return false
}

// serialize writes the tree as HTML.
func serialize(tree *html.Node) HTML {
	var page strings.Builder
	for child := tree.FirstChild; child != nil; child = child.NextSibling {
		write(&page, child)
	}
	return HTML(page.String())
}

func write(page *strings.Builder, node *html.Node) {
	if node.Type == html.TextNode {
		escapeText(page, node.Data, "\n")
		return
	}
	page.WriteByte('<')
	page.WriteString(node.Data)
	for _, attribute := range node.Attr {
		writeAttribute(page, attribute)
	}
	page.WriteByte('>')
	if isVoid(node.DataAtom) {
		return
	}
	if node.DataAtom == atom.Pre && startsWithLine(node) {
		page.WriteByte('\n') // browsers drop the first one
	}
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		write(page, child)
	}
	page.WriteString("</")
	page.WriteString(node.Data)
	page.WriteByte('>')
}

func startsWithLine(node *html.Node) bool {
	first := node.FirstChild
	return first != nil && first.Type == html.TextNode && strings.HasPrefix(first.Data, "\n")
}

// writeAttribute writes an attribute; those that are alone say all (disabled, open) have no value.
func writeAttribute(page *strings.Builder, attribute html.Attribute) {
	page.WriteByte(' ')
	page.WriteString(attribute.Key)
	if slices.Contains(alone, attribute.Key) {
		return
	}
	page.WriteString(`="`)
	_, _ = attributeEscaper.WriteString(page, attribute.Val)
	page.WriteByte('"')
}

// alone are attributes that only are there or not.
var alone = []string{"checked", "disabled", "open"}

// attributeEscaper also takes < and >: where markup is mended again and again, an address or a title must not turn into a tag.
var attributeEscaper = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")

// escapeText writes text, with its line ends written as that.
func escapeText(page *strings.Builder, text, lineEnd string) {
	done := 0
	for i := range len(text) {
		var instead string
		switch text[i] {
		case '&':
			instead = "&amp;"
		case '<':
			instead = "&lt;"
		case '>':
			instead = "&gt;"
		case '\n':
			instead = lineEnd
		default:
			continue
		}
		page.WriteString(text[done:i])
		page.WriteString(instead)
		done = i + 1
	}
	page.WriteString(text[done:])
}

// attribute is the value of an attribute of an element, or nothing.
func attribute(node *html.Node, key string) string {
	for _, each := range node.Attr {
		if each.Key == key {
			return each.Val
		}
	}
	return ""
}

// set gives an element an attribute, in place of one it had.
func set(node *html.Node, key, value string) {
	unset(node, key)
	node.Attr = append(node.Attr, html.Attribute{Key: key, Val: value})
}

func unset(node *html.Node, key string) {
	node.Attr = slices.DeleteFunc(node.Attr, func(each html.Attribute) bool { return each.Key == key })
}
