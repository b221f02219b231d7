package handlers

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"miniblog/internal/blog"
	"miniblog/internal/cache"
	"miniblog/views"
)

// memory keeps what readers who are not logged in get, while it is what they would get anew.
type memory struct {
	pages *cache.Cache[pageKey, *page] // nil: nothing is kept

	mu     sync.Mutex
	making map[pageKey]chan struct{} // closed once the page is made

	turn    chan struct{} // held by who reads what every page shows
	edition int64         // that it is of; of who holds the turn
}

// makingWait is how long who wants a page waits for somebody else who makes it.
const makingWait = time.Second

// newMemory keeps pages in three quarters of what they may take: the rest is what Go's collector leaves lying while it runs seldom.
func newMemory(bytes int64) memory {
	return memory{
		pages: cache.New[pageKey, *page](bytes / 4 * 3), making: map[pageKey]chan struct{}{}, turn: make(chan struct{}, 1),
	}
}

// make tells whether the page is the caller's to make, who then calls made, or else what to
// wait for.
func (m *memory) make(key pageKey) (made func(), others <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if under, ok := m.making[key]; ok {
		return nil, under
	}
	done := make(chan struct{})
	m.making[key] = done
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.making, key)
		close(done)
	}, nil
}

// pageKey is all by which the answers to readers who are not logged in differ, but for how
// they are compressed. Parameters that no list knows are not in it.
type pageKey struct {
	path, before string
	theme        views.Theme
	part         bool // of a page, for htmx
}

// uri is the one address of what the key names.
func (k pageKey) uri() string {
	uri := (&url.URL{Path: k.path}).EscapedPath()
	if k.before != "" {
		uri += "?before=" + url.QueryEscape(k.before)
	}
	return uri
}

// Follow keeps the memory in step with what is published, until ctx ends.
func (s *Server) Follow(ctx context.Context) {
	if s.memory.pages != nil {
		s.memory.pages.Follow(ctx, s.Blog.WatchEditions, s.Log)
	}
}

// Kept tells how many pages are in memory, and what they take in bytes.
func (s *Server) Kept() (pages int, bytes int64) {
	if s.memory.pages == nil {
		return 0, 0
	}
	return s.memory.pages.Use()
}

// answerFromMemory answers what it can without asking anybody, before any route is found.
func (s *Server) answerFromMemory(ctx *fasthttp.RequestCtx) (answered bool) {
	if s.memory.pages == nil {
		return false
	}
	begun := time.Now()
	key, ok := s.keyOf(ctx)
	if !ok {
		return false
	}
	found, ok := s.memory.pages.Get(key)
	if !ok {
		return false
	}
	if s.sendPage(ctx, key, found) != nil {
		return false // it is made anew, and what is wrong is told there
	}
	id := newRequestID()
	ctx.Response.Header.Set(fiber.HeaderXRequestID, id)
	s.logAnswer(id, string(ctx.Method()), found.route, ctx.Response.StatusCode(), begun)
	return true
}

// keyOf is the key of a page asked for by a reader who is not logged in; ok is false for
// every other request.
func (s *Server) keyOf(ctx *fasthttp.RequestCtx) (key pageKey, ok bool) {
	header := &ctx.Request.Header
	if !header.IsGet() && !header.IsHead() || len(header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return pageKey{}, false
	}
	path, query, _ := strings.Cut(string(header.RequestURI()), "?")
	path, err := url.PathUnescape(path)
	// fasthttp reads "//" and "://" as the beginnings of hosts, and "+" as a blank.
	if err != nil || !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "#+\x00") || strings.Contains(path, "//") ||
		strings.Contains(query, "://") || !utf8.ValidString(path) {
		return pageKey{}, false
	}
	if query != "" && isList(path) {
		key.before = string(ctx.QueryArgs().Peek("before"))
		if place, err := blog.ParsePlace(key.before); err != nil || key.before != "" && place.String() != key.before {
			return pageKey{}, false
		}
	}
	if len(header.Cookie(s.cookieName(sessionCookie))) > 0 {
		return pageKey{}, false
	}
	key.path = strings.Clone(path) // not with all of the request's line
	key.theme, _ = views.ParseTheme(string(header.Cookie(s.cookieName(themeCookie))))
	key.part = string(header.Peek(hxRequest)) == "true" && string(header.Peek(hxRequestType)) != "full"
	return key, true
}

// isList tells whether a page can begin before a place.
func isList(path string) bool {
	return path == views.HomeURL || strings.HasPrefix(path, views.ArchiveURL+"/") || strings.HasPrefix(path, views.TagsURL+"/") ||
		strings.HasPrefix(path, "/@") && strings.Count(path, "/") == 1
}

