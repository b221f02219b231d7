package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// showPost shows a published post at its permalink.
func (s *Server) showPost(c *fiber.Ctx) error {
	username := c.Params("username")
	post, older, newer, err := s.Blog.Read(c.UserContext(), strings.ToLower(username), c.Params("slug"))
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return s.leadOn(c, username, c.Params("slug"))
	case err != nil:
		return err
	case username != post.Author.Username:
		return moved(c, views.PermalinkURL(post))
	}
	shown := asSeen(c, post, views.Full)
	if shown.Mine {
		shown.Dead = s.deadLinks(c, post)
	}
	if wantsFragment(c) {
		return s.answer(c, fiber.StatusOK, nil, views.Article(shown))
	}
	page := views.PostPage(s.postFrame(c, post), shown, views.Pager{Older: older, Newer: newer})
	return s.answer(c, fiber.StatusOK, page, nil)
}

// ownPost shows one of the viewer's posts again after its editor was left.
func (s *Server) ownPost(c *fiber.Ctx) error {
	id, err := postID(c)
	if err != nil {
		return err
	}
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	if err != nil {
		return err
	}
	shape := shapeOf(c.Query("shape"))
	if !wantsFragment(c) || shape == "" {
		return goOn(c, views.ReadURL(post))
	}
	return s.answerChanged(c, post, shape, "")
}

// deletePost puts a post into the bin and offers Undo.
func (s *Server) deletePost(c *fiber.Ctx) error {
	post, shape, err := s.changePost(c, s.Blog.Delete)
	if err != nil {
		return err
	}
	if !wantsFragment(c) {
		return goOn(c, views.JustDeletedURL(post.ID))
	}
	return s.answerChanged(c, post, shape, views.DeletedWords(post))
}

// restorePost takes a post out of the bin.
func (s *Server) restorePost(c *fiber.Ctx) error {
	post, shape, err := s.changePost(c, s.Blog.Restore)
	if err != nil {
		return err
	}
	switch {
	case wantsFragment(c):
		return s.answerChanged(c, post, shape, views.BackWordsFor(post))
	case post.Lapsed:
		return s.goOnSaying(c, views.ReadURL(post), views.SaidLapsed)
	}
	return goOn(c, views.ReadURL(post))
}

// changePost does something to the viewer's post that needs no text.
func (s *Server) changePost(
	c *fiber.Ctx, change func(context.Context, blog.Author, uuid.UUID) (blog.Post, error),
) (post blog.Post, shape views.Shape, err error) {
	id, err := postID(c)
	if err != nil {
		return blog.Post{}, "", err
	}
	sent, err := readForm(c)
	if err != nil {
		return blog.Post{}, "", err
	}
	post, err = change(c.UserContext(), viewingAuthor(c), id)
	return post, sent.shape(), err
}

// answerChanged shows a post where it stood, with what happened to it.
func (s *Server) answerChanged(c *fiber.Ctx, post blog.Post, shape views.Shape, announce string) error {
	if shape == "" {
		shape = views.Own
	}
	shown := asSeen(c, post, shape)
	shown.Focus, shown.Announce = true, announce
	if shape == views.Full {
		shown.Dead = s.deadLinks(c, post)
	}
	return s.answer(c, fiber.StatusOK, nil, views.PostOrNotice(shown))
}

// asSeen is a post as the viewer sees it.
func asSeen(c *fiber.Ctx, post blog.Post, shape views.Shape) views.Post {
	user, _ := viewer(c)
	return views.Post{Post: post, Shape: shape, Mine: post.Author.ID == user.ID, Zone: zoneFor(c, shape)}
}

// zoneFor is the zone in which a post's times are shown: who wrote it sees them in their own.
func zoneFor(c *fiber.Ctx, shape views.Shape) *time.Location {
	if shape == views.Own || shape == views.Binned {
		return zoneOf(c)
	}
	return nil
}
