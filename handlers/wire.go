package handlers

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"net"
	"net/textproto"
	"sync"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// wire is an answer as it goes over a connection, but for its date and the name of the request.
type wire struct {
	head     []byte // to the empty line
	body     []byte
	date, id int // where they stand in the head
}

// newWire has fasthttp write an answer of that header and body.
func newWire(status int, header *fasthttp.ResponseHeader, coding string, body []byte) (*wire, error) {
	var answer fasthttp.Response
	header.CopyTo(&answer.Header)
	answer.SetStatusCode(status)
	if coding != "" {
		answer.Header.Set(fiber.HeaderContentEncoding, coding)
	}
	answer.Header.Set(fiber.HeaderXRequestID, newRequestID())
	answer.SetBodyRaw(body)
	var written bytes.Buffer
	buffered := bufio.NewWriter(&written)
	if err := errors.Join(answer.Write(buffered), buffered.Flush()); err != nil {
		return nil, err
	}
	head, _, _ := bytes.Cut(written.Bytes(), []byte("\r\n\r\n"))
	w := &wire{head: append(bytes.Clone(head), "\r\n\r\n"...), body: body}
	w.date, w.id = w.valueOf(fiber.HeaderDate), w.valueOf(fiber.HeaderXRequestID)
	return w, nil
}

// valueOf is where in the head that field's value begins; it has one.
func (w *wire) valueOf(name string) int {
	line := "\r\n" + textproto.CanonicalMIMEHeaderKey(name) + ": "
	return bytes.Index(w.head, []byte(line)) + len(line)
}

// headLimit is the longest head of an answer that is sent without fasthttp, and the longest
// request that is read so, in bytes.
const headLimit = 4 << 10

// heads are for reading a request and for writing the head of its answer.
var heads = sync.Pool{New: func() any { return new([headLimit]byte) }}

// send writes an answer, with the name that the request has.
func (c *connection) send(w *wire, now time.Time, id string) error {
	if c.writeBy.Sub(now) < writeTimeout {
		if err := c.SetWriteDeadline(now.Add(2 * writeTimeout)); err != nil {
			return err
		}
	}
	head := heads.Get().(*[headLimit]byte)
	defer heads.Put(head)
	length := copy(head[:], w.head)
	fasthttp.AppendHTTPDate(head[w.date:w.date], now)
	copy(head[w.id:], id)
	c.pieces = [2][]byte{head[:length], w.body}
	all := net.Buffers(c.pieces[:])
	if len(w.body) == 0 {
		all = all[:1]
	}
	_, err := all.WriteTo(c.Conn)
	c.pieces = [2][]byte{}
	return err
}

// await returns once there is something for fasthttp to read. Fasthttp waits for a request by
// asking for its first byte: what comes then and can be answered here never gets there.
// Nothing is held for a connection while it is silent.
func (c *connection) await() (err error) {
	ended := c.raw.Read(func(socket uintptr) (done bool) {
		for err == nil && len(c.ahead) == 0 {
			var silent bool
			if silent, err = c.readAhead(socket); silent {
				return false
			}
		}
		return true
	})
	return cmp.Or(err, ended)
}

// readAhead reads what is there and answers it, or leaves it for fasthttp.
func (c *connection) readAhead(socket uintptr) (silent bool, err error) {
	buffer := heads.Get().(*[headLimit]byte)
	n, err := readNow(socket, buffer[:])
	answered := false
	switch {
	case errors.Is(err, syscall.EAGAIN):
		silent, err = true, nil
	case err == nil && n == 0:
		err = io.EOF
	case err == nil:
		answered, err = c.all.answer(buffer[:n], c)
		if !answered && err == nil {
			c.ahead, c.aheadIn = buffer[:n], buffer
			return false, nil
		}
	}
	heads.Put(buffer)
	return silent, err
}

// readNow reads what is there; syscall.EAGAIN says that there is nothing.
func readNow(fd uintptr, into []byte) (n int, err error) {
	for {
		n, err = syscall.Read(int(fd), into)
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}

// answer has a request answered that came while fasthttp waited for one.
func (l *connections) answer(request []byte, c *connection) (answered bool, err error) {
	l.quick.Add(1)
	defer l.quick.Add(-1)
	answered, err = l.atOnce(request, c)
	if answered && err == nil && time.Until(c.readBy) < idleTimeout*9/10 {
		err = c.SetReadDeadline(time.Now().Add(idleTimeout))
	}
	return answered, err
}

// Read gives fasthttp what the client sent.
func (c *connection) Read(b []byte) (int, error) {
	if len(b) == 1 && len(c.ahead) == 0 && c.raw != nil && c.isSilent() {
		if err := c.await(); err != nil {
			return 0, err
		}
	}
	if len(c.ahead) == 0 {
		return c.Conn.Read(b)
	}
	n := copy(b, c.ahead)
	if c.ahead = c.ahead[n:]; len(c.ahead) == 0 {
		heads.Put(c.aheadIn)
		c.aheadIn = nil
	}
	return n, nil
}