// keep answers readers who are not logged in from memory, and keeps there what it had to have
// made: by one of those who ask for it at a time, while the others wait.
func (s *Server) keep(c *fiber.Ctx) error {
	key, ok := s.keyOf(c.Context())
	switch {
	case !ok:
		return c.Next()
	case s.memory.pages == nil:
		return sendUnkept(c)
	case !s.memory.pages.Keeps():
		return s.makePage(c, key)
	}
	if found, ok := s.memory.pages.Get(key); ok { // made while this request waited for its turn
		return s.sendPage(c.Context(), key, found)
	}
	made, others := s.memory.make(key)
	if made != nil {
		defer made()
		return s.makePage(c, key)
	}
	limit := time.NewTimer(makingWait)
	defer limit.Stop()
	select {
	case <-others:
	case <-limit.C:
	}
	if found, ok := s.memory.pages.Get(key); ok {
		return s.sendPage(c.Context(), key, found)
	}
	return s.makePage(c, key) // what was made was not for keeping
}

// makePage has the page made and keeps it, if nothing of what it shows changed meanwhile.
func (s *Server) makePage(c *fiber.Ctx, key pageKey) error {
	_ = c.Request().URI() // as it was asked for: who is led elsewhere takes all of it along
	c.Request().Header.SetRequestURI(key.uri())
	edition, keeps := s.inStep(c.UserContext())
	known := conditionsOf(c)
	if err := c.Next(); err != nil {
		return err
	}
	known.restore(c)
	if !isWhole(c.Response()) {
		return nil
	}
	made, err := newPage(c, edition)
	if err != nil {
		return err
	}
	switch {
	case keeps:
		s.keepPage(c, key, made, edition)
	default: // what is shown may be newer than what is kept
		s.memory.pages.Forget()
	}
	return s.sendPage(c.Context(), key, made)
}

// isWhole tells whether an answer is a page, all of it, that others may get.
func isWhole(answer *fasthttp.Response) bool {
	streams := answer.IsBodyStream() || answer.Header.ContentLength() < 0 // or would, but for HEAD
	return answer.StatusCode() == fiber.StatusOK && !streams && len(answer.Header.Peek(fiber.HeaderSetCookie)) == 0
}

// keepPage keeps what was made of an edition, if that is still the newest.
func (s *Server) keepPage(c *fiber.Ctx, key pageKey, made *page, edition int64) {
	now, err := s.Blog.Edition(c.UserContext())
	if err != nil {
		s.memory.pages.Forget()
		return
	}
	s.memory.pages.Reach(now) // nobody is to see what is older than what is now shown
	if now == edition {
		s.memory.pages.Put(key, made, made.size(key), edition)
	}
}

// inStep is the edition that a page made from now on shows at least, its navigation included.
func (s *Server) inStep(ctx context.Context) (edition int64, ok bool) {
	m := &s.memory
	edition, err := s.Blog.Edition(ctx)
	if err != nil {
		return 0, false
	}
	m.pages.Reach(edition) // also where the answer turns out not to be for keeping
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return 0, false
	}
	if m.edition == edition {
		return edition, true
	}
	if err := s.Blog.ReadNavigation(ctx); err != nil {
		return 0, false
	}
	if _, err := s.Accounts.Mode(ctx); err != nil {
		return 0, false
	}
	m.edition = edition
	return edition, true
}

// changing is for what changes what readers see: nobody gets a page from before once one
// got a page from after.
func (s *Server) changing(c *fiber.Ctx) error {
	if s.memory.pages == nil {
		return c.Next()
	}
	var edition int64
	var known bool
	done := s.memory.pages.Change()
	defer func() { done(edition, known) }()
	failed := c.Next()
	edition, err := s.Blog.Edition(c.UserContext())
	known = err == nil
	return failed
}

// hearing is for what seldom changes what readers see: an account that comes back.
func (s *Server) hearing(c *fiber.Ctx) error {
	if err := c.Next(); err != nil || s.memory.pages == nil || c.Response().StatusCode() >= fiber.StatusBadRequest {
		return err
	}
	if edition, err := s.Blog.Edition(c.UserContext()); err == nil {
		s.memory.pages.Reach(edition)
	}
	return nil
}

// conditions are the headers by which a client says what it has.
type conditions struct{ none, since []byte }

// conditionsOf takes them out of the request: the whole page is to be made.
func conditionsOf(c *fiber.Ctx) conditions {
	header := &c.Request().Header
	taken := conditions{
		append([]byte(nil), header.Peek(fiber.HeaderIfNoneMatch)...), append([]byte(nil), header.Peek(fiber.HeaderIfModifiedSince)...),
	}
	header.Del(fiber.HeaderIfNoneMatch)
	header.Del(fiber.HeaderIfModifiedSince)
	return taken
}

func (k conditions) restore(c *fiber.Ctx) {
	if len(k.none) > 0 {
		c.Request().Header.SetBytesV(fiber.HeaderIfNoneMatch, k.none)
	}
	if len(k.since) > 0 {
		c.Request().Header.SetBytesV(fiber.HeaderIfModifiedSince, k.since)
	}
}
