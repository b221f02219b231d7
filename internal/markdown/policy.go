package markdown

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// What attributes may say. Each pattern matches a whole value.
var (
	// safeLink is an address that only leads somewhere: with one of three schemes, or with none. Browsers drop line ends,
	// tabs and leading control characters from addresses, so a colon that could end any other scheme is refused, whatever
	// stands before it.
	safeLink  = regexp.MustCompile(`^(?i:https?:|mailto:)|^[^:/?#]*(?:[/?#]|$)`)
	safeImage = regexp.MustCompile(`^(?i:https?:)|^[^:/?#]*(?:[/?#]|$)`)
	anyText   = regexp.MustCompile(``)
	number    = regexp.MustCompile(`^[0-9]{1,9}$`)
	alignment = regexp.MustCompile(`^(?:left|center|right)$`)
	direction = regexp.MustCompile(`^(?:ltr|rtl|auto)$`)
	tongue    = regexp.MustCompile(`^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}$`)
	nothing   = regexp.MustCompile(`^$`)
	moment    = regexp.MustCompile(`^[0-9TZPDHMS:.+ -]{1,40}$`)

	language  = regexp.MustCompile(`^language-[^\s"'<>]{1,40}$`)
	token     = regexp.MustCompile(`^(?:c|k|m|s|nf|nt|na|gd|gi|gh|ge|gs|gp)$`)
	noteClass = regexp.MustCompile(`^footnote-(?:ref|backref)$`)
	noteRole  = regexp.MustCompile(`^doc-(?:noteref|backlink)$`)
	noteID    = regexp.MustCompile(`^n-fn(?:ref[0-9]*)?:[0-9]+$`)
	notes     = regexp.MustCompile(`^footnotes$`)
	endnotes  = regexp.MustCompile(`^doc-endnotes$`)
	checkbox  = regexp.MustCompile(`^checkbox$`)
)

// bare are elements that people may use, without attributes. Those that browsers open again in every following paragraph
// when they are not closed (b, i, code ...) are among them.
var bare = []string{
	"p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd",
	"em", "strong", "b", "i", "u", "s", "del", "ins", "small", "mark", "sub", "sup", "code", "kbd", "samp", "var", "q", "cite", "dfn", "abbr", "time",
	"bdi", "bdo", "wbr", "ruby", "rt", "rp", "details", "summary", "figure", "figcaption",
	"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption",
}

// fragmentPolicy is for pieces of HTML in a text: what is harmless, and none of what we alone may say (class, id, role).
func fragmentPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(bare...)
	p.AllowNoAttrs().OnElements("span")
	p.AllowAttrs("href").Matching(safeLink).OnElements("a")
	p.AllowAttrs("src").Matching(safeImage).OnElements("img")
	p.AllowAttrs("alt").Matching(anyText).OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("title").Matching(anyText).OnElements("a", "abbr", "dfn", "img")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("align").Matching(alignment).OnElements("th", "td")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("th", "td")
	p.AllowAttrs("open").Matching(nothing).OnElements("details")
	p.AllowAttrs("datetime").Matching(moment).OnElements("time")
	p.AllowAttrs("dir").Matching(direction).OnElements("p", "div", "span", "blockquote", "bdi", "bdo", "li", "td", "th")
	p.AllowAttrs("lang").Matching(tongue).OnElements("p", "div", "span", "blockquote", "q", "cite", "li", "td", "th")
	return p
}

// pagePolicy is for the whole page: also what goldmark and the highlighter write, by exact values.
func pagePolicy() *bluemonday.Policy {
	p := fragmentPolicy()
	p.AllowAttrs("class").Matching(language).OnElements("code")
	p.AllowAttrs("class").Matching(token).OnElements("span")
	p.AllowAttrs("class").Matching(noteClass).OnElements("a")
	p.AllowAttrs("role").Matching(noteRole).OnElements("a")
	p.AllowAttrs("id").Matching(noteID).OnElements("sup", "li")
	p.AllowAttrs("class").Matching(notes).OnElements("div")
	p.AllowAttrs("role").Matching(endnotes).OnElements("div")
	p.AllowAttrs("type").Matching(checkbox).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(nothing).OnElements("input")
	return p
}

// rawHTML writes the HTML that stands in a text, each piece sanitized by itself, so that no half of a tag or comment
// reaches beyond its piece. A piece of which nothing would be left is no markup to us: it stands as it was typed, so that
// vector<int> does not lose its end.
type rawHTML struct{ policy *bluemonday.Policy }

func (r rawHTML) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindRawHTML, r.inline)
	register.Register(ast.KindHTMLBlock, r.block)
}

func (r rawHTML) inline(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	piece := node.(*ast.RawHTML).Segments.Value(source)
	if !isBare(piece) { // the policy takes long to begin with a piece
		piece = r.sanitized(piece)
	}
	_, _ = w.Write(piece)
	return ast.WalkSkipChildren, nil
}

// isBare tells whether a piece is nothing but the begin or the end of an element that people may use.
func isBare(piece []byte) bool {
	name, begins := bytes.CutPrefix(piece, []byte("<"))
	name, ends := bytes.CutSuffix(bytes.TrimPrefix(name, []byte("/")), []byte(">"))
	return begins && ends && slices.Contains(bare, string(name))
}

func (r rawHTML) block(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.Write(r.sanitized(htmlBlock(source, node.(*ast.HTMLBlock))))
	}
	return ast.WalkSkipChildren, nil
}

func (r rawHTML) sanitized(piece []byte) []byte {
	left := r.policy.SanitizeBytes(piece)
	if len(bytes.TrimSpace(left)) > 0 || isHidden(piece) {
		return left
	}
	return util.EscapeHTML(piece)
}

// isHidden tells whether a piece is one that nobody is meant to see.
func isHidden(piece []byte) bool {
	piece = bytes.TrimSpace(piece)
	return bytes.HasPrefix(piece, []byte("<!")) || bytes.HasPrefix(piece, []byte("<?"))
}

// htmlBlock is the whole block, with the line that closes it.
func htmlBlock(source []byte, block *ast.HTMLBlock) []byte {
	whole := block.Lines().Value(source)
	if block.HasClosure() {
		whole = bytes.Join([][]byte{whole, block.ClosureLine.Value(source)}, nil)
	}
	return whole
}
