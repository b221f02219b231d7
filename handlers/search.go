package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// search shows the posts that have what the visitor looks for. What it finds is for people:
// search engines find the posts themselves.
func (s *Server) search(c *fiber.Ctx) error {
	page, err := pageNumber(c)
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex")
	shown := views.Search{Typed: readable(c.Query("q")), Page: page, InPlace: wantsFragment(c)}
	status := fiber.StatusOK
	found, err := s.Blog.Search(c.UserContext(), viewingAuthor(c), shown.Typed, page)
	if problems, invalid := asInvalid(err); invalid {
		status, shown.Problem = fiber.StatusUnprocessableEntity, problems.Of("q")
	} else if err != nil {
		return err
	}
	shown.Vague, shown.Next = found.Vague, found.Next
	shown.Drafts, shown.Posts, shown.Alike = hitsOf(c, found.Drafts), hitsOf(c, found.Posts), hitsOf(c, found.Alike)
	return s.answer(c, status, views.SearchPage(s.frame(c, "Search"), shown), views.SearchFound(shown))
}

// hitsOf are posts that were found, as the viewer sees them.
func hitsOf(c *fiber.Ctx, hits []blog.Hit) (posts []views.Post) {
	user, _ := viewer(c)
	for _, hit := range hits {
		posts = append(posts, views.Post{Post: hit.Post, Shape: views.Listed, Mine: hit.Author.ID == user.ID, Found: &hit})
	}
	return posts
}

// readable is a line as it can be shown again: text, without what a page cannot hold.
func readable(line string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(line, "\uFFFD"), "\x00", "\uFFFD"))
}

// pageNumber reads which page of results is asked for, counted from 1.
func pageNumber(c *fiber.Ctx) (int, error) {
	text := c.Query("page")
	if text == "" {
		return 1, nil
	}
	page, err := strconv.Atoi(text)
	if err != nil || page < 1 {
		return 0, fault.ErrMalformed
	}
	return page, nil
}
