package torture

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// lie is how long a liar keeps a COMMIT back that it has answered.
const lie = 200 * time.Millisecond

// carryLies is a line that acknowledges before COMMIT: it answers each COMMIT itself,
// hands it on only later, and swallows the true answer. To the author it is the same as
// a blog that answers before it commits.
func carryLies(p *proxy, blog, server net.Conn) {
	var owed atomic.Int32 // true answers to be swallowed
	var both sync.WaitGroup
	both.Go(func() {
		askLying(server, blog, &owed)
		server.Close()
	})
	answerLying(blog, server, &owed)
	hangUp(blog.(*net.TCPConn))
	both.Wait()
}

func askLying(server io.Writer, blog net.Conn, owed *atomic.Int32) {
	for first := true; ; first = false {
		message, err := readMessage(blog, first)
		if err != nil {
			return
		}
		if !first && isCommit(message) {
			if _, err := blog.Write(committed); err != nil {
				return
			}
			time.Sleep(lie)
			owed.Add(1)
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}

func answerLying(blog io.Writer, server io.Reader, owed *atomic.Int32) {
	for {
		message, err := readMessage(server, false)
		if err != nil {
			return
		}
		if owed.Load() > 0 {
			if message[0] == 'Z' { // ReadyForQuery ends an answer
				owed.Add(-1)
			}
			continue
		}
		if _, err := blog.Write(message); err != nil {
			return
		}
	}
}

// committed is CommandComplete and ReadyForQuery, outside a transaction (PostgreSQL
// manual, "Message Formats").
var committed = []byte("C\x00\x00\x00\x0bCOMMIT\x00" + "Z\x00\x00\x00\x05I")

// isCommit knows a Query message that is nothing but COMMIT.
func isCommit(message []byte) bool {
	return message[0] == 'Q' && bytes.EqualFold(bytes.TrimRight(message[5:], "; \x00"), []byte("commit"))
}

// readMessage reads one message of PostgreSQL's protocol: a letter, a length that counts
// itself, and the rest. The first one of a connection has no letter.
func readMessage(from io.Reader, first bool) ([]byte, error) {
	head := 5
	if first {
		head = 4
	}
	message := make([]byte, head)
	if _, err := io.ReadFull(from, message); err != nil {
		return nil, err
	}
	rest := int(binary.BigEndian.Uint32(message[head-4:])) - 4
	if rest < 0 || rest > 1<<26 {
		return nil, io.ErrUnexpectedEOF
	}
	message = append(message, make([]byte, rest)...)
	_, err := io.ReadFull(from, message[head:])
	return message, err
}
