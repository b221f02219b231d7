package handlers

import "miniblog/views"

// ownPages are the links of the navigation that owners fill. They come from memory.
func (s *Server) ownPages() (pages []views.Link) {
	for _, post := range s.Blog.Navigation() {
		pages = append(pages, views.Link{URL: views.PermalinkURL(post), Words: post.Title})
	}
	return pages
}
