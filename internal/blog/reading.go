package blog

// Reading is what is made of a text for those who list, read or search it. Of a draft
// that nobody reads there is only what lists show.
type Reading struct {
	Excerpt  string
	Words    int
	Tags     []string // as typed
	TagSlugs []string
	HTML     string
	Plain    string   // the text without its marks, for searching
	Outline  []byte   // its headings, as JSON
	Links    []string // to pages of this blog
	Renderer string   // what made it
	Language string   // of the search, as PostgreSQL names it
}

// readingOf makes a reading of a text; public for one that readers see or shall see.
func readingOf(draft Draft, public bool) Reading {
	tags := Tags(draft.Tags)
	return Reading{
		Excerpt: excerpt(draft.Body), Words: countWords(draft.Body),
		Tags: tagNames(tags), TagSlugs: tagSlugs(tags),
		Outline: []byte("[]"), Links: []string{}, Language: "english",
	}
}
