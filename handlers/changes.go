package handlers

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/internal/merge"
	"miniblog/views"
)

// changes shows readers what was changed in a post since it was published, where its author
// lets them.
func (s *Server) changes(c *fiber.Ctx) error {
	username := c.Params("username")
	post, err := s.Blog.At(c.UserContext(), strings.ToLower(username), c.Params("slug"))
	if errors.Is(err, fault.ErrNotFound) {
		return s.leadOnToChanges(c, username, c.Params("slug"))
	}
	if err != nil {
		return err
	}
	seen, err := s.Blog.Changes(c.UserContext(), post, number(c.Query("before")))
	if err != nil {
		return err
	}
	if username != post.Author.Username {
		return moved(c, views.ChangesURL(post))
	}
	shown := views.Changes{Seen: seen}
	if seen.More {
		shown.Before = seen.Versions[len(seen.Versions)-1].Number
	}
	if shown.Compared, err = s.compareSeen(c, seen); err != nil {
		return err
	}
	page := views.ChangesPage(s.frame(c, "Changes"), shown)
	return s.answer(c, fiber.StatusOK, page, page)
}

// leadOnToChanges does what leadOn does for the post itself.
func (s *Server) leadOnToChanges(c *fiber.Ctx, username, slug string) error {
	address, err := s.Blog.Resolve(c.UserContext(), username, slug)
	if err != nil {
		return err
	}
	return moved(c, views.ChangesURL(blog.Post{Author: address.Author, Slug: address.Slug}))
}

// compareSeen compares the two versions that the address names, else the one that was published
// with the one that is shown; nil when that is the same one.
func (s *Server) compareSeen(c *fiber.Ctx, seen blog.Seen) (*views.Comparison, error) {
	from, to := seen.First, seen.Post.Version
	if c.Query("from") != "" || c.Query("to") != "" {
		from, to = number(c.Query("from")), number(c.Query("to"))
	} else if from == to {
		return nil, nil
	}
	older, err := seen.Version(c.UserContext(), s.Blog, from)
	if err != nil {
		return nil, err
	}
	newer, err := seen.Version(c.UserContext(), s.Blog, to)
	if err != nil {
		return nil, err
	}
	return &views.Comparison{
		From: older, To: newer,
		Title: merge.Two(older.Title, newer.Title), Body: merge.Two(older.Body, newer.Body),
	}, nil
}
