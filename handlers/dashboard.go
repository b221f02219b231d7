package handlers

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// dashboard shows the viewer's own posts and drafts, and what they just deleted.
func (s *Server) dashboard(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	page, err := s.Blog.AllOwn(c.UserContext(), viewingAuthor(c), place)
	if err != nil {
		return err
	}
	list := listOf(c, views.DashboardURL, page, views.Own)
	list.Back = c.Query("back") == "yes"
	if list.Deleted, err = s.justDeleted(c); err != nil {
		return err
	}
	if list.Linked, err = s.justLinked(c); err != nil {
		return err
	}
	return s.answer(c, fiber.StatusOK,
		views.DashboardPage(s.frame(c, "Dashboard"), list), views.MorePosts(place, list))
}

// justDeleted is the post that the address says was deleted, if it is the viewer's and still is.
func (s *Server) justDeleted(c *fiber.Ctx) (*views.Post, error) {
	post, err := s.ownNamed(c, "deleted")
	if post == nil || post.DeletedAt.IsZero() {
		return nil, err
	}
	return post, nil
}

// ownNamed is the post that the address names in that place, if it is the viewer's.
func (s *Server) ownNamed(c *fiber.Ctx, name string) (*views.Post, error) {
	id, err := parseID(c.Query(name))
	if err != nil {
		return nil, nil
	}
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &views.Post{Post: post}, nil
}

// viewingAuthor is the viewer of an authors' page, as an author.
func viewingAuthor(c *fiber.Ctx) blog.Author {
	user, _ := viewer(c)
	return blog.Author{ID: user.ID, Username: user.Username, Name: user.Name}
}
