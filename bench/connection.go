package main

import (
	"bufio"
	"fmt"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// answerLimit bounds the wait for an answer: later it would help nobody.
const answerLimit = 20 * time.Second

// connection sends prepared requests, each after the answer to the one before, and
// keeps the connection meanwhile. It does as little as it can: it shares the
// processors with what is measured.
type connection struct {
	addr   string
	conn   net.Conn // nil until it is needed
	reader *bufio.Reader
	answer fasthttp.Response
}

// seeOther is the answer to a form that was taken.
const seeOther = fasthttp.StatusSeeOther

// ask returns the answer, which holds until the next is asked for.
func (c *connection) ask(request []byte) (*fasthttp.Response, error) {
	return c.askFor(fasthttp.StatusOK, request)
}

// askFor returns the answer, which is to have that status.
func (c *connection) askFor(status int, request []byte) (*fasthttp.Response, error) {
	if err := c.open(); err != nil {
		return nil, err
	}
	err := c.conn.SetDeadline(time.Now().Add(answerLimit))
	if err == nil {
		_, err = c.conn.Write(request)
	}
	if err == nil {
		err = c.answer.Read(c.reader)
	}
	if err != nil || c.answer.ConnectionClose() {
		c.close()
	}
	if err == nil && c.answer.StatusCode() != status {
		err = fmt.Errorf("status %d: %.300s", c.answer.StatusCode(), c.answer.Body())
	}
	return &c.answer, err
}

func (c *connection) open() (err error) {
	if c.conn != nil {
		return nil
	}
	c.conn, err = net.DialTimeout("tcp", c.addr, answerLimit)
	if err != nil {
		c.conn = nil
		return err
	}
	c.reader = bufio.NewReaderSize(c.conn, 64<<10)
	return nil
}

func (c *connection) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
