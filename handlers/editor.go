package handlers

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// newPost opens the editor for a new post, under an id of its own: however often
// the form is sent, it makes one post.
func (s *Server) newPost(c *fiber.Ctx) error {
	shape := views.Shape("")
	if wantsFragment(c) {
		shape = views.Own
	}
	return s.answerEditor(c, fiber.StatusOK, emptyEditor(c, shape))
}

// emptyEditor is the editor of a post that does not exist yet.
func emptyEditor(c *fiber.Ctx, shape views.Shape) views.Editor {
	return views.Editor{
		ID: blog.NewID(), Root: views.ComposeID, New: true, Shape: shape, CancelURL: views.DashboardURL,
		Author: viewingAuthor(c).ID, Origin: blog.Origin{Sitting: uuid.New()}, Zone: zoneOf(c),
	}
}

// writePost keeps a new post.
func (s *Server) writePost(c *fiber.Ctx) error {
	sent, err := readText(c)
	if err != nil {
		return err
	}
	editor := emptyEditor(c, sent.shape())
	if editor.ID, err = idFor(sent); err != nil {
		return err
	}
	editor.Text, editor.Origin = sent.text(), sent.origin()
	saved, err := s.Blog.Write(
		c.UserContext(), viewingAuthor(c), editor.ID, editor.Origin, editor.Text, sent.intent(blog.Publish))
	if err != nil {
		return s.answerRefused(c, editor, err)
	}
	if editor.Shape == "" || saved.Typed > 0 || !wantsFragment(c) {
		return goOn(c, s.afterSaving(c, saved))
	}
	return s.answer(c, fiber.StatusOK, nil, views.PostWritten(s.justSaved(c, saved, editor.Shape)))
}

// editPost opens the editor of one of the viewer's posts.
func (s *Server) editPost(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	if err != nil {
		return err
	}
	if !post.DeletedAt.IsZero() {
		return fault.ErrNotFound
	}
	editor := editorOf(c, post, shapeOf(c.Query("shape")))
	editor.Carried = c.Query("carried") == "yes"
	if c.Query("text") != "saved" {
		if err := s.goOnUnsaved(c, &editor); err != nil {
			return err
		}
	}
	return s.answerEditor(c, fiber.StatusOK, editor)
}

// goOnUnsaved puts the text in the editor that was autosaved last and is not in the post.
func (s *Server) goOnUnsaved(c *fiber.Ctx, editor *views.Editor) error {
	newest, err := s.Blog.Unsaved(c.UserContext(), viewingAuthor(c), editor.ID)
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	editor.Text, editor.Origin.Base = newest.Text(), newest.Number
	editor.Unsaved, editor.SavedAt = true, newest.CreatedAt
	return nil
}

// editorOf is the editor of a post with the text that it shows.
func editorOf(c *fiber.Ctx, post blog.Post, shape views.Shape) views.Editor {
	return views.Editor{
		ID: post.ID, Root: views.PostID(post.ID), Published: post.Published(),
		Author: post.Author.ID, Origin: blog.Origin{Sitting: uuid.New(), Base: post.Version},
		Text: post.Text(), Shape: shape,
		SavedAt: post.UpdatedAt, CancelURL: views.ReadURL(post), PublishAt: post.PublishAt, Zone: zoneOf(c),
	}
}

// revisePost keeps a post's next text.
func (s *Server) revisePost(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	sent, err := readText(c)
	if err != nil {
		return err
	}
	saved, err := s.Blog.Revise(
		c.UserContext(), viewingAuthor(c), id, sent.origin(), sent.text(), sent.intent(blog.Save))
	if err != nil {
		return s.refuseRevision(c, id, sent, err)
	}
	if sent.shape() == "" || !wantsFragment(c) {
		return goOn(c, s.afterSaving(c, saved))
	}
	return s.answerSaved(c, saved, sent.shape())
}

// answerSaved shows a saved post in its form's place, and what was merged into it.
func (s *Server) answerSaved(c *fiber.Ctx, saved blog.Revision, shape views.Shape) error {
	shown := s.justSaved(c, saved, shape)
	if saved.Typed > 0 {
		var err error
		if shown.Merged, err = s.compare(c, saved.ID, saved.Typed, saved.Version); err != nil {
			return err
		}
	}
	return s.answer(c, fiber.StatusOK, nil, views.Article(shown))
}

// justSaved is a post as its author sees it in its form's place.
func (s *Server) justSaved(c *fiber.Ctx, saved blog.Revision, shape views.Shape) views.Post {
	shown := asSeen(c, saved.Post, shape)
	shown.Focus, shown.Announce = true, saidOfSaved(saved)
	if shown.Dead = s.deadLinks(c, saved.Post); len(shown.Dead) > 0 {
		shown.Announce += " " + views.DeadLinksSaid
	}
	return shown
}

func saidOfSaved(saved blog.Revision) string {
	switch {
	case saved.Typed > 0:
		return "Saved, together with what was saved meanwhile."
	case saved.Published():
		return "Saved. Everybody can read it."
	case saved.Scheduled():
		return "Saved. It is published when its time comes."
	}
	return "Saved as a draft."
}

func (s *Server) answerEditor(c *fiber.Ctx, status int, editor views.Editor) error {
	title := "Edit post"
	if editor.New {
		title = "New post"
	}
	return s.answer(c, status, views.EditorPage(s.frame(c, title), editor), views.EditorForm(editor))
}
