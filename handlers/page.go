package handlers

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/assets"
)

// headerSize is about what an answer's headers take in memory, in bytes.
const headerSize = 2 << 10

// page is an answer that everybody gets who is not logged in, with each of its forms.
type page struct {
	route   string
	etag    string
	changed string // Last-Modified, if it has one
	header  fasthttp.ResponseHeader
	plain   []byte
	coded   map[string][]byte // by coding; none where that would save nothing
}

// newPage takes the answer that was made. Its ETag is weak: it stands for every form.
func newPage(c *fiber.Ctx) (*page, error) {
	c.Vary(fiber.HeaderAcceptEncoding)
	answer := c.Response()
	made := &page{route: c.Route().Path, plain: bytes.Clone(answer.Body()), coded: map[string][]byte{}}
	made.etag = string(answer.Header.Peek(fiber.HeaderETag))
	if made.etag == "" {
		made.etag = etagOf(made.plain)
		c.Set(fiber.HeaderETag, made.etag)
	}
	made.changed = string(answer.Header.Peek(fiber.HeaderLastModified))
	answer.Header.CopyTo(&made.header)
	made.header.Del(fiber.HeaderXRequestID)
	if len(made.plain) < worthCompressing {
		return made, nil
	}
	for coding := range compressors {
		var small bytes.Buffer
		if err := squeeze(&small, coding, made.plain); err != nil {
			return nil, err
		}
		made.coded[coding] = bytes.Clone(small.Bytes())
	}
	return made, nil
}

// size is what the page takes, in bytes.
func (p *page) size() int64 {
	size := len(p.plain) + headerSize
	for _, small := range p.coded {
		size += len(small)
	}
	return int64(size)
}

// send answers with the page, or with 304 who has it.
func (p *page) send(ctx *fasthttp.RequestCtx) {
	header := &ctx.Response.Header
	id, closes := string(header.Peek(fiber.HeaderXRequestID)), ctx.Response.ConnectionClose()
	p.header.CopyTo(header)
	if id != "" {
		header.Set(fiber.HeaderXRequestID, id)
	}
	if closes {
		ctx.SetConnectionClose()
	}
	if p.isKnown(&ctx.Request.Header) {
		ctx.Response.ResetBody()
		ctx.SetStatusCode(fiber.StatusNotModified)
		return
	}
	body := p.plain
	if len(p.coded) > 0 {
		coding := assets.Coding(string(ctx.Request.Header.Peek(fiber.HeaderAcceptEncoding)))
		if small, ok := p.coded[coding]; ok {
			header.Set(fiber.HeaderContentEncoding, coding)
			body = small
		}
	}
	ctx.Response.SetBodyRaw(body)
}

// isKnown tells whether the client has the page: see isKnown for answers.
func (p *page) isKnown(header *fasthttp.RequestHeader) bool {
	if known := header.Peek(fiber.HeaderIfNoneMatch); len(known) > 0 {
		return matches(string(known), p.etag)
	}
	return p.changed != "" && strings.EqualFold(string(header.Peek(fiber.HeaderIfModifiedSince)), p.changed)
}
