package handlers

import (
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"miniblog/views"
)

// The headers of htmx 4. No other file knows them.
const (
	hxRequest     = "HX-Request"
	hxRequestType = "HX-Request-Type"
	hxRedirect    = "HX-Redirect"
	hxRetarget    = "HX-Retarget"
	hxReswap      = "HX-Reswap"
)

// wantsFragment tells whether the answer replaces a part of the page and not the page.
func wantsFragment(c *fiber.Ctx) bool {
	return isHTMX(c) && c.Get(hxRequestType) != "full"
}

func isHTMX(c *fiber.Ctx) bool { return c.Get(hxRequest) == "true" }

// answer sends the page or, to a request that replaces a part of one, the fragment.
func (s *Server) answer(c *fiber.Ctx, status int, page, fragment templ.Component) error {
	setCaching(c)
	if wantsFragment(c) {
		return send(c, status, fragment)
	}
	return send(c, status, page)
}

// setCaching keeps what one person sees out of every cache, and has caches ask
// again for what everybody sees.
func setCaching(c *fiber.Ctx) {
	c.Vary(fiber.HeaderCookie, hxRequest, hxRequestType)
	_, private := viewer(c)
	if private || !isRead(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
}

// isRead tells whether the request changes nothing.
func isRead(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
}

// send writes a component as the whole answer; a view that fails leaves nothing half-written.
func send(c *fiber.Ctx, status int, component templ.Component) error {
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if err := component.Render(context.Background(), c.Response().BodyWriter()); err != nil {
		c.Response().ResetBody()
		return err
	}
	return nil
}

// goOn sends the browser to another page of this blog after a change.
func goOn(c *fiber.Ctx, url string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Vary(hxRequest)
	if isHTMX(c) {
		c.Set(hxRedirect, url)
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(url, fiber.StatusSeeOther)
}

// insteadOf puts the answer to a request made in place somewhere else on the page.
func insteadOf(c *fiber.Ctx, id, swap string) {
	c.Set(hxRetarget, "#"+id)
	c.Set(hxReswap, swap)
}

// frame is what a page shows around its content.
func (s *Server) frame(c *fiber.Ctx, title string) views.Page {
	page := views.Page{
		Title: title, Blog: s.Title, Language: s.Language, Path: c.Path(), CanJoin: s.canJoin(c), Pages: s.ownPages(), Theme: s.theme(c), Here: here(c),
	}
	page.Head.Feeds = []views.Feed{views.BlogFeed(s.Title)}
	if user, ok := viewer(c); ok {
		page.Username, page.Account = user.Username, user.ID.String()
		page.Name, page.Owner = user.ShownName(), user.IsOwner()
		if isRead(c) && !isHTMX(c) {
			page.Said = s.said(c)
		}
	}
	return page
}

// canJoin is asked for what only those see who are not logged in.
func (s *Server) canJoin(c *fiber.Ctx) bool {
	_, ok := viewer(c)
	return !ok && s.Accounts.CanJoin()
}
