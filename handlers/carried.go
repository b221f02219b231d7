package handlers

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// carriedBy is the text that a request for an author's page brought although its
// session had ended; nil when it brought none.
func carriedBy(c *fiber.Ctx) *views.Carried {
	sent, err := readForm(c)
	if err != nil || isRead(c) || sent.text() == (blog.Draft{}) {
		return nil
	}
	id := c.Params("id")
	if id == "" {
		id = sent.value("id")
	}
	return sent.carried(id)
}

func (f form) carried(id string) *views.Carried {
	return &views.Carried{ID: id, Version: f.value("version"), Text: f.text()}
}

// answerCarried opens the editor with a text that came through the login page. It
// is not saved: who logged in may be another than who wrote it.
func (s *Server) answerCarried(c *fiber.Ctx, sent form) error {
	editor := emptyEditor("")
	id, err := idFor(sent)
	if err == nil {
		editor.ID = id
		post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
		switch {
		case err == nil && post.DeletedAt.IsZero():
			editor = editorOf(post, "")
			editor.Version, editor.SavedAt = sent.version(), time.Time{}
		case err == nil, errors.Is(err, fault.ErrNotFound) && sent.value("version") != "":
			editor.ID = blog.NewID() // not theirs to revise: a post of its own
		case !errors.Is(err, fault.ErrNotFound):
			return err
		}
	}
	editor.Text, editor.Carried = sent.text(), true
	return s.answerEditor(c, fiber.StatusOK, editor)
}
