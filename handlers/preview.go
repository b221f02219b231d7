package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/views"
)

// preview shows what stands in an editor as readers would see it: beside the editor, or
// below it on a page that holds all that was sent. It keeps nothing, and asks nothing of
// the database: the form alone tells what its editor was.
func (s *Server) preview(c *fiber.Ctx) error {
	sent, err := readText(c)
	if err != nil {
		return err
	}
	editor := sent.editor(sent.textAddress(c.Path()), true)
	editor.Author = viewingAuthor(c).ID
	if !editor.New {
		editor.CancelURL = views.PostURL(editor.ID)
	}
	shown, err := blog.PreviewOf(editor.Text)
	problems, invalid := asInvalid(err)
	switch {
	case invalid && wantsFragment(c): // the last preview stays, and says why it does
		insteadOf(c, views.PreviewNoteID(editor.ID), "outerHTML transition:false")
		return s.answer(c, fiber.StatusUnprocessableEntity, nil, views.PreviewNote(editor.ID, problems[0].Message, true))
	case invalid:
		editor.Problems = problems
		return s.answerEditor(c, fiber.StatusUnprocessableEntity, editor)
	case err != nil:
		return err
	}
	if wantsFragment(c) {
		return s.answer(c, fiber.StatusOK, nil, views.PreviewPane(views.Preview{Post: editor.ID, Text: &shown}))
	}
	editor.Preview = &shown
	return s.answerEditor(c, fiber.StatusOK, editor)
}

// showNoPreview leads on who asks for the address of a preview alone, perhaps by coming
// back after a log-in: the text was in the form.
func (s *Server) showNoPreview(c *fiber.Ctx) error { return goOn(c, views.DashboardURL) }
