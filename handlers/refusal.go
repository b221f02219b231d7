package handlers

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/views"
)

// idFor is the id that a new post's form was made with; a form without one, sent
// by a script, gets one now.
func idFor(sent form) (uuid.UUID, error) {
	if sent.value("id") == "" {
		return blog.NewID(), nil
	}
	return parseID(sent.value("id"))
}

// refuseRevision shows the editor of a post again with the text that was not kept.
func (s *Server) refuseRevision(c *fiber.Ctx, id uuid.UUID, sent form, cause error) error {
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	if err != nil {
		return errors.Join(cause, err)
	}
	editor := editorOf(c, post, sent.shape())
	editor.Text, editor.Origin = sent.text(), sent.origin()
	return s.answerRefused(c, editor, cause)
}

// answerRefused shows the editor again with all that was typed, and why it was not kept.
func (s *Server) answerRefused(c *fiber.Ctx, editor views.Editor, cause error) error {
	editor.SavedAt = time.Time{}
	var clash *blog.Conflict
	switch problems, invalid := asInvalid(cause); {
	case invalid:
		editor.Problems = problems
		return s.answerEditor(c, fiber.StatusUnprocessableEntity, editor)
	case errors.As(cause, &clash):
		return s.answerEditor(c, fiber.StatusConflict, afterClash(editor, clash))
	case errors.Is(cause, blog.ErrDeleted):
		return s.answerEditor(c, fiber.StatusConflict, afterDeletion(editor))
	}
	return cause
}

// afterClash offers a merged text to finish, with both texts below it; saving that
// is a choice made with both in sight, so it begins from the saved version. What was
// begun as a new post stands elsewhere on the page already, so it is left as a page.
func afterClash(editor views.Editor, clash *blog.Conflict) views.Editor {
	if editor.New {
		editor.New, editor.Shape = false, ""
	}
	editor.Published, editor.PublishAt = clash.Current.Published(), clash.Current.PublishAt
	editor.Origin = blog.Origin{Sitting: uuid.New(), Base: clash.Current.Version}
	editor.Text, editor.Clash = clash.Merged(), clash
	editor.Problems, _ = asInvalid(clash.Broken)
	return editor
}

// afterDeletion offers to keep the text as a new post.
func afterDeletion(editor views.Editor) views.Editor {
	editor.New, editor.ID, editor.Published, editor.Binned = true, blog.NewID(), false, true
	editor.Origin = blog.Origin{Sitting: uuid.New()}
	editor.Root, editor.Shape, editor.CancelURL = views.PostID(editor.ID), "", views.DashboardURL
	return editor
}

// refuseAutosave shows a text that cannot be kept in its editor again, as a page.
func (s *Server) refuseAutosave(c *fiber.Ctx, id uuid.UUID, sent form, cause error) error {
	editor := emptyEditor(c, "")
	editor.ID, editor.Text, editor.Origin = id, sent.text(), sent.origin()
	if editor.Origin.Base == 0 {
		return s.answerRefused(c, editor, cause)
	}
	return s.refuseRevision(c, id, sent, cause)
}
