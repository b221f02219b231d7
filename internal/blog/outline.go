package blog

import "miniblog/internal/markdown"

// contentsFrom is how many headings make a table of contents worth its place.
const contentsFrom = 4

// Contents are the post's headings, where there are enough to choose from.
func (p Post) Contents() []markdown.Heading {
	headings := p.Headings()
	if len(headings) < contentsFrom {
		return nil
	}
	return headings
}
