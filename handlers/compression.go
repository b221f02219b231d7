package handlers

import (
	"bytes"
	"io"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
	brotli "github.com/molecule-man/go-brrr"

	"miniblog/assets"
)

// worthCompressing is the least that compressing makes smaller than the packet it
// travels in anyway, in bytes.
const worthCompressing = 1 << 10

// compress makes what everybody may read smaller on its way. What is for one account
// alone goes as it is: of a page that holds a secret and what a stranger chose, the
// length would tell the secret (BREACH).
func (s *Server) compress(c *fiber.Ctx) error {
	if err := c.Next(); err != nil {
		return err
	}
	_, private := viewer(c)
	answer := c.Response()
	if private || !isRead(c) || answer.IsBodyStream() {
		return nil
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	coding := assets.Coding(c.Get(fiber.HeaderAcceptEncoding))
	if coding == "" || len(answer.Body()) < worthCompressing || len(answer.Header.Peek(fiber.HeaderContentEncoding)) > 0 || bytes.HasPrefix(answer.Header.ContentType(), []byte("image/")) {
		return nil
	}
	small := squeezed.Get().(*bytes.Buffer)
	defer squeezed.Put(small)
	small.Reset()
	if err := squeeze(small, coding, answer.Body()); err != nil {
		return err
	}
	answer.SetBody(small.Bytes())
	c.Set(fiber.HeaderContentEncoding, coding)
	return nil
}

// squeezed are buffers for what was compressed.
var squeezed = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// A compressor writes to where it was reset to.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// compressors are kept, as each holds its tables. The levels cost about what rendering
// a page does; a higher one would make it little smaller.
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

func squeeze(to io.Writer, coding string, body []byte) error {
	writer := compressors[coding].Get().(compressor)
	defer compressors[coding].Put(writer)
	writer.Reset(to)
	if _, err := writer.Write(body); err != nil {
		return err
	}
	return writer.Close()
}
