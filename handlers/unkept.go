package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/views"
)

// isTextAddress tells whether a path is one that an editor's form is sent to.
func isTextAddress(path string) bool {
	id, one := strings.CutPrefix(path, views.PostsURL+"/")
	id = strings.TrimSuffix(id, "/versions")
	return path == views.PostsURL || one && id != "" && !strings.Contains(id, "/")
}

// unkeptBy is the editor with the text that a failed request brought as a plain form,
// whose page it leaves; ok is false when it brought none. In place the editor stands
// untouched. Another site's request gets nothing back, nor does one that was not read
// to its end: half a text would pass for the whole.
func unkeptBy(c *fiber.Ctx, f views.Failure) (editor views.Editor, ok bool) {
	if c.Locals(ownFormKey) == nil || isHTMX(c) || !holdsText(f.Status) {
		return views.Editor{}, false
	}
	sent, err := readForm(c)
	if err != nil || sent.text().IsEmpty() {
		return views.Editor{}, false
	}
	to := sent.textAddress(c.Path())
	editor = sent.editor(to, f.Status != fiber.StatusNotFound)
	if f.Status == fiber.StatusConflict { // a later text of its sitting is kept: it stands by itself
		editor.Origin = blog.Origin{Sitting: uuid.New(), Base: sent.version()}
	}
	return editor, to != ""
}

// textAddress is where the text of a form goes in the end: one that is previewed, or
// travels through the login page, is sent to another address meanwhile. It is empty for a
// form that is no text's.
func (f form) textAddress(path string) string {
	switch {
	case isTextAddress(path):
		return path
	case path != views.PreviewURL && (path != views.LoginURL || f.value("carried") != "yes"):
		return ""
	case f.value("version") != "":
		return views.PostsURL + "/" + f.value("id")
	}
	return views.PostsURL
}

// holdsText tells whether sending the same text once more may mend a failure; what is
// not found can be kept as a new post.
func holdsText(status int) bool {
	switch status {
	case fiber.StatusNotFound, fiber.StatusConflict, fiber.StatusRequestEntityTooLarge, fiber.StatusTooManyRequests:
		return true
	}
	return status >= fiber.StatusInternalServerError
}

// editor is the editor that a form was sent from, as far as the form itself and its
// address tell: the database is not asked, it may be away. It sends again all that was
// sent, hidden fields too; without the post, it sends the text as a new one.
func (f form) editor(path string, ofPost bool) views.Editor {
	editor := views.Editor{
		ID: blog.NewID(), Root: views.ComposeID, New: true, CancelURL: views.DashboardURL,
		Author: f.author(), Origin: f.origin(), Text: f.text(),
	}
	if !ofPost {
		editor.Origin = blog.Origin{Sitting: uuid.New()}
		return editor
	}
	id, err := parseID(strings.TrimSuffix(strings.TrimPrefix(path, views.PostsURL+"/"), "/versions"))
	if err == nil {
		editor.ID, editor.Root, editor.New = id, views.PostID(id), false
		editor.Published = f.intent(blog.Save) == blog.Save // the one button of a published post says nothing
		return editor
	}
	if id, err = idFor(f); err == nil {
		editor.ID = id
	}
	return editor
}
