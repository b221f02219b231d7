package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// What one text may ask for. Above it the text is shown as plain paragraphs: nobody writes such a thing to be read.
const (
	// maxBytes is the length of a text, a little above what a post may have.
	maxBytes = 2 << 20
	// maxDepth is how deep quotes, lists (two levels each) and footnotes are nested. The parser visits all open ones with
	// every line.
	maxDepth = 40
	// maxBlank bounds the depth once more, times the blank lines of the text: the parser notes all open blocks with each.
	maxBlank = 2_000_000
	// maxWork bounds what the parser looks at again: for each mark of emphasis those before it in its block, for each bracket
	// or mark of code the rest of its block, for each quotation mark those that follow it at once, for each definition of a link
	// its paragraph, for each footnote that is named all that there are.
	maxWork = 100_000_000
	// maxCells bounds the cells of tables, as rows that are too short are filled up.
	maxCells = 200_000
	// maxLooks bounds what is looked at to decorate the tree: for each list, quote and table what stands in it until a letter
	// tells its direction, for each item what stands in it until a paragraph is found, for each image and task what it stands in.
	maxLooks = 10_000_000
)

// What is kept of headings. Those that come later, and the rest of a longer one, are shown as any others are.
const (
	maxHeadings     = 200
	maxHeadingRunes = 200
)

// work is what a text has asked for so far.
type work struct {
	depth int
	notes int
	block ast.Node
	marks int
	done  int
}

var workKey = parser.NewContextKey()

// begin starts counting for a text.
func begin(source []byte) parser.Context {
	blank := bytes.Count(source, []byte("\n\n")) + bytes.Count(source, []byte("\n \n")) + 1
	pc := parser.NewContext()
	pc.Set(workKey, &work{depth: max(min(maxDepth, maxBlank/blank), 2)})
	return pc
}

func (w *work) do(more int) {
	if w.done += more; w.done > maxWork {
		panic(errRefused)
	}
}

// depthGuard is asked before a block is opened that can hold others, and opens none.
type depthGuard struct{}

func (depthGuard) Trigger() []byte { return []byte(">-+*[0123456789") }

func (depthGuard) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	so := pc.Get(workKey).(*work)
	depth := 0
	for ; parent != nil; parent = parent.Parent() {
		if depth++; depth > so.depth {
			panic(errRefused)
		}
	}
	if line, _ := reader.PeekLine(); bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("[^")) {
		so.notes++
	}
	return nil, parser.NoChildren
}

func (depthGuard) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (depthGuard) Close(ast.Node, text.Reader, parser.Context)                 {}
func (depthGuard) CanInterruptParagraph() bool                                 { return true }
func (depthGuard) CanAcceptIndentedLine() bool                                 { return true }

// workGuard is asked before a mark is read, and reads none.
type workGuard struct{}

func (workGuard) Trigger() []byte { return []byte("[]!*_~`<&\"'") }

func (workGuard) Parse(parent ast.Node, reader text.Reader, pc parser.Context) ast.Node {
	so := pc.Get(workKey).(*work)
	if so.block != parent {
		so.block, so.marks = parent, 0
	}
	so.marks++
	switch line, at := reader.PeekLine(); line[0] {
	case '*', '_', '~':
		so.do(so.marks)
	case '"', '\'':
		so.do(len(line) - len(bytes.TrimLeft(line, string(line[0]))))
	default:
		lines := parent.Lines()
		so.do(lines.At(lines.Len()-1).Stop - at.Start)
		if bytes.HasPrefix(line, []byte("[^")) {
			so.do(so.notes)
		}
	}
	return nil
}

// linesGuard looks at a paragraph before it may become a table or definitions of links, and changes nothing.
type linesGuard struct{}

func (linesGuard) Transform(paragraph *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := paragraph.Lines(), reader.Source()
	for i := range lines.Len() {
		at := lines.At(i)
		line, left := at.Value(source), lines.Len()-i
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("[")) {
			pc.Get(workKey).(*work).do(left)
		}
		if columns := bytes.Count(line, []byte("|")) + 1; columns*left > maxCells && isDelimiters(line) {
			panic(errRefused)
		}
	}
}

// isDelimiters tells whether a line may be the one below the head of a table.
func isDelimiters(line []byte) bool { return len(bytes.Trim(line, "-:| \t\r\n")) == 0 }
