package blog

import (
	"context"

	"miniblog/db"
	"miniblog/internal/fault"
)

// maxTagsListed is how many tags AllTags lists.
const maxTagsListed = 1000

// AllTags lists the tags of all that is published, by their addresses.
func (b *Blog) AllTags(ctx context.Context) (tags []Tag, err error) {
	rows, err := b.store.ListTags(ctx, maxTagsListed)
	for _, r := range rows {
		tags = append(tags, Tag{Name: r.Name, Slug: r.Slug})
	}
	return tags, err
}

// NewestTagged is a page of what has a tag, newest first, from before a place, and the tag,
// however it was written. It returns fault.ErrNotFound when nothing has it.
func (b *Blog) NewestTagged(ctx context.Context, written string, before Place) (Tag, Page, error) {
	tag := Tag{Slug: tagSlug(written)}
	if !storable(written) || tag.Slug == "" {
		return Tag{}, Page{}, fault.ErrNotFound
	}
	var err error
	if tag.Name, err = b.store.TagNamed(ctx, tag.Slug); err != nil {
		return Tag{}, Page{}, notFoundIfNone(err)
	}
	before = before.orStart()
	rows, err := b.store.ListTagged(ctx, db.ListTaggedParams{
		Tag: tag.Slug, BeforeTime: before.Time, BeforeID: before.ID,
	})
	page, err := pageOf(rows, err, fromListed, publishedPlace)
	return tag, page, err
}
