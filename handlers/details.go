package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
	"miniblog/views"
)

// details shows what is set of one of the viewer's posts beside its text.
func (s *Server) details(c *fiber.Ctx) error {
	post, err := s.ownUndeleted(c)
	if err != nil {
		return err
	}
	return s.answerDetails(c, fiber.StatusOK, detailsOf(c, post))
}

// setDetails keeps what is set of one of the viewer's posts beside its text.
func (s *Server) setDetails(c *fiber.Ctx) error {
	sent, err := readForm(c)
	if err != nil {
		return err
	}
	post, err := s.ownUndeleted(c)
	if err != nil {
		return err
	}
	typed := typedDetails(detailsOf(c, post), sent)
	wanted, err := meant(typed)
	if err == nil {
		user, _ := viewer(c)
		post, err = s.Blog.SetDetails(c.UserContext(), viewingAuthor(c), post.ID, wanted, user.IsOwner())
	}
	if problems, invalid := asInvalid(err); invalid {
		typed.Problems = problems
		return s.answerDetails(c, fiber.StatusUnprocessableEntity, typed)
	}
	if err != nil {
		return err
	}
	if !wantsFragment(c) {
		return s.goOnSaying(c, views.DetailsURL(post.ID), views.SaidDetails)
	}
	shown := detailsOf(c, post)
	shown.Announce = views.DetailsWords
	return s.answerDetails(c, fiber.StatusOK, shown)
}

// ownUndeleted is the viewer's post that the path names, unless it lies in the bin.
func (s *Server) ownUndeleted(c *fiber.Ctx) (blog.Post, error) {
	id, err := postID(c)
	if err != nil {
		return blog.Post{}, err
	}
	post, err := s.Blog.Own(c.UserContext(), viewingAuthor(c), id)
	if err == nil && !post.DeletedAt.IsZero() {
		err = fault.ErrNotFound
	}
	return post, err
}

func detailsOf(c *fiber.Ctx, post blog.Post) views.Details {
	user, _ := viewer(c)
	return views.DetailsOf(post, zoneOf(c), user.IsOwner())
}

// typedDetails is the form as it was sent. A browser sends no field for a box that is not ticked.
func typedDetails(details views.Details, sent form) views.Details {
	details.Slug, details.Date, details.Clock = sent.value("slug"), sent.value("publish_date"), sent.value("publish_time")
	details.Pinned, details.Standalone, details.ShowsChanges = sent.has("pinned"), sent.has("page"), sent.has("shows_changes")
	return details
}

// meant is what the form asks for. What is published needs no time for that.
func meant(typed views.Details) (blog.Details, error) {
	wanted := blog.Details{
		Slug: typed.Slug, Pinned: typed.Pinned, Standalone: typed.Standalone, ShowsChanges: typed.ShowsChanges,
	}
	if !typed.Post.Draft() {
		return wanted, nil
	}
	var err error
	wanted.PublishAt, err = blog.ParseMoment(typed.Date, typed.Clock, typed.Zone)
	return wanted, err
}

func (s *Server) answerDetails(c *fiber.Ctx, status int, details views.Details) error {
	return s.answer(c, status, views.DetailsPage(s.frame(c, "Details"), details), views.DetailsForm(details))
}

// zoneOf is the zone in which the viewer writes.
func zoneOf(c *fiber.Ctx) *time.Location {
	user, _ := viewer(c)
	return user.Location()
}
