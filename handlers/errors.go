package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// soon is when to ask again while busy or without a database, in seconds.
const soon = 5

// failure says what a visitor is told of an error. It is the only place that maps them.
func failure(err error) views.Failure {
	var refused *fiber.Error
	var throttled fault.Throttled
	var gone *blog.Gone
	switch {
	case errors.Is(err, errInBin):
		return inBin
	case errors.As(err, &gone):
		return goneFrom(gone.Author)
	case errors.Is(err, fault.ErrGone):
		return goneForGood
	case errors.Is(err, account.ErrNoLink):
		return deadLink
	case errors.Is(err, account.ErrNoConfirmation):
		return deadConfirmation
	case errors.Is(err, fault.ErrNotFound):
		return notFound
	case errors.Is(err, fault.ErrForbidden):
		return forbidden
	case errors.Is(err, errForeign):
		return foreign
	case errors.Is(err, blog.ErrLate):
		return late
	case errors.Is(err, fault.ErrMalformed):
		return malformed
	case errors.Is(err, fault.ErrUnsupported):
		return unsupported
	case errors.As(err, &throttled):
		return tooOften(throttled)
	case errors.Is(err, errDownloading):
		return downloading
	case errors.Is(err, errDownloads):
		return downloadsBusy
	case errors.Is(err, errSitemaps):
		return sitemapsBusy
	case errors.Is(err, fault.ErrBusy):
		return busy
	case db.IsAway(err):
		return away
	case errors.As(err, &refused):
		return refusedByFiber(refused.Code)
	}
	return broken
}

var (
	notFound         = views.Failure{Status: 404, Heading: "Nothing here", Words: "There is no such page, or it is not yours to see. It may have been moved or deleted."}
	goneForGood      = views.Failure{Status: 410, Heading: "Gone", Words: "What was here is deleted, with the account that it belonged to."}
	inBin            = views.Failure{Status: 410, Heading: "Gone", Words: "You have deleted this post. Nobody can read it here unless you bring it back.", Next: "Go to what you deleted", NextURL: views.DeletedURL}
	deadLink         = views.Failure{Status: 404, Heading: "This link does not work", Words: "A link to set a password works once, for 30 minutes, and only the newest one does.", Next: "Ask for a new link", NextURL: views.ForgotURL}
	deadConfirmation = views.Failure{Status: 404, Heading: "This link does not work", Words: "A link to confirm an address works once, for 24 hours, and only the newest one does. Name the address again in your settings to get a new one.", Next: "Go to your dashboard", NextURL: views.DashboardURL}
	forbidden        = views.Failure{Status: 403, Heading: "Not allowed", Words: "You may not do that here."}
	foreign          = views.Failure{Status: 403, Heading: "Not sent from here", Words: "This came from another site, or your browser did not say where from, so nothing was changed. Open the page here and try again."}
	malformed        = views.Failure{Status: 400, Heading: "That was not understood", Words: "The address or the form is damaged. Go back, reload the page and try again."}
	late             = views.Failure{Status: 409, Heading: "A newer text is kept", Words: "This text came after a newer one from the same editor, so it changed nothing. Reload the page to see what is kept."}
	methods          = views.Failure{Status: 405, Heading: "Not like this", Words: "This address does not take that kind of request."}
	slow             = views.Failure{Status: 408, Unread: true, Heading: "That took too long", Words: "The request did not arrive in time. Check your connection and try again."}
	tooLarge         = views.Failure{Status: 413, Unread: true, Heading: "Too large", Words: "That is more than can be taken at once: a text may have 1 MiB. Nothing was changed: shorten it and try again."}
	misdirected      = views.Failure{Status: 421, Heading: "This is not that site", Words: "A blog is here, but not the one at this address. Check the address; the blog’s owner names it in MINIBLOG_URL."}
	unsupported      = views.Failure{Status: 415, Heading: "Unknown format", Words: "This came in a format that is not taken here. Send it as a plain form."}
	headers          = views.Failure{Status: 431, Heading: "Too many headers", Words: "Your browser sent more than can be read. Delete this site’s cookies and try again."}
	busy             = views.Failure{Status: 503, RetryAfter: soon, Heading: "Busy just now", Words: "The blog has as much to do as it can at this moment. Nothing was changed: wait a few seconds and try again."}
	downloading      = views.Failure{Status: 429, RetryAfter: 60, Heading: "One at a time", Words: "A download of yours is still under way. Wait until it is finished, or stop it."}
	downloadsBusy    = views.Failure{Status: 503, RetryAfter: 60, Heading: "Busy just now", Words: "Other downloads are under way. Try again in a minute."}
	sitemapsBusy     = views.Failure{Status: 503, RetryAfter: 60, Heading: "Busy just now", Words: "The list of all pages cannot be made at this moment. Try again in a minute."}
	crowded          = views.Failure{Status: 503, RetryAfter: soon, Unread: true, Heading: "Busy just now", Words: "Many long texts are arriving at this moment. Nothing was changed: wait a few seconds and send yours again."}
	away             = views.Failure{Status: 503, RetryAfter: soon, Heading: "Back in a moment", Words: "The blog cannot reach its database just now. Wait a few seconds and try again: nothing is kept twice."}
	broken           = views.Failure{Status: 500, Heading: "That went wrong", Words: "It is our mistake, and it was written down. Try again; if it happens again, tell the blog’s owner the request number."}
)

