package blog

import "miniblog/internal/markdown"

// Preview is a text as readers would see it.
type Preview struct {
	Title string
	Tags  []Tag
	HTML  markdown.HTML
	Words int
}

// Minutes is how long reading it takes, as of a post.
func (p Preview) Minutes() int { return Post{Words: p.Words}.Minutes() }

// PreviewOf shows a text, and keeps nothing of it. It returns fault.Invalid for what could
// not be kept; what is not finished can be seen.
func PreviewOf(draft Draft) (Preview, error) {
	draft = draft.cleaned()
	if err := draft.checkKeepable(); err != nil {
		return Preview{}, err
	}
	reading := readingOf(draft, true, english)
	return Preview{Title: draft.Title, Tags: Tags(draft.Tags), HTML: markdown.HTML(reading.HTML), Words: reading.Words}, nil
}
