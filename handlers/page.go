package handlers

import (
	"bytes"
	"maps"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/assets"
)

// besideForms is about what a page takes in memory besides its forms, in bytes: its header and its place.
const besideForms = 3 << 10

// page is an answer that everybody gets who is not logged in, in the forms that were asked
// for. It is never changed.
type page struct {
	route     string
	etag      string // weak: it stands for every form
	changed   string // Last-Modified, if it has one
	header    *fasthttp.ResponseHeader
	plain     []byte
	forms     map[string]*wire // by coding
	unchanged *wire            // for who has it
	edition   int64            // that it is kept of
}

// newPage takes the answer that was made.
func newPage(c *fiber.Ctx, edition int64) (*page, error) {
	c.Vary(fiber.HeaderAcceptEncoding)
	answer := c.Response()
	made := &page{route: c.Route().Path, header: new(fasthttp.ResponseHeader), plain: bytes.Clone(answer.Body()), edition: edition}
	made.etag = string(answer.Header.Peek(fiber.HeaderETag))
	if made.etag == "" {
		made.etag = etagOf(made.plain)
		c.Set(fiber.HeaderETag, made.etag)
	}
	made.changed = string(answer.Header.Peek(fiber.HeaderLastModified))
	answer.Header.CopyTo(made.header)
	made.header.Del(fiber.HeaderXRequestID)
	made.header.ResetConnectionClose() // that was between one client and us
	var err error
	made.unchanged, err = newWire(fiber.StatusNotModified, made.header, "", nil)
	return made, err
}

// codingFor is the coding of the form that a client gets who accepts those.
func (p *page) codingFor(acceptEncoding []byte) string {
	if len(p.plain) < worthCompressing {
		return ""
	}
	return assets.Coding(string(acceptEncoding))
}

// in is the page with that form of it, too.
func (p *page) in(coding string) (*page, error) {
	if p.forms[coding] != nil {
		return p, nil
	}
	body := p.plain
	if coding != "" {
		var small bytes.Buffer
		if err := squeeze(&small, coding, p.plain); err != nil {
			return nil, err
		}
		body = bytes.Clone(small.Bytes())
	}
	form, err := newWire(fiber.StatusOK, p.header, coding, body)
	if err != nil {
		return nil, err
	}
	richer := *p
	richer.forms = map[string]*wire{coding: form}
	maps.Copy(richer.forms, p.forms)
	return &richer, nil
}

// size is what the page takes under its key, in bytes, with what Go's allocator rounds up.
func (p *page) size(key pageKey) int64 {
	size := besideForms + len(key.path) + len(key.before) + cap(p.plain) + cap(p.unchanged.head)
	for coding, form := range p.forms {
		size += cap(form.head)
		if coding != "" { // else it is the plain one
			size += cap(form.body)
		}
	}
	return int64(size)
}

// sendPage answers with a page, or with 304 who has it. A form in which nobody had asked for
// it yet is kept with it.
func (s *Server) sendPage(ctx *fasthttp.RequestCtx, key pageKey, p *page) error {
	asked := &ctx.Request.Header
	if p.isKnown(asked.Peek(fiber.HeaderIfNoneMatch), asked.Peek(fiber.HeaderIfModifiedSince)) {
		p.writeHeader(ctx)
		ctx.Response.ResetBody()
		ctx.SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	coding := p.codingFor(asked.Peek(fiber.HeaderAcceptEncoding))
	full, err := p.in(coding)
	if err != nil {
		return err
	}
	if full != p {
		s.memory.pages.Put(key, full, full.size(key), full.edition)
	}
	full.writeHeader(ctx)
	if coding != "" {
		ctx.Response.Header.Set(fiber.HeaderContentEncoding, coding)
	}
	ctx.Response.SetBodyRaw(full.forms[coding].body)
	return nil
}

// writeHeader sets the page's header and leaves of the answer's what is the request's own.
func (p *page) writeHeader(ctx *fasthttp.RequestCtx) {
	header := &ctx.Response.Header
	id, closes := string(header.Peek(fiber.HeaderXRequestID)), ctx.Response.ConnectionClose()
	p.header.CopyTo(header)
	if id != "" {
		header.Set(fiber.HeaderXRequestID, id)
	}
	if closes {
		ctx.SetConnectionClose()
	}
}

// isKnown tells whether a client has the page who sends those in If-None-Match and
// If-Modified-Since: see isKnown for answers.
func (p *page) isKnown(none, since []byte) bool {
	if len(none) > 0 {
		return matches(string(none), p.etag)
	}
	return p.changed != "" && string(since) == p.changed
}
