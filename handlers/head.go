package handlers

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/views"
)

// homeFrame is a frame of the list of everybody's posts.
func (s *Server) homeFrame(c *fiber.Ctx, place blog.Place) views.Page {
	page := s.frame(c, "")
	s.tell(&page, s.Title, at(views.HomeURL, place))
	page.Head.Description = "The newest posts of " + s.Title + "."
	return page
}

// authorFrame is a frame of an author's page.
func (s *Server) authorFrame(c *fiber.Ctx, author blog.Author, place blog.Place) views.Page {
	page := s.frame(c, author.ShownName())
	page.Head.Feeds = append(page.Head.Feeds, views.AuthorFeed(author, s.Title))
	s.tell(&page, author.ShownName(), at(views.AuthorURL(author.Username), place))
	page.Head.Description = cmp.Or(author.About, "What "+author.ShownName()+" has written in "+s.Title+".")
	return page
}

// tagFrame is a frame of a tag's page.
func (s *Server) tagFrame(c *fiber.Ctx, tag blog.Tag, place blog.Place) views.Page {
	page := s.frame(c, tag.Name)
	page.Head.Feeds = append(page.Head.Feeds, views.TagFeed(tag, s.Title))
	s.tell(&page, tag.Name, at(views.TagURL(tag.Slug), place))
	page.Head.Description = "Posts about " + tag.Name + " in " + s.Title + "."
	return page
}

// postFrame is a frame of a post's page.
func (s *Server) postFrame(c *fiber.Ctx, post blog.Post) views.Page {
	page := s.frame(c, post.Title)
	page.Head.Feeds = append(page.Head.Feeds, views.AuthorFeed(post.Author, s.Title))
	s.tell(&page, post.Title, views.PermalinkURL(post))
	page.Head.Description, page.Head.Picture = post.Excerpt, s.postPicture(post)
	page.Head.Article = &views.HeadArticle{
		Author: post.Author, AuthorURL: s.absolute(views.AuthorURL(post.Author.Username)), HomeURL: s.absolute(views.HomeURL),
		Published: post.PublishedAt, Changed: post.Changed(), Tags: post.TagList(), Words: post.Words,
	}
	return page
}

// publicFrame is a frame of a list that everybody may see at that path.
func (s *Server) publicFrame(c *fiber.Ctx, title, path string) views.Page {
	page := s.frame(c, title)
	s.tell(&page, title, path)
	page.Head.Description = title + " of " + s.Title + "."
	return page
}

// tell tells machines of a page that everybody may see.
func (s *Server) tell(page *views.Page, title, url string) {
	page.Head.Title, page.Head.URL, page.Head.Picture = title, s.absolute(url), s.blogPicture()
}

// at is the page of a list that begins before a place, or its first page.
func at(list string, place blog.Place) string {
	if place.IsZero() {
		return list
	}
	return views.BeforeURL(list, place)
}
