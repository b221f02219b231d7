package handlers

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/assets"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/internal/feed"
	"miniblog/views"
)

// format is one of the formats of a feed.
type format struct {
	name        string // the end of its address
	contentType string
	write       func(feed.Feed, io.Writer) error
}

var (
	atomFormat = format{views.AtomName, "application/atom+xml; charset=utf-8", feed.Feed.WriteAtom}
	jsonFormat = format{views.JSONName, "application/feed+json", feed.Feed.WriteJSON}
)

// feed answers with everybody's newest posts.
func (s *Server) feed(as format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		posts, err := s.Blog.Feed(c.UserContext())
		if err != nil {
			return err
		}
		return s.sendFeed(c, as, views.HomeURL, views.BlogFeed(s.Title), posts)
	}
}

// authorFeed answers with one author's newest posts.
func (s *Server) authorFeed(as format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		username := c.Params("username")
		author, posts, err := s.Blog.FeedOf(c.UserContext(), strings.ToLower(username))
		switch {
		case errors.Is(err, fault.ErrNotFound):
			return s.leadOn(c, username, "", as.name)
		case err != nil:
			return err
		case username != author.Username:
			return moved(c, views.AuthorURL(author.Username)+as.name)
		}
		return s.sendFeed(c, as, views.AuthorURL(author.Username), views.AuthorFeed(author, s.Title), posts, author)
	}
}

// tagFeed answers with the newest posts that have a tag.
func (s *Server) tagFeed(as format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		written := c.Params("tag")
		tag, posts, err := s.Blog.FeedTagged(c.UserContext(), written)
		if err != nil {
			return err
		}
		if written != tag.Slug {
			return moved(c, views.TagURL(tag.Slug)+as.name)
		}
		return s.sendFeed(c, as, views.TagURL(tag.Slug), views.TagFeed(tag, s.Title), posts)
	}
}

// sendFeed sends posts as a feed of what the page at home shows; of one author, if it is one's.
func (s *Server) sendFeed(c *fiber.Ctx, as format, home string, told views.Feed, posts []blog.Post, of ...blog.Author) error {
	made := feed.Feed{
		Title: told.Title, HomeURL: s.absolute(home), AtomURL: s.absolute(told.AtomURL), JSONURL: s.absolute(told.JSONURL),
		IconURL: s.absolute(assets.URL("icon-512.png")),
	}
	for _, author := range of {
		made.Author, made.About = s.feedAuthor(author), author.About
	}
	for _, post := range posts {
		made.Entries = append(made.Entries, s.entry(post))
	}
	var body bytes.Buffer
	if err := as.write(made, &body); err != nil {
		return err
	}
	return s.sendFirstSeen(c, as.contentType, body.Bytes())
}

func (s *Server) entry(post blog.Post) feed.Entry {
	entry := feed.Entry{
		ID: post.ID, URL: s.absolute(views.PermalinkURL(post)), ImageURL: s.postPicture(post).URL,
		Title: post.Title, Summary: post.Excerpt, HTML: string(post.HTML), Left: post.Left, Author: s.feedAuthor(post.Author),
		Published: post.PublishedAt, Changed: post.Changed(),
	}
	for _, tag := range post.TagList() {
		entry.Tags = append(entry.Tags, feed.Tag{Name: tag.Name, Slug: tag.Slug})
	}
	return entry
}

func (s *Server) feedAuthor(author blog.Author) feed.Author {
	return feed.Author{Name: author.ShownName(), URL: s.absolute(views.AuthorURL(author.Username))}
}

// absolute is a path of this blog as an address that others can use: below the public one,
// whatever the request says of itself.
func (s *Server) absolute(path string) string { return originOf(s.URL) + path }
