package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// links are the safe targets of a document's links as written, each once, in their order.
func links(document ast.Node, source []byte) []string {
	found := targets{seen: map[string]bool{}}
	// Our visitor returns no error.
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			found.visit(node, source)
		}
		return ast.WalkContinue, nil
	})
	return found.list
}

type targets struct {
	list []string
	seen map[string]bool
}

func (t *targets) visit(node ast.Node, source []byte) {
	switch node := node.(type) {
	case *ast.Link:
		t.add(string(util.ResolveEntityNames(util.ResolveNumericReferences(node.Destination))))
	case *ast.AutoLink:
		t.add(automatic(node, source))
	case *ast.RawHTML:
		t.addRaw(node.Segments.Value(source))
	case *ast.HTMLBlock:
		t.addRaw(htmlBlock(source, node))
	}
}

func automatic(node *ast.AutoLink, source []byte) string {
	address := string(node.URL(source))
	if node.AutoLinkType == ast.AutoLinkEmail {
		return "mailto:" + address
	}
	return address
}

// addRaw adds the links of a piece of HTML.
func (t *targets) addRaw(piece []byte) {
	for tokens := html.NewTokenizer(bytes.NewReader(piece)); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			if token := tokens.Token(); token.Data == "a" {
				t.add(attribute(&html.Node{Attr: token.Attr}, "href"))
			}
		}
	}
}

func (t *targets) add(target string) {
	if target != "" && !t.seen[target] && safeLink.MatchString(target) {
		t.seen[target] = true
		t.list = append(t.list, target)
	}
}
