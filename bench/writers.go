package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"miniblog/internal/demo"
)

// The sizes of texts, in bytes: a writer's first is as long as a short post, and each
// is a line longer than the one before, until it is as long as a long one.
const (
	shortest = 2 << 10
	longest  = 8 << 10
	line     = 60
)

// writer is an open editor with a new post in it, that autosaves as the page's script does.
type writer struct {
	connection
	session       string
	post, sitting uuid.UUID
	text          string // of which more is written each time
	length, turn  int
	offset, every time.Duration
	mu            sync.Mutex // held by saveNext
}

// newWriter makes the nth writer. Writers begin spread over the time between two
// autosaves, and over the sizes.
func newWriter(addr, session, text string, n int, o options) *writer {
	return &writer{
		connection: connection{addr: addr}, session: session, text: text,
		post: uuid.Must(uuid.NewV7()), sitting: uuid.New(),
		length: shortest + (longest-shortest)*n/(2*o.writers),
		offset: o.every * time.Duration(n) / time.Duration(o.writers), every: o.every,
	}
}

// longText is writing enough for the longest text: as hard to compress as a person's.
func longText(planned *demo.Demo) (string, error) {
	var text strings.Builder
	for n := 0; text.Len() < longest; n++ {
		post, err := planned.Post(n)
		if err != nil {
			return "", err
		}
		text.WriteString(post.Body + "\n\n")
	}
	return text.String(), nil
}

// write lets everybody autosave until a time.
func write(ctx context.Context, writers []*writer, until time.Time) tally {
	parts := make([]tally, len(writers))
	begun := time.Now()
	var all sync.WaitGroup
	for i, w := range writers {
		all.Go(func() { parts[i] = w.write(ctx, begun, until) })
	}
	all.Wait()
	return together(parts)
}

// write autosaves at every beat; one that comes late is made up for, so that a slow
// blog is not spared any.
func (w *writer) write(ctx context.Context, begun, until time.Time) (t tally) {
	defer w.close() // until the next round it might count as idle
	for due := begun.Add(w.offset); due.Before(until); due = due.Add(w.every) {
		if !sleep(ctx, time.Until(due)) {
			return t
		}
		request, hash := w.next()
		sent := time.Now()
		err := w.save(request, hash)
		t.add(time.Since(sent), err)
	}
	return t
}

func sleep(ctx context.Context, d time.Duration) (whole bool) {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// saveNext autosaves the next text out of turn.
func (w *writer) saveNext() (time.Duration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	request, hash := w.next()
	sent := time.Now()
	err := w.save(request, hash)
	return time.Since(sent), err
}

// next is the request that autosaves the next text, and the hash that must come back.
func (w *writer) next() (request []byte, hash string) {
	w.turn++
	w.length = min(w.length+line, longest)
	title, body := fmt.Sprintf("Draft %s", w.sitting), cut(w.text, w.length)
	if w.length == longest {
		body += strconv.Itoa(w.turn) // a text that did not change would be no version
	}
	sum := sha256.Sum256([]byte(title + "\n" + body))
	form := url.Values{
		"title": {title}, "body": {body}, "version": {""}, "sitting": {w.sitting.String()}, "turn": {strconv.Itoa(w.turn)},
	}.Encode()
	return fmt.Appendf(nil, "POST /posts/%s/versions HTTP/1.1\r\nHost: %s\r\nCookie: session=%s\r\n"+
		"HX-Request: true\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\n\r\n%s", w.post, w.addr, w.session, len(form), form), hex.EncodeToString(sum[:])
}

// cut is the beginning of a text, in whole letters.
func cut(text string, length int) string {
	for length > 0 && length < len(text) && !utf8.RuneStart(text[length]) {
		length--
	}
	return text[:min(length, len(text))]
}

// save sends an autosave and checks that what was kept is what was sent.
func (w *writer) save(request []byte, hash string) error {
	answer, err := w.ask(request)
	if err != nil {
		return err
	}
	if !bytes.Contains(answer.Body(), []byte(`data-sha256="`+hash+`"`)) {
		return errors.New("something else was kept than was sent: " + string(answer.Body()))
	}
	return nil
}
