// Package sitemap writes what tells search engines which pages there are (the protocol of
// sitemaps.org, 0.9).
package sitemap

import (
	"bufio"
	"encoding/xml"
	"io"
	"time"
)

// MostAddresses is how many addresses one of our sitemaps has at most. The protocol allows
// 50,000 in at most 50 MB: the longest lines here are
// 1.4 KB, so that fewer keep to both.
const MostAddresses = 35_000

const namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// Writer writes a sitemap or an index of them, address by address. Close ends it.
type Writer struct {
	to           *bufio.Writer
	whole, entry string // the names of the elements
}

// New begins a sitemap.
func New(w io.Writer) *Writer { return begin(w, "urlset", "url") }

// NewIndex begins an index of sitemaps.
func NewIndex(w io.Writer) *Writer { return begin(w, "sitemapindex", "sitemap") }

// begin leaves an error, as all that follows do, to Close: bufio keeps the first.
func begin(w io.Writer, whole, entry string) *Writer {
	made := &Writer{to: bufio.NewWriter(w), whole: whole, entry: entry}
	made.write(xml.Header, "<", whole, ` xmlns="`, namespace, "\">\n")
	return made
}

// Add adds an address, and when what is there last changed; the zero time says nothing of that.
// It returns the first error of all writing.
func (w *Writer) Add(address string, changed time.Time) error {
	w.write("<", w.entry, "><loc>")
	_ = xml.EscapeText(w.to, []byte(address)) // see begin
	w.write("</loc>")
	if !changed.IsZero() {
		w.write("<lastmod>", changed.UTC().Format(time.RFC3339), "</lastmod>")
	}
	return w.write("</", w.entry, ">\n")
}

// Close ends the sitemap and returns the first error of all writing.
func (w *Writer) Close() error {
	w.write("</", w.whole, ">\n")
	return w.to.Flush()
}

func (w *Writer) write(pieces ...string) (err error) {
	for _, piece := range pieces {
		_, err = w.to.WriteString(piece)
	}
	return err
}
