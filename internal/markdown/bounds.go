package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// What one text may ask for. Above it the text is shown as plain paragraphs: nobody writes such a thing to be read.
const (
	// maxBytes is the length of a text, a little above what a post may have.
	maxBytes = 2 << 20
	// maxDepth is how deep quotes, lists and footnotes are nested. The parser visits all open ones with every line.
	maxDepth = 100
	// maxWork bounds the marks within one block (emphasis, brackets, code), each counting the marks before it, summed up
	// over the text: the parser looks back at all of them, and forward through the block.
	maxWork = 20_000_000
)

// depthGuard is asked before a block is opened that can hold others, and opens none.
type depthGuard struct{}

func (depthGuard) Trigger() []byte { return []byte(">-+*[0123456789") }

func (depthGuard) Open(parent ast.Node, _ text.Reader, _ parser.Context) (ast.Node, parser.State) {
	depth := 0
	for ; parent != nil; parent = parent.Parent() {
		if depth++; depth > maxDepth {
			panic(errRefused)
		}
	}
	return nil, parser.NoChildren
}

func (depthGuard) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (depthGuard) Close(ast.Node, text.Reader, parser.Context)                 {}
func (depthGuard) CanInterruptParagraph() bool                                 { return true }
func (depthGuard) CanAcceptIndentedLine() bool                                 { return true }

// workGuard is asked before a mark is read, and reads none.
type workGuard struct{}

var workKey = parser.NewContextKey()

// work is what a text has asked for so far.
type work struct {
	block       ast.Node
	marks, done int
}

func (workGuard) Trigger() []byte { return []byte("[]!*_~`<&\"'") }

func (workGuard) Parse(parent ast.Node, _ text.Reader, pc parser.Context) ast.Node {
	so, ok := pc.Get(workKey).(*work)
	if !ok {
		so = &work{}
		pc.Set(workKey, so)
	}
	if so.block != parent {
		so.block, so.marks = parent, 0
	}
	so.marks++
	if so.done += so.marks; so.done > maxWork {
		panic(errRefused)
	}
	return nil
}
