package handlers

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/assets"
)

// headerSize is about what an answer's headers take in memory, in bytes.
const headerSize = 2 << 10

// page is an answer that everybody gets who is not logged in, in the forms that were asked
// for. It is never changed.
type page struct {
	route   string
	etag    string // weak: it stands for every form
	changed string // Last-Modified, if it has one
	header  *fasthttp.ResponseHeader
	plain   []byte
	coded   map[string][]byte // by coding
	edition int64             // that it is kept of
}

// newPage takes the answer that was made.
func newPage(c *fiber.Ctx, edition int64) *page {
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
	return made
}

// in is the page with that form of it, too.
func (p *page) in(coding string) (*page, error) {
	if _, has := p.coded[coding]; has || coding == "" || len(p.plain) < worthCompressing {
		return p, nil
	}
	var small bytes.Buffer
	if err := squeeze(&small, coding, p.plain); err != nil {
		return nil, err
	}
	richer := *p
	richer.coded = map[string][]byte{coding: bytes.Clone(small.Bytes())}
	for other, body := range p.coded {
		richer.coded[other] = body
	}
	return &richer, nil
}

// size is what the page takes under its key, in bytes.
func (p *page) size(key pageKey) int64 {
	size := len(p.plain) + headerSize + len(key.path) + len(key.before)
	for _, small := range p.coded {
		size += len(small)
	}
	return int64(size)
}

// sendPage answers with a page, or with 304 who has it. A form in which nobody had asked for
// it yet is kept with it.
func (s *Server) sendPage(ctx *fasthttp.RequestCtx, key pageKey, p *page) error {
	if p.isKnown(&ctx.Request.Header) {
		p.writeHeader(ctx)
		ctx.Response.ResetBody()
		ctx.SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	coding := assets.Coding(string(ctx.Request.Header.Peek(fiber.HeaderAcceptEncoding)))
	full, err := p.in(coding)
	if err != nil {
		return err
	}
	if full != p && s.memory.pages != nil {
		s.memory.pages.Put(key, full, full.size(key), full.edition)
	}
	full.writeHeader(ctx)
	body, coded := full.coded[coding]
	if !coded {
		body = full.plain
	} else {
		ctx.Response.Header.Set(fiber.HeaderContentEncoding, coding)
	}
	ctx.Response.SetBodyRaw(body)
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

// isKnown tells whether the client has the page: see isKnown for answers.
func (p *page) isKnown(header *fasthttp.RequestHeader) bool {
	if known := header.Peek(fiber.HeaderIfNoneMatch); len(known) > 0 {
		return matches(string(known), p.etag)
	}
	return p.changed != "" && string(header.Peek(fiber.HeaderIfModifiedSince)) == p.changed
}
