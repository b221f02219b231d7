package blog

import (
	"context"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Read finds the published post at a permalink, and what was published just before and just
// after it, whoever wrote that: titles and addresses. The zero Post is none; a page that stands
// by itself has none. It returns fault.ErrNotFound when nothing is read there.
func (b *Blog) Read(ctx context.Context, username, slug string) (post, older, newer Post, err error) {
	if !storable(username) || !storable(slug) {
		return Post{}, Post{}, Post{}, fault.ErrNotFound
	}
	found, err := b.store.PublicPostAt(ctx, username, slug)
	if err != nil {
		return Post{}, Post{}, Post{}, notFoundIfNone(err)
	}
	return fromPublic(found), beside(found.Older), beside(found.Newer), nil
}

// beside is a post of which the row tells the author's username, the slug and the title.
func beside(told []string) Post {
	if told == nil {
		return Post{}
	}
	return Post{Author: Author{Username: told[0]}, Slug: told[1], Title: told[2]}
}

func fromPublic(r db.PublicPostAtRow) Post {
	return fromRow(row{
		ID: r.ID, AuthorID: r.AuthorID, Username: r.Username, DisplayName: r.DisplayName, Slug: r.Slug, Title: r.Title,
		Body: r.Body, Excerpt: r.Excerpt, Words: r.Words, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		PublishedAt: r.PublishedAt, DeletedAt: r.DeletedAt, PublishAt: r.PublishAt, PinnedAt: r.PinnedAt, Page: r.Page,
		ShowsChanges: r.ShowsChanges, Tags: r.Tags, Html: r.Html, Outline: r.Outline, Links: r.Links, Renderer: r.Renderer,
	})
}