// goneFrom tells that a post was deleted, and leads to what else there is to read.
func goneFrom(author blog.Author) views.Failure {
	if author.Username == "" {
		return goneForGood
	}
	return views.Failure{
		Status: 410, Heading: "Gone", Words: "The post that was here was deleted by its author.",
		Next: "Go to what " + author.ShownName() + " has written", NextURL: views.AuthorURL(author.Username),
	}
}

func tooOften(t fault.Throttled) views.Failure {
	return views.Failure{
		Status: 429, RetryAfter: int(t.Wait.Seconds()), Heading: "Too often", Words: t.Words + " Try again in " + inWords(t.Wait) + ".",
	}
}

// inWords says how long to wait, rather too long than too short.
func inWords(wait time.Duration) string {
	for _, unit := range []struct {
		name string
		long time.Duration
	}{{"second", time.Second}, {"minute", time.Minute}} {
		if wait <= 90*unit.long {
			return counted(wait, unit.long, unit.name)
		}
	}
	return counted(wait, time.Hour, "hour")
}

func counted(wait, unit time.Duration, name string) string {
	count := int((wait + unit - 1) / unit)
	if count != 1 {
		name += "s"
	}
	return strconv.Itoa(count) + " " + name
}

func refusedByFiber(code int) views.Failure {
	switch code {
	case fiber.StatusNotFound:
		return notFound
	case fiber.StatusMethodNotAllowed:
		return methods
	case fiber.StatusRequestTimeout:
		return slow
	case fiber.StatusRequestEntityTooLarge:
		return tooLarge
	case fiber.StatusMisdirectedRequest:
		return misdirected
	case fiber.StatusServiceUnavailable:
		return crowded
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return headers
	}
	return malformed
}

// fail answers an error with words for the visitor, and logs the cause of what is our own.
func (s *Server) fail(c *fiber.Ctx, err error) {
	c.Response().ResetBody()
	if errors.Is(err, fault.ErrUnauthenticated) {
		err = s.askToLogIn(c, errors.Is(err, errOtherAuthor))
	} else {
		err = s.explain(c, failure(err), err)
	}
	if err != nil {
		s.Log.Error("error page failed", slog.String("id", requestID(c)), slog.Any("cause", err))
		c.Status(fiber.StatusInternalServerError)
	}
}

func (s *Server) explain(c *fiber.Ctx, f views.Failure, cause error) error {
	f.RequestID = requestID(c)
	if f.Status >= 500 {
		s.Log.Error(f.Heading, slog.String("id", f.RequestID), slog.Any("cause", cause))
	}
	setRetryAfter(c, f)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Vary(hxRequest, hxRequestType)
	if wantsFragment(c) {
		insteadOf(c, views.StatusID, "innerHTML")
		return send(c, f.Status, views.FailureNote(f))
	}
	if editor, ok := unkeptBy(c, f); ok {
		return send(c, f.Status, views.UnkeptPage(s.frame(c, f.Heading), f, editor))
	}
	return send(c, f.Status, views.FailurePage(s.frame(c, f.Heading), f))
}

func setRetryAfter(c *fiber.Ctx, f views.Failure) {
	if f.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(f.RetryAfter))
	}
}

// asThrottled is for a form that is shown again, with why it must wait.
func asThrottled(c *fiber.Ctx, err error) (f views.Failure, ok bool) {
	if !errors.As(err, new(fault.Throttled)) {
		return views.Failure{}, false
	}
	f = failure(err)
	f.RequestID = requestID(c)
	setRetryAfter(c, f)
	return f, true
}

// askToLogIn leads to the login page; a request made in place gets the form above
// what was being done, which stays untouched. Other tells that somebody is logged in,
// but not who wrote what was sent.
func (s *Server) askToLogIn(c *fiber.Ctx, other bool) error {
	shown := views.Login{}
	if user, _ := viewer(c); other {
		shown.Other = user.Username
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if carried := carriedBy(c); carried != nil && !isHTMX(c) {
		shown.Carried = carried
		return send(c, fiber.StatusUnauthorized, views.LoginPage(s.frame(c, "Log in"), shown))
	}
	if !isHTMX(c) {
		return c.Redirect(views.LoginReturningTo(comeBackTo(c)), fiber.StatusSeeOther)
	}
	c.Vary(hxRequest)
	insteadOf(c, views.LoginAgainID, "outerHTML")
	shown.Again = true
	return send(c, fiber.StatusUnauthorized, views.LoginForm(shown))
}

// comeBackTo is the page to return to: the one asked for or, for a form that was
// sent, the one it stood on.
func comeBackTo(c *fiber.Ctx) string {
	if isRead(c) {
		return localPath(c.OriginalURL())
	}
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || from.Host == "" {
		return ""
	}
	return localPath(from.RequestURI())
}

// failEarly answers what the server refused before any middleware ran, perhaps
// while the client still sends.
func (s *Server) failEarly(c *fiber.Ctx, err error) error {
	begun := time.Now()
	lingerFor(c.Context().Conn(), s.ReadTimeout)
	c.Response().SkipBody = c.Method() == fiber.MethodHead
	s.nameRequest(c)
	s.setGuardHeaders(c)
	s.fail(c, err)
	s.logRequest(c, "", begun)
	return nil
}

// isLost tells whether a request has lost its connection to the database, or had none, though it had time.
func isLost(err error) bool { return db.IsAway(err) && !errors.Is(err, context.DeadlineExceeded) }
