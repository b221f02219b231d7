package contender

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	brotli "github.com/molecule-man/go-brrr"

	"miniblog/db"
)

// perPage is how many posts the home page shows.
const perPage = 20

// home answers the blog's home page, made for each request of what the blog's own query finds.
type home struct {
	store          *db.Store
	header         map[string]string
	opening, close []byte // of the page, around the posts
}

// serveHome answers the home page from the database that the environment names. What is around the
// posts it takes from the answer in a file.
func serveHome(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("serve the home page of one file, not of %q", args)
	}
	answers, err := readAnswers(args[0])
	if err != nil {
		return err
	}
	h, err := newHome(answers["/"])
	if err != nil {
		return err
	}
	if h.store, err = db.Open(os.Getenv("DATABASE_URL")); err != nil {
		return err
	}
	app := newApp()
	app.Get("/", h.serve)
	return listen(app)
}

func newHome(like Answer) (*home, error) {
	from, to := bytes.Index(like.Body, []byte("<article")), bytes.LastIndex(like.Body, []byte("</div></main>"))
	if from < 0 || to < from {
		return nil, errors.New("no posts are in the page to be like")
	}
	h := &home{header: map[string]string{}, opening: like.Body[:from], close: like.Body[to:]}
	for name := range like.Header {
		h.header[name] = like.Header.Get(name)
	}
	return h, nil
}

func (h *home) serve(c *fiber.Ctx) error {
	rows, err := h.store.ListPublished(context.Background(), db.ListPublishedParams{
		First: true, BeforeTime: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), BeforeID: uuid.Max,
	})
	if err != nil {
		return err
	}
	page := pages.Get().(*bytes.Buffer)
	defer pages.Put(page)
	page.Reset()
	page.Write(h.write(page.AvailableBuffer(), rows))
	for name, value := range h.header {
		c.Response().Header.Set(name, value)
	}
	return send(c, page.Bytes())
}

var pages = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 64<<10)) }}

// write appends the page: rows of a blog where nothing is pinned.
func (h *home) write(page []byte, rows []db.ListPublishedRow) []byte {
	page = append(page, h.opening...)
	for _, row := range rows[:min(perPage, len(rows))] {
		page = appendPost(page, row)
	}
	if len(rows) > perPage {
		last := rows[perPage-1]
		older := "/?before=" + strconv.FormatInt(last.PublishedAt.UnixMicro(), 10) + "." + last.ID.String()
		page = append(page, `<p id="older" class="older"><a class="button quiet" href="`...)
		page = append(page, older...)
		page = append(page, `" data-hx-get="`...)
		page = append(page, older...)
		page = append(page, `" data-hx-target="#older" data-hx-sync="this:drop">Older posts</a></p>`...)
	}
	return append(page, h.close...)
}

func appendPost(page []byte, row db.ListPublishedRow) []byte {
	id := row.ID.String()
	page = append(page, `<article id="post-`...)
	page = append(page, id...)
	page = append(page, `" class="post listed" aria-labelledby="title-of-`...)
	page = append(page, id...)
	page = append(page, `"><header><h2 id="title-of-`...)
	page = append(page, id...)
	page = append(page, `" dir="auto"><a href="/@`...)
	page = appendEscaped(page, row.Username)
	page = append(page, '/')
	page = appendEscaped(page, url.PathEscape(*row.Slug))
	page = append(page, `">`...)
	page = appendEscaped(page, row.Title)
	page = append(page, `</a></h2><p class="byline"><a rel="author" href="/@`...)
	page = appendEscaped(page, row.Username)
	page = append(page, `"><bdi>`...)
	page = appendEscaped(page, cmp.Or(row.DisplayName, row.Username))
	page = append(page, `</bdi></a> <time datetime="`...)
	page = row.PublishedAt.UTC().AppendFormat(page, time.RFC3339)
	page = append(page, `">`...)
	page = row.PublishedAt.UTC().AppendFormat(page, "2 January 2006")
	page = append(page, `</time> <span>`...)
	page = strconv.AppendInt(page, int64(max(1, (row.Words+219)/220)), 10)
	page = append(page, ` min</span></p></header><div class="prose excerpt" data-hx-ignore>`...)
	for paragraph := range strings.SplitSeq(row.Excerpt, "\n\n") {
		page = append(page, `<p dir="auto">`...)
		page = appendEscaped(page, paragraph)
		page = append(page, "</p>"...)
	}
	return append(page, "</div></article>"...)
}

// appendEscaped writes text for HTML, between tags and in quoted attributes.
func appendEscaped(page []byte, text string) []byte {
	done := 0
	for i := range len(text) {
		var instead string
		switch text[i] {
		case '&':
			instead = "&amp;"
		case '<':
			instead = "&lt;"
		case '>':
			instead = "&gt;"
		case '"':
			instead = "&#34;"
		case '\'':
			instead = "&#39;"
		default:
			continue
		}
		page = append(append(page, text[done:i]...), instead...)
		done = i + 1
	}
	return append(page, text[done:]...)
}

// compressors are those of the blog, at its levels: see handlers/compression.go.
var compressors = map[string]*sync.Pool{
	"br": {New: func() any {
		writer, _ := brotli.NewWriterOptions(io.Discard, 5, brotli.WriterOptions{LGWin: 18}) // fails at a level that there is not
		return writer
	}},
	"gzip": {New: func() any {
		writer, _ := gzip.NewWriterLevel(io.Discard, 6) // ditto
		return writer
	}},
}

// send compresses a page as a browser asks for it.
func send(c *fiber.Ctx, page []byte) error {
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	for _, coding := range []string{"br", "gzip"} {
		if !strings.Contains(accepted, coding) {
			continue
		}
		c.Response().Header.Set(fiber.HeaderContentEncoding, coding)
		writer := compressors[coding].Get().(interface {
			io.WriteCloser
			Reset(io.Writer)
		})
		defer compressors[coding].Put(writer)
		writer.Reset(c.Response().BodyWriter())
		if _, err := writer.Write(page); err != nil {
			return err
		}
		return writer.Close()
	}
	return c.Send(page)
}
