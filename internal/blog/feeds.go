package blog

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/markdown"
)

// feedTexts is how many bytes of text a feed holds in all, as everybody may ask for it at any time. It has the newest texts
// that fit; of the others it has the excerpts.
const feedTexts = 1 << 20

// Changed is when what readers see of the post last changed.
func (p Post) Changed() time.Time {
	if p.UpdatedAt.Before(p.PublishedAt) {
		return p.PublishedAt
	}
	return p.UpdatedAt
}

// Feed is everybody's newest 20 posts with their texts.
func (b *Blog) Feed(ctx context.Context) ([]Post, error) {
	rows, err := b.store.FeedOfAll(ctx)
	return toldOf(ctx, b, rows, err, func(r db.FeedOfAllRow) told { return r })
}

// FeedOf is one author's newest 20 posts with their texts, and the author. It returns
// fault.ErrNotFound when nobody has that name.
func (b *Blog) FeedOf(ctx context.Context, username string) (Author, []Post, error) {
	if !storable(username) {
		return Author{}, nil, fault.ErrNotFound
	}
	found, err := b.store.AuthorNamed(ctx, username)
	if err != nil {
		return Author{}, nil, notFoundIfNone(err)
	}
	rows, err := b.store.FeedOfAuthor(ctx, found.ID)
	posts, err := toldOf(ctx, b, rows, err, func(r db.FeedOfAuthorRow) told { return told(r) })
	return Author{ID: found.ID, Username: found.Username, Name: found.DisplayName, About: found.About}, posts, err
}

// FeedTagged is the newest 20 posts with a tag, however it is written, with their texts, and the tag
// as the newest of them has it. It returns fault.ErrNotFound when no post has it.
func (b *Blog) FeedTagged(ctx context.Context, written string) (Tag, []Post, error) {
	if !storable(written) {
		return Tag{}, nil, fault.ErrNotFound
	}
	slug := tagSlug(written)
	rows, err := b.store.FeedOfTag(ctx, slug)
	posts, err := toldOf(ctx, b, rows, err, func(r db.FeedOfTagRow) told { return told(r) })
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

// toldOf makes posts of the rows, and reads the texts of those whose texts the feed has room for.
func toldOf[R any](ctx context.Context, b *Blog, rows []R, err error, shape func(R) told) ([]Post, error) {
	if err != nil {
		return nil, err
	}
	posts, wanted := make([]Post, 0, len(rows)), make([]uuid.UUID, 0, len(rows))
	for left, i := feedTexts, 0; i < len(rows); i++ {
		r := shape(rows[i])
		posts = append(posts, Post{
			ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words),
			UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt), Tags: joinTags(r.Tags), Left: true,
		})
		if int(r.Size) <= left {
			left -= int(r.Size)
			wanted = append(wanted, r.ID)
		}
	}
	return posts, b.addTexts(ctx, posts, wanted)
}

// addTexts gives those of the posts that are wanted their texts. One that has been deleted since stays without.
func (b *Blog) addTexts(ctx context.Context, posts []Post, wanted []uuid.UUID) error {
	rows, err := b.store.FeedTexts(ctx, renderer(b.language), wanted)
	for _, r := range rows {
		post := &posts[slices.IndexFunc(posts, func(p Post) bool { return p.ID == r.ID })]
		post.HTML, post.Body, post.Left = markdown.HTML(r.Html), r.BodyToRender, false
		if !isCurrent(r.Renderer) {
			post.read(readingOf(post.Text(), true, english))
		}
	}
	return err
}
