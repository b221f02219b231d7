package handlers

import (
	"bytes"
	"sync"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/assets"
)

// mostTogether is how many wait for a page that another has made. More ask for their own turn.
const mostTogether = 1 << 10

// rounds are the pages that are going to be made, by what is asked for. Who wants what somebody else
// waits to make shares it, and takes no place of the others; once it is being made, it is too old for
// who comes then: it could show less than they know to be saved.
type rounds struct {
	mu      sync.Mutex
	next    map[roundKey]*round
	waiting atomic.Int64 // for what others make
}

// roundKey is all by which the answers differ that are shared.
type roundKey struct {
	page   pageKey
	coding string
}

// round is one page for those who wait for it.
type round struct {
	waiting int           // for who makes it; fixed once it is begun
	ended   chan struct{} // closed then, and what is below does not change any more

	head   fasthttp.ResponseHeader
	body   []byte
	whole  bool  // there is a page to share
	failed error // or why there is none
}

// take joins the round that is to come, or begins one, which is the caller's to make.
func (r *rounds) take(key roundKey) (joined *round, own, full bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if next := r.next[key]; next != nil {
		if next.waiting == mostTogether {
			return nil, false, true
		}
		next.waiting++
		return next, false, false
	}
	if r.next == nil {
		r.next = map[roundKey]*round{}
	}
	r.next[key] = &round{ended: make(chan struct{})}
	return r.next[key], true, false
}

// begin has nobody join it any more.
func (r *rounds) begin(key roundKey, own *round) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next[key] == own {
		delete(r.next, key)
	}
}

// coalesce answers those who wait for the same page with one that is made after the last of them has come:
// it is as new as one of their own. What others may not get, or what ended before it was begun, each asks for alone.
func (s *Server) coalesce(c *fiber.Ctx) error {
	key, ok := s.roundOf(c)
	if !ok {
		return c.Next()
	}
	joined, own, full := s.rounds.take(key)
	switch {
	case full:
		return c.Next()
	case own:
		return s.makeRound(c, key, joined)
	}
	s.rounds.waiting.Add(1)
	<-joined.ended // who makes it has a deadline
	s.rounds.waiting.Add(-1)
	switch {
	case joined.whole:
		joined.send(c)
		return nil
	case joined.failed != nil:
		return joined.failed
	}
	return c.Next()
}

// makeRound makes the page for all who wait for it.
func (s *Server) makeRound(c *fiber.Ctx, key roundKey, own *round) error {
	started := false
	c.Locals(beginKey, func() {
		started = true
		s.rounds.begin(key, own)
	})
	defer close(own.ended)
	defer s.rounds.begin(key, own) // nobody is to join one that has ended
	err := c.Next()
	if started && own.waiting > 0 {
		own.keep(c.Response(), err)
	}
	return err
}

// begin tells those who wait with a request that its work begins.
func begin(c *fiber.Ctx) {
	if tell, ok := c.Locals(beginKey).(func()); ok {
		tell()
	}
}

// roundOf is by what an answer is shared; ok is false where it is not to be: for one account, for who has
// an older one, and where the address says more than the page knows.
func (s *Server) roundOf(c *fiber.Ctx) (key roundKey, ok bool) {
	header := &c.Request().Header
	if !header.IsGet() || len(header.Peek(fiber.HeaderIfNoneMatch)) > 0 || len(header.Peek(fiber.HeaderIfModifiedSince)) > 0 {
		return roundKey{}, false
	}
	page, ok := s.keyOf(c.Context())
	if !ok || string(header.RequestURI()) != page.uri() {
		return roundKey{}, false
	}
	return roundKey{page, assets.Coding(c.Get(fiber.HeaderAcceptEncoding))}, true
}

func (r *round) keep(answer *fasthttp.Response, err error) {
	switch {
	case err != nil:
		r.failed = err
	case isWhole(answer):
		answer.Header.CopyTo(&r.head)
		r.body, r.whole = bytes.Clone(answer.Body()), true
	}
}

// send answers a request with the page, under its own name.
func (r *round) send(c *fiber.Ctx) {
	id := requestID(c)
	r.head.CopyTo(&c.Response().Header)
	c.Set(fiber.HeaderXRequestID, id)
	c.Response().SetBodyRaw(r.body)
}
