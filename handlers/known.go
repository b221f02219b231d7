package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// sendUnlessKnown sends an answer that everybody gets, or 304 to who has it already. Caches ask again
// each time. Its ETag is weak: a proxy may compress it. A zero time says nothing of when it changed.
func sendUnlessKnown(c *fiber.Ctx, contentType string, body []byte, changed time.Time) error {
	return sendAs(c, contentType, body, etagOf(body), changed)
}

// sendFirstSeen does that with what may lose parts, and get others that are older. Its Last-Modified is when
// this server first saw it so: no time of what is in it moves when an older post is deleted, gets another address or is
// published late, nor when an author takes another name, and a client that asks by time alone would keep what is gone.
func (s *Server) sendFirstSeen(c *fiber.Ctx, contentType string, body []byte) error {
	etag := etagOf(body)
	return sendAs(c, contentType, body, etag, s.seen.first(c.Path(), etag, time.Now()))
}

// sendUnkept sends the answer that is made, or 304 to who has it already. Feeds see to that themselves.
func sendUnkept(c *fiber.Ctx) error {
	if err := c.Next(); err != nil {
		return err
	}
	answer := c.Response()
	if !isWhole(answer) || len(answer.Header.Peek(fiber.HeaderETag)) > 0 {
		return nil
	}
	etag := etagOf(answer.Body())
	c.Set(fiber.HeaderETag, etag)
	if isKnown(c, etag, time.Time{}) {
		answer.ResetBody()
		c.Status(fiber.StatusNotModified)
	}
	return nil
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

func sendAs(c *fiber.Ctx, contentType string, body []byte, etag string, changed time.Time) error {
	setKnown(c, etag, changed)
	if isKnown(c, etag, changed) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, contentType)
	return c.Send(body)
}

// setKnown says by what the answer is known again.
func setKnown(c *fiber.Ctx, etag string, changed time.Time) {
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if !changed.IsZero() {
		c.Set(fiber.HeaderLastModified, httpDate(changed))
	}
}

func httpDate(at time.Time) string { return string(fasthttp.AppendHTTPDate(nil, at)) }

// isKnown tells whether the client has that answer (RFC 9110, 13.1). Any If-None-Match wins over
// If-Modified-Since. A time must be the very one that we gave out, not a later one: what is shown can also
// go back in time, when the newest post is deleted.
func isKnown(c *fiber.Ctx, etag string, changed time.Time) bool {
	if known := c.Get(fiber.HeaderIfNoneMatch); known != "" {
		return matches(known, etag)
	}
	return !changed.IsZero() && c.Get(fiber.HeaderIfModifiedSince) == httpDate(changed)
}

// matches tells whether a list of ETags has one, comparing weakly.
func matches(list, etag string) bool {
	for each := range strings.SplitSeq(list, ",") {
		each = strings.TrimSpace(each)
		if each == "*" || strings.TrimPrefix(each, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}
