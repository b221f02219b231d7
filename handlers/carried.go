package handlers

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// carriedBy is the text that a request for an author's page brought although its
// session had ended; nil when it brought none.
func carriedBy(c *fiber.Ctx) *views.Carried {
	sent, err := readForm(c)
	if err != nil || isRead(c) || sent.text().IsEmpty() {
		return nil
	}
	id := c.Params("id")
	if id == "" {
		id = sent.value("id")
	}
	return sent.carried(id)
}

func (f form) carried(id string) *views.Carried {
	return &views.Carried{
		ID: id, Version: f.value("version"), Author: f.value("author"), Sitting: f.value("sitting"), Turn: f.value("turn"),
		Text: f.text(),
	}
}

// answerCarried keeps a text that came through the login page as a draft, which
// nobody else sees, and goes on to its editor.
func (s *Server) answerCarried(c *fiber.Ctx, sent form) error {
	id, err := s.keepCarried(c, sent)
	if _, invalid := asInvalid(err); invalid {
		editor := emptyEditor(c, "")
		editor.Text = sent.text()
		return s.answerRefused(c, editor, err)
	}
	if err != nil {
		return err
	}
	return goOn(c, views.CarriedURL(id))
}

// keepCarried keeps the text where it was sent to. When that is not the viewer's or lies
// in the bin, or who logged in is another than who wrote it, it becomes a post of its own.
func (s *Server) keepCarried(c *fiber.Ctx, sent form) (id uuid.UUID, err error) {
	id, err = idFor(sent)
	if author := sent.author(); author != uuid.Nil && author != viewingAuthor(c).ID {
		err = fault.ErrNotFound
	}
	if err == nil {
		var post blog.Post
		post, err = s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
		if errors.Is(err, fault.ErrNotFound) || (err == nil && post.DeletedAt.IsZero()) {
			_, err = s.Blog.Autosave(c.UserContext(), viewingAuthor(c), id, sent.origin(), sent.text())
		} else if err == nil {
			err = fault.ErrNotFound
		}
	}
	switch {
	case errors.Is(err, blog.ErrLate): // what came after it is kept, and in the editor
		return id, nil
	case errors.Is(err, fault.ErrNotFound):
		id = blog.NewID()
		_, err = s.Blog.Autosave(c.UserContext(), viewingAuthor(c), id, blog.Origin{}, sent.text())
	}
	return id, err
}
