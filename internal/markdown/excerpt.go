package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
)

// moreMark ends what a text shows of itself in lists, when it stands alone on a line.
const moreMark = "<!--more-->"

// Excerpt is the plain text of the beginning for lists, descriptions and feeds: what stands before a `<!--more-->` mark on
// a line of its own (paragraphs parted by "\n\n"), else, or if that has no words, the first paragraph; at most that many runes, cut between words
// with "…". It reads only the head of a long text. Headings, images, code, tables and raw HTML are skipped.
func Excerpt(source string, runes int) string {
	beginning := head(source, runes)
	var found []string
	if before, marked := beforeMark(beginning); marked {
		found = posts.paragraphs([]byte(before), runes, true)
	}
	if len(found) == 0 {
		found = posts.paragraphs([]byte(beginning), runes, false)
	}
	return cut(strings.Join(found, "\n\n"), runes)
}

// headBytes are read of a text at least: room for what is skipped before the first paragraph.
const headBytes = 16 << 10

// head is as much of a text as an excerpt may need.
func head(source string, runes int) string {
	if limit := headBytes + 4*max(runes, 0); len(source) > limit {
		source = source[:limit]
		if line := strings.LastIndexByte(source, '\n'); line > 0 {
			source = source[:line]
		}
	}
	return valid(source)
}

// beforeMark is what stands before the mark, if there is one.
func beforeMark(source string) (before string, marked bool) {
	for at := 0; ; {
		i := strings.Index(source[at:], moreMark)
		if i < 0 {
			return "", false
		}
		if mark := at + i; aloneOnLine(source, mark) {
			return source[:mark] + "\n\n" + definitionsIn(source[mark:]), true
		}
		at += i + len(moreMark)
	}
}

// definition is where a text says what a link or a note of it leads to.
var definition = regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:.*$`)

// definitionsIn are those that stand behind the mark and are meant before it.
func definitionsIn(rest string) string {
	return strings.Join(definition.FindAllString(rest, -1), "\n\n")
}

func aloneOnLine(source string, mark int) bool {
	before := source[strings.LastIndexByte(source[:mark], '\n')+1 : mark]
	after, _, _ := strings.Cut(source[mark+len(moreMark):], "\n")
	return strings.TrimSpace(before+after) == ""
}

// paragraphs are the texts of a document's paragraphs, until there are that many runes; without all, the first alone.
func (e *engine) paragraphs(source []byte, runes int, all bool) (found []string) {
	document, err := e.parsed(source)
	if err != nil {
		for paragraph := range paragraphs(string(source)) {
			return []string{oneLine(paragraph)}
		}
		return nil
	}
	length := 0
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			if text := e.words(node, source); text != "" {
				found, length = append(found, text), length+len([]rune(text))
			}
			if len(found) > 0 && (!all || length > runes) {
				return ast.WalkStop, nil
			}
			return ast.WalkSkipChildren, nil
		case *ast.Heading, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock, *extension.Table, *extension.FootnoteList:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

func (e *engine) parsed(source []byte) (document ast.Node, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = asError(cause)
		}
	}()
	return e.parse(source), nil
}

// words is the plain text of a paragraph, on one line.
func (e *engine) words(node ast.Node, source []byte) string {
	var page bytes.Buffer
	if err := e.markdown.Renderer().Render(&page, source, node); err != nil {
		return ""
	}
	return oneLine(plain(grow(e.policy.SanitizeReader(&page))))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// cut shortens a text to that many runes, between words where there is a blank in its second half.
func cut(text string, runes int) string {
	if runes <= 0 {
		return ""
	}
	if all := []rune(text); len(all) > runes {
		part := string(all[:runes-1])
		if blank := strings.LastIndexAny(part, " \n"); blank > len(part)/2 {
			part = part[:blank]
		}
		return strings.TrimRightFunc(part, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
	}
	return text
}
