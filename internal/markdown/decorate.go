package markdown

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/bidi"
)

// decorator gives a sanitized tree what only we may give: ids, anchors, directions, names, colours.
type decorator struct {
	headings []Heading
	ids      ids
	colours  colours
	// lower says that a text has headings of the first level. Its title is the page's, so all go one level lower.
	lower bool
	// looks is what was looked at so far: elements, and bytes of text. See maxLooks.
	looks int
}

// decorate does that and tells the headings, or errRefused where that would take too long.
func decorate(tree *html.Node) ([]Heading, error) {
	d := decorator{ids: ids{}}
	d.lower = d.has(tree, atom.H1)
	d.within(tree)
	if d.looks > maxLooks {
		return nil, errRefused
	}
	return d.headings, nil
}

// look counts what is looked at and tells whether to go on.
func (d *decorator) look(more int) bool {
	d.looks += more
	return d.looks <= maxLooks
}

func (d *decorator) has(node *html.Node, wanted atom.Atom) bool {
	if !d.look(1) {
		return false
	}
	if node.DataAtom == wanted {
		return true
	}
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		if d.has(child, wanted) {
			return true
		}
	}
	return false
}

// within visits the children of an element; each may replace itself.
func (d *decorator) within(node *html.Node) {
	for child := node.FirstChild; child != nil; {
		next := child.NextSibling
		if child.Type == html.ElementNode {
			d.visit(child)
		}
		child = next
	}
}

func (d *decorator) visit(node *html.Node) {
	switch node.DataAtom {
	case atom.Pre:
		d.code(node)
	case atom.Img:
		d.image(node)
		return
	case atom.Table:
		wrap(node)
	case atom.Input:
		d.task(node)
	case atom.Td, atom.Th:
		align(node)
	case atom.A, atom.Div:
		note(node)
	}
	d.within(node)
	d.direct(node)
	if level := headingLevel(node.DataAtom); level > 0 {
		d.heading(node, level)
	}
}

// direct sets the direction of a block. What holds text finds it out for itself; what holds other blocks is told it, as
// dir=auto does not look into what has a direction of its own.
func (d *decorator) direct(node *html.Node) {
	if attribute(node, "dir") != "" {
		return
	}
	switch node.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Td, atom.Th, atom.Dt, atom.Dd, atom.Summary, atom.Figcaption, atom.Caption:
		set(node, "dir", "auto")
	case atom.Li:
		if !d.has(node, atom.P) {
			set(node, "dir", "auto")
			return
		}
		d.tell(node)
	case atom.Ul, atom.Ol, atom.Dl, atom.Blockquote, atom.Table, atom.Details, atom.Figure:
		d.tell(node)
	}
}

// tell sets the direction of an element's first letter, if it has any among its first ones.
func (d *decorator) tell(node *html.Node) {
	look := directionLook
	if direction := d.firstStrong(node, &look); direction != "" {
		set(node, "dir", direction)
	}
}

// directionLook is how many bytes are looked at for a letter that has a direction.
const directionLook = 2000

func (d *decorator) firstStrong(node *html.Node, look *int) string {
	if !d.look(1) {
		return ""
	}
	if node.Type == html.TextNode {
		before := *look
		direction := strong(node.Data, look)
		d.look(before - *look)
		return direction
	}
	for child := node.FirstChild; child != nil && *look > 0; child = child.NextSibling {
		if direction := d.firstStrong(child, look); direction != "" {
			return direction
		}
	}
	return ""
}

func strong(text string, look *int) string {
	for len(text) > 0 && *look > 0 {
		properties, size := bidi.LookupString(text)
		switch properties.Class() {
		case bidi.L:
			return "ltr"
		case bidi.R, bidi.AL:
			return "rtl"
		}
		size = max(size, 1)
		text, *look = text[size:], *look-size
	}
	return ""
}

