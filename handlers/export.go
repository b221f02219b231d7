package handlers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/fault"
)

const (
	// exportDeadline bounds a download, and how long it holds a connection to the database.
	exportDeadline = 5 * time.Minute
	// exportsAtOnce leaves the database's other connections to everybody else.
	exportsAtOnce = 2
	// exportKept is what an archive may have, in bytes, to be made before its answer begins.
	exportKept = 1 << 20
)

// export sends all that the viewer has here as a zip. A small one is whole before the
// answer begins, so that a failure is a page that says so. A large one is sent as it is
// made; should that fail the connection ends, so that what came looks whole to no browser,
// and has no directory, so that no program opens it.
func (s *Server) export(c *fiber.Ctx) error {
	user, _ := viewer(c)
	select {
	case s.exports <- struct{}{}:
	default:
		return fault.ErrBusy
	}
	download := &download{conn: c.Context().Conn(), done: func() { <-s.exports }}
	if err := s.Accounts.BeginExport(c.UserContext(), user, s.client(c)); err != nil {
		return errors.Join(err, download.Close())
	}
	// Not the request's, which ends before a large one is sent.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), exportDeadline)
	download.cancel = cancel
	made, making := io.Pipe()
	go func() {
		err := s.Accounts.Export(ctx, user, making)
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			s.Log.Error("an archive was not finished", "user", user.Username, "cause", err)
		}
		_ = making.CloseWithError(err) // always nil
	}()
	download.pipe, download.made = made, bufio.NewReaderSize(made, exportKept)
	head, err := download.made.Peek(exportKept)
	if err != nil && !errors.Is(err, io.EOF) {
		return errors.Join(err, download.Close())
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+user.Username+time.Now().UTC().Format("-2006-01-02")+`.zip"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if err != nil {
		defer download.Close()
		return c.Send(bytes.Clone(head))
	}
	c.Context().SetBodyStream(download, -1)
	return nil
}

// download is an archive on its way. The server closes it when it is sent, or cannot be.
type download struct {
	made   *bufio.Reader
	pipe   *io.PipeReader
	conn   net.Conn
	cancel func()
	done   func()
}

// Read gives the client as long for each piece as for any other answer.
func (d *download) Read(piece []byte) (int, error) {
	n, err := d.made.Read(piece)
	if err != nil {
		return n, err
	}
	return n, d.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
}

// Close ends the making of what was not sent.
func (d *download) Close() error {
	if d.pipe != nil {
		_ = d.pipe.Close() // always nil
		d.cancel()
	}
	d.done()
	return nil
}
