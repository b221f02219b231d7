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

// Changed is when what readers see of the post last changed.
func (p Post) Changed() time.Time {
	if p.UpdatedAt.Before(p.PublishedAt) {
		return p.PublishedAt
	}
	return p.UpdatedAt
}

// Feed is everybody's newest posts with their texts.
func (b *Blog) Feed(ctx context.Context) ([]Post, error) {
	rows, err := b.store.FeedOfAll(ctx, renderer(b.language), FeedSize)
	return toldOf(rows, err, func(r db.FeedOfAllRow) told { return r })
}

// FeedOf is one author's newest posts with their texts, and the author. It returns
// fault.ErrNotFound when nobody has that name.
func (b *Blog) FeedOf(ctx context.Context, username string) (Author, []Post, error) {
	if !storable(username) {
		return Author{}, nil, fault.ErrNotFound
	}
	found, err := b.store.AuthorNamed(ctx, username)
	if err != nil {
		return Author{}, nil, notFoundIfNone(err)
	}
	rows, err := b.store.FeedOfAuthor(ctx, db.FeedOfAuthorParams{AuthorID: found.ID, Renderer: renderer(b.language), Most: FeedSize})
	posts, err := toldOf(rows, err, func(r db.FeedOfAuthorRow) told { return told(r) })
	return Author{ID: found.ID, Username: found.Username, Name: found.DisplayName, About: found.About}, posts, err
}

// FeedTagged is the newest posts with a tag, however it is written, with their texts, and the tag
// as the newest of them has it. It returns fault.ErrNotFound when no post has it.
func (b *Blog) FeedTagged(ctx context.Context, written string) (Tag, []Post, error) {
	if !storable(written) {
		return Tag{}, nil, fault.ErrNotFound
	}
	slug := tagSlug(written)
	rows, err := b.store.FeedOfTag(ctx, db.FeedOfTagParams{Slug: slug, Renderer: renderer(b.language), Most: FeedSize})
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

func toldOf[R any](rows []R, err error, shape func(R) told) (posts []Post, _ error) {
	for _, each := range rows {
		r := shape(each)
		post := Post{
			ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, Body: r.BodyToRender, Excerpt: r.Excerpt, Words: int(r.Words),
			UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt), Tags: joinTags(r.Tags), HTML: markdown.HTML(r.Html),
		}
		if !isCurrent(r.Renderer) {
			post.read(readingOf(post.Text(), true, english))
		}
		posts = append(posts, post)
	}
	return posts, err
}
