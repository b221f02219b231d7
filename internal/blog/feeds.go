package blog

import (
	"context"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/markdown"
)

// FeedSize is how many posts a feed holds.
const FeedSize = 20

// Told is a published post as a feed tells it: with its whole text.
type Told struct {
	Post
	HTML string // sanitized
}

// Changed is when what readers see of the post last changed.
func (p Post) Changed() time.Time {
	if p.UpdatedAt.Before(p.PublishedAt) {
		return p.PublishedAt
	}
	return p.UpdatedAt
}

// Feed is everybody's newest posts with their texts.
func (b *Blog) Feed(ctx context.Context) ([]Told, error) {
	rows, err := b.store.FeedOfAll(ctx, FeedSize)
	return toldOf(rows, err, func(r db.FeedOfAllRow) told { return r })
}

// FeedOf is one author's newest posts with their texts, and the author. It returns
// fault.ErrNotFound when nobody has that name.
func (b *Blog) FeedOf(ctx context.Context, username string) (Author, []Told, error) {
	if !storable(username) {
		return Author{}, nil, fault.ErrNotFound
	}
	found, err := b.store.AuthorNamed(ctx, username)
	if err != nil {
		return Author{}, nil, notFoundIfNone(err)
	}
	rows, err := b.store.FeedOfAuthor(ctx, found.ID, FeedSize)
	posts, err := toldOf(rows, err, func(r db.FeedOfAuthorRow) told { return told(r) })
	return Author{ID: found.ID, Username: found.Username, Name: found.DisplayName, About: found.About}, posts, err
}

// FeedTagged is the newest posts with a tag, with their texts, and the tag as the newest of them
// has it. It returns fault.ErrNotFound when no post has it.
func (b *Blog) FeedTagged(ctx context.Context, slug string) (Tag, []Told, error) {
	if !storable(slug) {
		return Tag{}, nil, fault.ErrNotFound
	}
	rows, err := b.store.FeedOfTag(ctx, slug, FeedSize)
	posts, err := toldOf(rows, err, func(r db.FeedOfTagRow) told { return told(r) })
	if err != nil {
		return Tag{}, nil, err
	}
	for _, post := range posts {
		for _, tag := range post.TagList() {
			if tag.Slug == slug {
				return tag, posts, nil
			}
		}
	}
	return Tag{}, nil, fault.ErrNotFound
}

// told is the shape that every query for a feed returns.
type told = db.FeedOfAllRow

func toldOf[R any](rows []R, err error, shape func(R) told) (posts []Told, _ error) {
	if err != nil {
		return nil, err
	}
	for _, each := range rows {
		r := shape(each)
		html := r.Html
		if html == "" {
			html = string(markdown.Render(r.Unrendered).HTML)
		}
		posts = append(posts, Told{HTML: html, Post: Post{
			ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt,
			UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt), Tags: joinTags(r.Tags),
		}})
	}
	return posts, nil
}
