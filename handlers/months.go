package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// months lists the years and months in which something was published.
func (s *Server) months(c *fiber.Ctx) error {
	months, err := s.Blog.Months(c.UserContext())
	if err != nil {
		return err
	}
	page := views.ArchivePage(s.publicFrame(c, "Archive", views.ArchiveURL), months)
	return s.answer(c, fiber.StatusOK, page, page)
}

// month shows what was published in a month or, where the address names none, in a year.
func (s *Server) month(c *fiber.Ctx) error {
	shown, span, err := stretch(c)
	if err != nil {
		return err
	}
	place, err := before(c)
	if err != nil {
		return err
	}
	page, err := s.Blog.PublishedIn(c.UserContext(), span, place)
	if err != nil {
		return err
	}
	if len(page.Posts) == 0 && place.IsZero() {
		return fault.ErrNotFound
	}
	shown.List = listOf(c, c.Path(), page, views.Listed)
	if wantsFragment(c) {
		return s.answer(c, fiber.StatusOK, nil, views.MoreArchive(place, shown))
	}
	if shown.Before, shown.After, err = s.Blog.PublishedAround(c.UserContext(), span); err != nil {
		return err
	}
	return s.answer(c, fiber.StatusOK, views.StretchPage(s.publicFrame(c, shown.Title(), at(c.Path(), place)), shown), nil)
}

// stretch reads which year or month the address names: years have four digits, months two.
func stretch(c *fiber.Ctx) (views.Stretch, blog.Span, error) {
	year, month := c.Params("year"), c.Params("month")
	if month == "" {
		since, err := time.Parse("2006", year)
		if err != nil || since.Year() == 0 {
			return views.Stretch{}, blog.Span{}, fault.ErrNotFound
		}
		return views.Stretch{Since: since}, blog.Span{Since: since, Until: since.AddDate(1, 0, 0)}, nil
	}
	since, err := time.Parse("2006/01", year+"/"+month)
	if err != nil || since.Year() == 0 {
		return views.Stretch{}, blog.Span{}, fault.ErrNotFound
	}
	return views.Stretch{Since: since, ByMonth: true}, blog.Span{Since: since, Until: since.AddDate(0, 1, 0)}, nil
}
