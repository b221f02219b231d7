package markdown

import (
	"bytes"
	"fmt"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// features are what an engine does beyond CommonMark.
type features struct {
	// blog is all that posts have and the specification does not: line breaks as typed, GitHub's additions, footnotes,
	// typography, highlighting, and the decoration of the tree. Tests of the specification leave it out.
	blog bool
}

// engine is built once and safe for concurrent use.
type engine struct {
	features
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

func newEngine(f features) *engine {
	options := []goldmark.Option{
		goldmark.WithParserOptions(
			parser.WithBlockParsers(util.Prioritized(depthGuard{}, 0)),
			parser.WithInlineParsers(util.Prioritized(workGuard{}, 0)),
			parser.WithParagraphTransformers(util.Prioritized(linesGuard{}, 0)),
		),
		// What is unsafe is the policy's to remove, which knows more than goldmark does.
		goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(rawHTML{fragmentPolicy()}, 100))),
	}
	if f.blog {
		options = append(options, forBlog()...)
	}
	return &engine{features: f, markdown: goldmark.New(options...), policy: pagePolicy()}
}

func forBlog() []goldmark.Option {
	return []goldmark.Option{
		goldmark.WithExtensions(
			extension.Linkify, extension.Strikethrough, extension.TaskList, extension.Typographer,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.NewFootnote(extension.WithFootnoteIDPrefix(notePrefix)),
		),
		goldmark.WithRendererOptions(html.WithHardWraps()),
	}
}

// render makes HTML of a text, or says why it did not.
func (e *engine) render(source string) (Rendered, error) {
	source = valid(source)
	if len(source) > maxBytes {
		return Rendered{}, errRefused
	}
	document, page, err := e.convert([]byte(source))
	if err != nil {
		return Rendered{}, err
	}
	tree := grow(e.policy.SanitizeReader(page))
	rendered := Rendered{Plain: plain(tree), Links: links(document, []byte(source))}
	if e.blog {
		if rendered.Headings, err = decorate(tree); err != nil {
			return Rendered{}, err
		}
	}
	rendered.HTML = serialize(tree)
	return rendered, nil
}

// convert parses a text and gives what goldmark makes of it, which is not safe yet.
func (e *engine) convert(source []byte) (document ast.Node, page *bytes.Buffer, err error) {
	// The guards stop the parser by a panic, as its interfaces return no error. A fault of the parser itself must not cost
	// anybody the page either.
	defer func() {
		if cause := recover(); cause != nil {
			err = asError(cause)
		}
	}()
	document = e.parse(source)
	page = bytes.NewBuffer(make([]byte, 0, len(source)*3/2))
	return document, page, e.markdown.Renderer().Render(page, source, document)
}

func (e *engine) parse(source []byte) ast.Node {
	return e.markdown.Parser().Parse(text.NewReader(source), parser.WithContext(begin(source)))
}

func asError(cause any) error {
	if err, ok := cause.(error); ok {
		return err
	}
	return fmt.Errorf("parsing: %v", cause)
}