func headingLevel(a atom.Atom) int {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// heading gives a heading its id and a link to itself. The link is empty, so that feeds and copies have no mark: the
// style sheet shows one. A heading without text gets neither, nor does one that comes after maxHeadings.
func (d *decorator) heading(node *html.Node, level int) {
	if d.lower && level < 6 {
		node.Data = "h" + "0123456"[level+1:level+2]
		node.DataAtom = atom.Lookup([]byte(node.Data))
	}
	if len(d.headings) == maxHeadings {
		return
	}
	text := shortened(strings.Join(strings.Fields(plain(node)), " "), maxHeadingRunes)
	if text == "" {
		return
	}
	id := d.ids.of(text)
	d.headings = append(d.headings, Heading{Level: level, ID: id, Text: text})
	set(node, "id", id)
	node.AppendChild(element(atom.A, "class", "anchor", "href", "#"+id, "aria-label", "Link to this heading"))
}

// shortened is the beginning of a text, if it is longer than that many runes.
func shortened(text string, most int) string {
	for at := range text {
		if most--; most < 0 {
			return strings.TrimSpace(text[:at])
		}
	}
	return text
}

// element makes an element with attributes, given as keys and values by turns.
func element(a atom.Atom, attributes ...string) *html.Node {
	made := &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
	for i := 0; i < len(attributes); i += 2 {
		made.Attr = append(made.Attr, html.Attribute{Key: attributes[i], Val: attributes[i+1]})
	}
	return made
}

// wrap puts a table into what scrolls when the table is too wide, so that it can be scrolled with the keyboard, too. It is
// a group and no region, as several of the same name would all be landmarks.
func wrap(table *html.Node) {
	box := element(atom.Div, "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "Table")
	table.Parent.InsertBefore(box, table)
	table.Parent.RemoveChild(table)
	box.AppendChild(table)
}

// align says by a class what the obsolete attribute says.
func align(cell *html.Node) {
	if side := attribute(cell, "align"); side != "" {
		unset(cell, "align")
		set(cell, "class", "align-"+side)
	}
}

// task names the box of a task and marks its item; boxes are made by goldmark alone.
func (d *decorator) task(box *html.Node) {
	name := "Not done"
	for _, each := range box.Attr {
		if each.Key == "checked" {
			name = "Done"
		}
	}
	set(box, "aria-label", name)
	for item := box.Parent; item != nil && d.look(1); item = item.Parent {
		if item.DataAtom == atom.Li {
			set(item, "class", "task")
			return
		}
	}
}

// note names the list of footnotes, and the links that lead back from one.
func note(node *html.Node) {
	switch attribute(node, "class") {
	case "footnotes":
		set(node, "aria-label", "Footnotes")
	case "footnote-backref":
		set(node, "aria-label", "Back to the text")
	}
}

// image lets an image of this site load when it is near. One of another host would not load (the policy of our pages
// allows only this one), and would tell that host who reads: it becomes a link.
func (d *decorator) image(node *html.Node) {
	source, alt := attribute(node, "src"), attribute(node, "alt")
	switch {
	case source == "" || elsewhere(source) && d.inside(node, atom.A):
		replace(node, textNode(alt))
	case elsewhere(source):
		if strings.TrimSpace(alt) == "" {
			alt = source
		}
		link := element(atom.A, "href", source)
		link.AppendChild(textNode(alt))
		replace(node, link)
	default:
		set(node, "alt", alt)
		set(node, "decoding", "async")
	}
}

// elsewhere tells whether browsers would ask another host for that address, which is one that safeImage lets pass.
func elsewhere(address string) bool {
	address = strings.TrimLeft(withoutBreaks.Replace(address), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ")
	if len(address) > 1 && strings.ContainsRune(`/\`, rune(address[0])) && strings.ContainsRune(`/\`, rune(address[1])) {
		return true
	}
	scheme, _, found := strings.Cut(address, ":")
	return found && !strings.ContainsAny(scheme, `/?#`)
}

// withoutBreaks drops from an address what browsers drop.
var withoutBreaks = strings.NewReplacer("\t", "", "\n", "", "\r", "")

func (d *decorator) inside(node *html.Node, outer atom.Atom) bool {
	for above := node.Parent; above != nil && d.look(1); above = above.Parent {
		if above.DataAtom == outer {
			return true
		}
	}
	return false
}

func textNode(data string) *html.Node { return &html.Node{Type: html.TextNode, Data: data} }

func replace(old, by *html.Node) {
	old.Parent.InsertBefore(by, old)
	old.Parent.RemoveChild(old)
}
