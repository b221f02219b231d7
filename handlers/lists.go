package handlers

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// home shows everybody's newest posts.
func (s *Server) home(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	page, err := s.Blog.Newest(c.UserContext(), place)
	if err != nil {
		return err
	}
	list := listOf(c, views.HomeURL, page, views.Listed)
	list.Older = !place.IsZero()
	return s.answer(c, fiber.StatusOK, views.HomePage(s.homeFrame(c, place), list), views.MorePosts(place, list))
}

// author shows one author's posts.
func (s *Server) author(c *fiber.Ctx) error {
	place, err := before(c)
	if err != nil {
		return err
	}
	username := c.Params("username")
	author, page, err := s.Blog.NewestBy(c.UserContext(), strings.ToLower(username), place)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return s.leadOn(c, username, "")
	case err != nil:
		return err
	case username != author.Username:
		return moved(c, views.AuthorURL(author.Username))
	}
	list := listOf(c, views.AuthorURL(author.Username), page, views.Listed)
	return s.answer(c, fiber.StatusOK,
		views.AuthorPage(s.authorFrame(c, author, place), author, list), views.MorePosts(place, list))
}

// listOf is a page of posts as the viewer sees it.
func listOf(c *fiber.Ctx, url string, page blog.Page, shape views.Shape) views.List {
	list := views.List{URL: url, Next: page.Next, Focus: wantsFragment(c), Posts: make([]views.Post, len(page.Posts))}
	user, _ := viewer(c)
	zone := zoneFor(c, shape)
	for i := range page.Posts {
		shown := &list.Posts[i]
		shown.Post, shown.Shape, shown.Zone = page.Posts[i], shape, zone
		shown.Mine, shown.OnTop = shown.Author.ID == user.ID, i < page.Pinned
	}
	return list
}
