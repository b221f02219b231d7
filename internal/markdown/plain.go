package markdown

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is the text of a tree alone, its blocks parted by line ends.
func plain(tree *html.Node) string {
	var text plainText
	text.add(tree)
	return strings.TrimSpace(text.String())
}

// plainText is gathered from a tree; between two blocks stands one line end.
type plainText struct {
	strings.Builder
	ended, code bool
}

func (p *plainText) add(node *html.Node) {
	switch {
	case node.Type == html.TextNode:
		p.write(node.Data)
		return
	case isNoteMark(node):
		return
	case isBlock(node.DataAtom):
		p.end()
		defer p.end()
	case node.DataAtom == atom.Td || node.DataAtom == atom.Th:
		defer p.WriteByte(' ')
	}
	before := p.code
	p.code = before || node.DataAtom == atom.Pre
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		if !isFiller(child) {
			p.add(child)
		}
	}
	p.code = before
}

// isFiller tells whether a text only parts what stands in lists and tables.
func isFiller(node *html.Node) bool {
	if node.Type != html.TextNode || node.Parent == nil {
		return false
	}
	switch node.Parent.DataAtom {
	case atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr:
		return strings.TrimSpace(node.Data) == ""
	}
	return false
}

// write adds text. What is blank at the beginning of a line only parts blocks in the markup, but in code.
func (p *plainText) write(text string) {
	if !p.code && (p.ended || p.Len() == 0) {
		text = strings.TrimLeft(text, " \t\n")
	}
	if text != "" {
		p.WriteString(text)
		p.ended = strings.HasSuffix(text, "\n")
	}
}

func (p *plainText) end() {
	if !p.ended && p.Len() > 0 {
		p.WriteByte('\n')
		p.ended = true
	}
}

// isNoteMark tells whether the element is the number of a footnote or leads back from one.
func isNoteMark(node *html.Node) bool {
	return node.DataAtom == atom.A && strings.HasPrefix(attribute(node, "class"), "footnote-")
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Hr, atom.Br, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Li,
		atom.Dl, atom.Dt, atom.Dd, atom.Details, atom.Summary, atom.Figure, atom.Figcaption, atom.Table, atom.Tr, atom.Caption:
		return true
	}
	return false
}
