package handlers

import (
	"bytes"
	"errors"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/assets"
	"miniblog/internal/bulkhead"
)

// mostTogether is how many wait for pages that others make. Who comes then is turned away.
const mostTogether = 4 * crowd

// rounds are the pages that are going to be made, by what is asked for. Who wants what somebody else
// waits to make shares it, and takes no place of the others; once it is being made, it is too old for
// who comes then: it could show less than they know to be saved.
type rounds struct {
	mu       sync.Mutex
	next     map[roundKey]*round
	together int // who wait for what others make, in all
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
	status int // 0: there is nothing to share
	body   []byte
	failed error // why there is none
	again  bool  // it was not made, through nobody's fault
}

// take joins the round that is to come, or begins one, which is the caller's to make. There is neither where too
// many wait.
func (r *rounds) take(key roundKey) (joined, own *round) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.next[key]
	switch {
	case next == nil:
		if r.next == nil {
			r.next = map[roundKey]*round{}
		}
		r.next[key] = &round{ended: make(chan struct{}), again: true}
		return nil, r.next[key]
	case r.together == mostTogether:
		return nil, nil
	}
	r.together++
	next.waiting++
	return next, nil
}

// left is called by who has waited.
func (r *rounds) left() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.together--
}

// begin has nobody join it any more.
func (r *rounds) begin(key roundKey, own *round) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next[key] == own {
		delete(r.next, key)
	}
}

// use is how many wait for what others make.
func (r *rounds) use() bulkhead.Use {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bulkhead.Use{Waiting: int64(r.together)}
}

// coalesce answers those who wait for the same page with one that is made after the last of them has come:
// it is as new as one of their own. Where it could not be begun, or its connection to the database was lost, they wait together
// once more. What others may not get each asks for alone.
func (s *Server) coalesce(c *fiber.Ctx) error {
	key, ok := s.roundOf(c)
	if !ok {
		return c.Next()
	}
	for times := range 2 {
		joined, own := s.rounds.take(key)
		switch {
		case own != nil:
			return s.makeRound(c, key, own)
		case joined == nil || !s.waitFor(c, joined):
			return s.bulkheads.reading.TurnAway()
		case joined.status != 0:
			joined.send(c)
			return nil
		case joined.again && times == 0:
			continue
		case joined.failed != nil:
			return joined.failed
		case !joined.again:
			return c.Next()
		}
	}
	return s.bulkheads.reading.TurnAway()
}

// waitFor waits until the round has ended: who makes it has a deadline. Too many of one network do not.
func (s *Server) waitFor(c *fiber.Ctx, joined *round) bool {
	defer s.rounds.left()
	leave, ok := s.networks.enter(s.clientAddress(c))
	if !ok {
		return false
	}
	defer leave()
	<-joined.ended
	return true
}

// errUnfinished is what those get who wait for a page that a mistake of the blog's ends.
var errUnfinished = errors.New("the page that this request shared was not finished")

// makeRound makes the page for all who wait for it.
func (s *Server) makeRound(c *fiber.Ctx, key roundKey, own *round) error {
	started := false
	c.Locals(beginKey, func() {
		started = true
		s.rounds.begin(key, own)
		own.again, own.failed = false, errUnfinished // until it is finished
	})
	defer close(own.ended)
	defer s.rounds.begin(key, own) // nobody is to join one that has ended
	err := c.Next()
	if started {
		own.finish(c.Response(), err)
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

// finish keeps what those who wait are to get: a page, or where one is led from there, or the failure. A lost
// connection is one request's bad luck.
func (r *round) finish(answer *fasthttp.Response, err error) {
	r.failed, r.again = err, isLost(err)
	moved := answer.StatusCode() == fiber.StatusMovedPermanently && len(answer.Header.Peek(fiber.HeaderSetCookie)) == 0
	if err != nil || r.waiting == 0 || !moved && !isWhole(answer) {
		return
	}
	answer.Header.CopyTo(&r.head)
	r.head.ResetConnectionClose() // which is for each connection to say
	r.body, r.status = bytes.Clone(answer.Body()), answer.StatusCode()
}

// send answers a request with what was made, under its own name.
func (r *round) send(c *fiber.Ctx) {
	id, closes := requestID(c), c.Response().ConnectionClose()
	r.head.CopyTo(&c.Response().Header)
	c.Set(fiber.HeaderXRequestID, id)
	if closes {
		c.Context().SetConnectionClose()
	}
	c.Status(r.status).Response().SetBodyRaw(r.body)
}
