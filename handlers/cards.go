package handlers

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/card"
	"miniblog/internal/fault"
	"miniblog/views"
)

// blogCard answers with the blog's own preview picture.
func (s *Server) blogCard(c *fiber.Ctx) error { return s.sendCard(c, card.Words{Blog: s.Title}) }

// postCard answers with a post's preview picture.
func (s *Server) postCard(c *fiber.Ctx) error {
	username := c.Params("username")
	var post blog.Post
	err := s.bulkheads.reading.Do(c.UserContext(), func() (err error) { // drawing waits for a turn of its own
		post, err = s.Blog.At(c.UserContext(), strings.ToLower(username), c.Params("slug"))
		if errors.Is(err, fault.ErrNotFound) {
			return s.leadOn(c, username, c.Params("slug"), views.CardName)
		}
		return err
	})
	switch {
	case err != nil || post.ID == uuid.Nil: // it was led on
		return err
	case username != post.Author.Username:
		return moved(c, views.PermalinkURL(post)+views.CardName)
	}
	return s.sendCard(c, s.cardWords(post))
}

// sendCard sends a picture. Under the address that names its version it never changes. Other
// sites show it, which is what it is for.
func (s *Server) sendCard(c *fiber.Ctx, words card.Words) (err error) {
	version, file := words.Version(), []byte(nil)
	etag := `"` + version + `"`
	known := isKnown(c, etag, noTime)
	if !known {
		if file, err = s.cards.Picture(c.UserContext(), words); err != nil {
			return err
		}
	}
	setKnown(c, etag, noTime)
	if c.Query("v") == version {
		c.Set(fiber.HeaderCacheControl, keptForEver)
	}
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if known {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, "image/png")
	c.Response().SetBodyRaw(file) // which keeps a reference and copies nothing
	return nil
}

func (s *Server) cardWords(post blog.Post) card.Words {
	return card.Words{Title: post.Title, Author: post.Author.ShownName(), Blog: s.Title}
}

// postPicture is a post's preview picture as pages and feeds name it.
func (s *Server) postPicture(post blog.Post) views.Picture {
	return views.Picture{
		URL: s.absolute(views.CardURL(post, s.cardWords(post).Version())), Alt: post.Title + ", by " + post.Author.ShownName(),
		Width: card.Width, Height: card.Height,
	}
}

// blogPicture is the blog's own.
func (s *Server) blogPicture() views.Picture {
	return views.Picture{URL: s.pictureURL, Alt: s.Title, Width: card.Width, Height: card.Height}
}
