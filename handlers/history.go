package handlers

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/internal/merge"
	"miniblog/views"
)

// history lists the versions of one of the viewer's posts and compares the two
// that were asked for.
func (s *Server) history(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	return s.answerHistory(c, fiber.StatusOK, id, views.History{Merged: c.Query("merged") == "yes"})
}

// answerHistory shows a post's history, with what is to be said of it.
func (s *Server) answerHistory(c *fiber.Ctx, status int, id uuid.UUID, shown views.History) error {
	before := number(c.Query("before"))
	post, versions, more, err := s.Blog.History(c.UserContext(), viewingAuthor(c), id, before)
	if err != nil {
		return err
	}
	shown.Post, shown.Versions, shown.Zone = post, versions, zoneOf(c)
	if more {
		shown.Before = versions[len(versions)-1].Number
	}
	if err := s.choose(c, &shown, before > 0); err != nil {
		return err
	}
	return s.answer(c, status, views.HistoryPage(s.frame(c, "History"), shown), views.Versions(shown))
}

// choose reads which two versions are to be compared; else they are the last two.
// Those of another page stand among the ones of this, so that any two can be chosen;
// while one turns pages they are not yet compared.
func (s *Server) choose(c *fiber.Ctx, shown *views.History, turning bool) (err error) {
	shown.From, shown.To = number(c.Query("from")), number(c.Query("to"))
	if shown.From == 0 || shown.To == 0 {
		if len(shown.Versions) > 1 {
			shown.From, shown.To = shown.Versions[1].Number, shown.Versions[0].Number
		}
		return nil
	}
	compared, err := s.compare(c, shown.Post.ID, shown.From, shown.To)
	if err != nil {
		return err
	}
	shown.Versions = among(shown.Versions, compared.From, compared.To)
	if !turning {
		shown.Compared = compared
	}
	return nil
}

// among adds versions to a list, newest first, unless they are in it.
func among(list []blog.Version, more ...blog.Version) []blog.Version {
	newestFirst := func(a, b blog.Version) int { return cmp.Compare(b.Number, a.Number) }
	for _, version := range more {
		if at, found := slices.BinarySearchFunc(list, version, newestFirst); !found {
			list = slices.Insert(list, at, version)
		}
	}
	return list
}

func (s *Server) compare(c *fiber.Ctx, id uuid.UUID, from, to int) (*views.Comparison, error) {
	older, err := s.Blog.Version(c.UserContext(), viewingAuthor(c), id, from)
	if err != nil {
		return nil, err
	}
	newer, err := s.Blog.Version(c.UserContext(), viewingAuthor(c), id, to)
	if err != nil {
		return nil, err
	}
	return &views.Comparison{
		From: older, To: newer,
		Title: merge.Two(older.Title, newer.Title), Body: merge.Two(older.Body, newer.Body),
	}, nil
}

// returnTo makes an old version the newest one again.
func (s *Server) returnTo(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	wanted := number(c.Params("number"))
	if wanted == 0 {
		return fault.ErrNotFound
	}
	if _, err := s.Blog.Return(c.UserContext(), viewingAuthor(c), id, wanted); err != nil {
		return s.refuseReturn(c, id, wanted, err)
	}
	return goOn(c, views.HistoryURL(id))
}

// refuseReturn opens the editor with an old text that cannot be shown as it is. A post
// that was deleted comes back first: its history says so and how.
func (s *Server) refuseReturn(c *fiber.Ctx, id uuid.UUID, wanted int, cause error) error {
	if errors.Is(cause, blog.ErrDeleted) {
		return s.answerHistory(c, fiber.StatusConflict, id, views.History{Refused: true})
	}
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	if err != nil {
		return errors.Join(cause, err)
	}
	old, err := s.Blog.Version(c.UserContext(), viewingAuthor(c), id, wanted)
	if err != nil {
		return errors.Join(cause, err)
	}
	editor := editorOf(c, post, "")
	editor.Text = old.Text()
	return s.answerRefused(c, editor, cause)
}

// number reads a version's number; 0 is none.
func number(text string) int {
	read, err := strconv.Atoi(text)
	if err != nil || read < 0 {
		return 0
	}
	return read
}
