package handlers

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// maxFields bounds a form: fasthttp would make a hundred times its size of many empty fields.
const maxFields = 1000

// maxAge bounds how long ago a text can have been typed.
const maxAge = 10 * 365 * 24 * time.Hour

// form is what was sent in a request's body. The query string never adds to it,
// as it does to Fiber's FormValue.
type form struct {
	value func(name string) string // empty for a field that was not sent
	has   func(name string) bool
}

// readText reads a form with a text. One that was written by another account than
// the viewer's is not theirs to send: somebody else has logged in in this browser.
func readText(c *fiber.Ctx) (form, error) {
	sent, err := readForm(c)
	if err != nil {
		return form{}, err
	}
	if author := sent.author(); author != uuid.Nil && author != viewingAuthor(c).ID {
		return form{}, errOtherAuthor
	}
	return sent, nil
}

// readForm reads a form in either of the two encodings that browsers send.
func readForm(c *fiber.Ctx) (form, error) {
	kind, _, _ := bytes.Cut(c.Request().Header.ContentType(), []byte(";"))
	switch strings.ToLower(strings.TrimSpace(string(kind))) {
	case fiber.MIMEApplicationForm, "":
		if bytes.Count(c.Request().Body(), []byte("&")) >= maxFields {
			return form{}, fault.ErrMalformed
		}
		// Not PostArgs, which knows the media type in lower case alone.
		args := new(fasthttp.Args)
		args.ParseBytes(c.Request().Body())
		return form{func(name string) string { return string(args.Peek(name)) }, args.Has}, nil
	case fiber.MIMEMultipartForm:
		return readMultipart(c)
	}
	return form{}, fault.ErrUnsupported
}

func readMultipart(c *fiber.Ctx) (form, error) {
	parts, err := c.MultipartForm()
	if err != nil {
		return form{}, fault.ErrMalformed
	}
	first := func(name string) string {
		if values := parts.Value[name]; len(values) > 0 {
			return strings.Clone(values[0])
		}
		return ""
	}
	return form{first, func(name string) bool { return len(parts.Value[name]) > 0 }}, nil
}

func (f form) text() blog.Draft {
	return blog.Draft{Title: f.value("title"), Body: f.value("body"), Tags: f.value("tags"), SameTags: !f.has("tags")}
}

// shape is how the post is to be shown again; anything unknown is a page of its own.
func (f form) shape() views.Shape { return shapeOf(f.value("shape")) }

// number is a whole number; what is none is 0.
func (f form) number(name string) int {
	number, err := strconv.Atoi(strings.TrimSpace(f.value(name)))
	if err != nil {
		return 0
	}
	return number
}

// version is the text a save began from; what is no number began from none.
func (f form) version() int {
	version, err := strconv.Atoi(f.value("version"))
	if err != nil {
		return 0
	}
	return version
}

// origin says in which editor a text was typed. A damaged field is as good as none:
// the text is worth more.
func (f form) origin() blog.Origin {
	sitting, err := uuid.Parse(f.value("sitting"))
	if err != nil {
		sitting = uuid.Nil
	}
	turn, err := strconv.ParseInt(f.value("turn"), 10, 64)
	if err != nil {
		turn = 0
	}
	age, err := strconv.ParseInt(f.value("age"), 10, 64) // milliseconds
	if err != nil || age < 0 || age > maxAge.Milliseconds() {
		age = 0
	}
	return blog.Origin{Sitting: sitting, Turn: turn, Base: f.version(), Age: time.Duration(age) * time.Millisecond}
}

// author is the account that the form was made for; the zero UUID when it does not say.
func (f form) author() uuid.UUID {
	author, err := uuid.Parse(f.value("author"))
	if err != nil {
		return uuid.Nil
	}
	return author
}

// intent is what the pressed button asks for, or else what a form sent without one means.
func (f form) intent(unsaid blog.Intent) blog.Intent {
	switch f.value("status") {
	case "published":
		return blog.Publish
	case "draft":
		return blog.KeepPrivate
	}
	return unsaid
}

func shapeOf(text string) views.Shape {
	switch shape := views.Shape(text); shape {
	case views.Full, views.Listed, views.Own, views.Binned:
		return shape
	}
	return ""
}

// postID reads the id in the path; what is no id is a post that does not exist.
func postID(c *fiber.Ctx) (uuid.UUID, error) { return parseID(c.Params("id")) }

func parseID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.UUID{}, fault.ErrNotFound
	}
	return id, nil
}

// before reads where a page of a list begins.
func before(c *fiber.Ctx) (blog.Place, error) {
	place, err := blog.ParsePlace(c.Query("before"))
	if err != nil {
		return blog.Place{}, fault.ErrMalformed
	}
	return place, nil
}

// beforeID reads where a page of a list begins that goes by numbers; 0 is the start.
func beforeID(c *fiber.Ctx) (int64, error) {
	text := c.Query("before")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, fault.ErrMalformed
	}
	return id, nil
}

// localPath returns the address to go on to when it is a page of this blog, else
// "". A browser reads //host and /\host as another site.
func localPath(next string) string {
	parsed, err := url.Parse(next)
	switch {
	case err != nil, parsed.IsAbs(), parsed.Host != "", len(next) > 2000:
		return ""
	case !strings.HasPrefix(next, "/"), strings.HasPrefix(next, "//"), strings.Contains(next, `\`):
		return ""
	case strings.ContainsFunc(next, unicode.IsControl): // url.Parse lets them pass in a fragment
		return ""
	}
	return next
}
