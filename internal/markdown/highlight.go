package markdown

import (
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Lexers search with patterns that may look back, so what they read is bounded: a block, all blocks of a text, and the
// time that they may take. What is beyond stays as it is, without colours.
const (
	maxBlock     = 16 << 10
	maxCode      = 64 << 10
	maxColouring = 2 * time.Second
)

// colours is what a text's code has asked for so far.
type colours struct {
	bytes int
	spent time.Duration
}

// code makes a block of code reachable for the keyboard, as it scrolls, and colours it when its language is named.
func (d *decorator) code(pre *html.Node) {
	set(pre, "tabindex", "0")
	set(pre, "role", "group")
	set(pre, "aria-label", "Code")
	code := pre.FirstChild
	if code == nil || code.DataAtom != atom.Code {
		set(pre, "dir", "auto")
		return
	}
	name, named := strings.CutPrefix(attribute(code, "class"), "language-")
	if !named {
		set(pre, "dir", "auto")
		return
	}
	set(pre, "dir", "ltr")
	if lexer := lexerOf(name); lexer != nil {
		d.colours.paint(code, lexer)
	}
}

// paint parts the text of a block into marked pieces.
func (c *colours) paint(code *html.Node, lexer chroma.Lexer) {
	whole := code.FirstChild
	if whole == nil || whole.Type != html.TextNode || whole.NextSibling != nil || len(whole.Data) > maxBlock || c.bytes+len(whole.Data) > maxCode {
		return
	}
	c.bytes += len(whole.Data)
	// The lexer is asked token by token (chroma.Coalesce would ask for many at once): none takes longer than its patterns may.
	tokens, err := lexer.Tokenise(nil, whole.Data)
	if err != nil {
		return
	}
	// Only now, as a lexer gets ready when it is first asked, and a busy machine must not change what readers see.
	begun := time.Now()
	defer func() { c.spent += time.Since(begun) }()
	code.RemoveChild(whole)
	painted, rest := painter{code: code}, whole.Data
	for token := tokens(); token != chroma.EOF && c.spent+time.Since(begun) < maxColouring; token = tokens() {
		// A lexer may add a last line end, or change others: only what is in the text is shown.
		if !strings.HasPrefix(rest, token.Value) {
			break
		}
		painted.add(token.Value, classOf(token.Type))
		rest = rest[len(token.Value):]
	}
	painted.add(rest, "")
	painted.flush()
}

// painter joins neighbours of one class, and what is between two of them when it is blank.
type painter struct {
	code    *html.Node
	class   string
	pending strings.Builder
}

func (p *painter) add(value, class string) {
	if class != p.class && strings.TrimSpace(value) != "" {
		p.flush()
		p.class = class
	}
	p.pending.WriteString(value)
}

func (p *painter) flush() {
	if p.pending.Len() == 0 {
		return
	}
	piece := textNode(p.pending.String())
	p.pending.Reset()
	if p.class == "" {
		p.code.AppendChild(piece)
		return
	}
	span := element(atom.Span, "class", p.class)
	span.AppendChild(piece)
	p.code.AppendChild(span)
}

// classOf is the class of a token, named as Pygments does; there are few, as few colours read best, and pages are smaller.
func classOf(token chroma.TokenType) string {
	switch {
	case token == chroma.CommentPreproc || token == chroma.CommentPreprocFile || token == chroma.OperatorWord:
		return "k"
	case token == chroma.KeywordConstant || token.InSubCategory(chroma.LiteralNumber):
		return "m"
	case token.InCategory(chroma.Comment):
		return "c"
	case token.InCategory(chroma.Keyword):
		return "k"
	case token.InSubCategory(chroma.LiteralString):
		return "s"
	}
	return classes[token]
}

var classes = map[chroma.TokenType]string{
	chroma.NameFunction: "nf", chroma.NameFunctionMagic: "nf", chroma.NameClass: "nf", chroma.NameDecorator: "nf", chroma.NameException: "nf",
	chroma.NameTag: "nt", chroma.NameAttribute: "na", chroma.NameProperty: "na",
	chroma.GenericDeleted: "gd", chroma.GenericInserted: "gi", chroma.GenericHeading: "gh", chroma.GenericSubheading: "gh",
	chroma.GenericEmph: "ge", chroma.GenericStrong: "gs", chroma.GenericPrompt: "gp",
}

// languages are those that are coloured. Each was tried with texts that take lexers long; some others need a minute for a line of
// 30,000 letters.
var languages = []string{
	"awk", "bash", "c", "c++", "c#", "clojure", "cmake", "css", "dart", "diff", "docker", "elixir", "elm", "erlang", "fish", "gleam", "go", "graphql", "groovy", "haskell",
	"html", "ini", "java", "javascript", "json", "julia", "kotlin", "lua", "makefile", "nginx", "nix", "ocaml", "perl", "php", "postgresql", "powershell",
	"protobuf", "python", "r", "react", "ruby", "rust", "scala", "scss", "sql", "swift", "systemd", "terraform", "toml", "typescript", "vue", "xml", "yaml", "zig",
}

// lexerOf finds a lexer by one of its names, in any case.
func lexerOf(name string) chroma.Lexer { return lexersByName()[strings.ToLower(name)] }

var lexersByName = sync.OnceValue(func() map[string]chroma.Lexer {
	found := map[string]chroma.Lexer{}
	for _, language := range languages {
		lexer := lexers.Get(language)
		for _, name := range append([]string{language, lexer.Config().Name}, lexer.Config().Aliases...) {
			found[strings.ToLower(name)] = lexer
		}
	}
	return found
})
