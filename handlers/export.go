package handlers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
)

const (
	// exportDeadline bounds a download, and how long it holds a connection to the database.
	exportDeadline = 5 * time.Minute
	// exportKept is what an archive may have, in bytes, to be made before its answer begins.
	exportKept = 1 << 20
	// exportPace is what a client must take of a download, in bytes, each time writeTimeout passes.
	exportPace = 64 << 10
)

var (
	// errDownloading refuses a second download by one account beside its first.
	errDownloading = errors.New("the account is being downloaded")
	// errDownloads refuses a download while others hold as many connections as they may.
	errDownloads = errors.New("too many downloads are under way")
)

// downloads are the accounts whose archives are being made.
type downloads struct {
	mu    sync.Mutex
	under map[uuid.UUID]struct{}
}

// begin takes a place for the account, of so many, and returns how to give it back; it
// returns errDownloading or errDownloads when there is none.
func (d *downloads) begin(id uuid.UUID, most int) (done func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.under[id]; ok {
		return nil, errDownloading
	}
	if len(d.under) >= most {
		return nil, errDownloads
	}
	if d.under == nil {
		d.under = map[uuid.UUID]struct{}{}
	}
	d.under[id] = struct{}{}
	return func() { d.end(id) }, nil
}

func (d *downloads) end(id uuid.UUID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.under, id)
}

// export sends all that the viewer has here as a zip. A small one is whole before the
// answer begins, so that a failure is a page that says so. A large one is sent as it is
// made; should that fail the connection ends, so that what came looks whole to no browser,
// and has no directory, so that no program opens it.
func (s *Server) export(c *fiber.Ctx) error {
	user, _ := viewer(c)
	done, err := s.downloads.begin(user.ID, s.Accounts.ExportsAtOnce())
	if err != nil {
		return err
	}
	download := &download{conn: c.Context().Conn(), done: done}
	if err := s.Accounts.BeginExport(c.UserContext(), user, s.client(c)); err != nil {
		return errors.Join(err, download.Close())
	}
	// Not the request's, which ends before a large one is sent.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), exportDeadline)
	download.cancel = cancel
	made, making := io.Pipe()
	go func() {
		err := orPanic(func() error { return s.Accounts.Export(ctx, user, making) })
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

// orPanic turns a panic into an error: beside the request nothing else takes one up.
func orPanic(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return do()
}

// download is an archive on its way. The server closes it when it is sent, or cannot be.
type download struct {
	made   *bufio.Reader
	pipe   *io.PipeReader
	conn   net.Conn
	cancel func()
	done   func()

	paced int       // bytes since the deadline was put off
	until time.Time // the client has for them; zero: none came yet
}

// Read gives the client as long for every exportPace as for any other answer: more for each
// piece would let it hold the archive's connection to the database with a trickle. What
// the blog itself takes to make a piece is not the client's.
func (d *download) Read(piece []byte) (int, error) {
	asked := time.Now()
	n, err := d.made.Read(piece)
	if err != nil {
		return n, err
	}
	now := time.Now()
	d.paced += n
	if d.paced >= exportPace || d.until.IsZero() {
		d.paced, d.until = 0, now.Add(writeTimeout)
	} else {
		d.until = d.until.Add(now.Sub(asked))
	}
	return n, d.conn.SetWriteDeadline(d.until)
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
