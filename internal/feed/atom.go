package feed

import (
	"encoding/xml"
	"io"
)

const (
	atomType = "application/atom+xml"
	jsonType = "application/feed+json"
	htmlType = "text/html"
)

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Base     string      `xml:"xml:base,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Icon     string      `xml:"icon,omitempty"`
	Author   *atomAuthor `xml:"author"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomEntry struct {
	Base       string         `xml:"xml:base,attr"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Link       atomLink       `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     atomAuthor     `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// WriteAtom writes the feed as Atom 1.0. Its id is its own address.
func (f Feed) WriteAtom(w io.Writer) error {
	made := atomFeed{
		Base: f.HomeURL, ID: f.AtomURL, Title: printable(f.Title), Subtitle: printable(f.About), Updated: stamp(f.Changed()), Icon: f.IconURL,
		Links: []atomLink{
			{Rel: "self", Type: atomType, Href: f.AtomURL},
			{Rel: "alternate", Type: htmlType, Href: f.HomeURL},
			{Rel: "alternate", Type: jsonType, Href: f.JSONURL},
		},
	}
	if f.Author.Name != "" {
		author := f.Author.atom()
		made.Author = &author
	}
	for _, entry := range f.Entries {
		made.Entries = append(made.Entries, entry.atom())
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", " ")
	return encoder.Encode(made)
}

func (e Entry) atom() atomEntry {
	made := atomEntry{
		Base: e.URL, ID: e.id(), Title: printable(e.Title),
		Link:      atomLink{Rel: "alternate", Type: htmlType, Href: e.URL},
		Published: stamp(e.Published), Updated: stamp(e.Changed),
		Author: e.Author.atom(), Summary: printable(e.Summary),
		Content: atomContent{Type: "html", HTML: e.content()},
	}
	for _, tag := range e.Tags {
		made.Categories = append(made.Categories, atomCategory{Term: printable(tag.Slug), Label: printable(tag.Name)})
	}
	return made
}

func (a Author) atom() atomAuthor { return atomAuthor{Name: printable(a.Name), URI: a.URL} }
