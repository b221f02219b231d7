package blog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// Public is one address that everybody may read: of a post, with Slug, else of an author, with
// Username, or of a tag.
type Public struct {
	Username, Slug string
	Tag            string
	Changed        time.Time
}

// The parts of the list of all public addresses, in their order.
const (
	publicPages = iota + 1
	publicAuthors
	publicTags
	publicPosts
	publicEnd
)

// Mark is a place in the list of all public addresses; the zero Mark stands before the first.
type Mark struct {
	kind int
	name string // the author's or the tag's
	time time.Time
	id   uuid.UUID
}

// mostCuts is how many sitemaps an index may name.
const mostCuts = 50_000

// Cuts are the marks at which a list of all public addresses is cut, so that no part has more
// than size of them: none when all are in one.
func (b *Blog) Cuts(ctx context.Context, size int) (cuts []Mark, _ error) {
	rows, err := b.store.SitemapCuts(ctx, int64(size), mostCuts)
	for _, r := range rows {
		cuts = append(cuts, Mark{kind: int(r.Kind), name: r.Name, time: r.At, id: r.ID})
	}
	return cuts, err
}

// Addresses lists public addresses from after a mark, most at once, and returns the mark at which
// to go on: pages that stand by themselves, authors who have published, tags, and posts.
// Fewer than most come only at the end.
func (b *Blog) Addresses(ctx context.Context, after Mark, most int) (all []Public, last Mark, err error) {
	last = after
	last.kind = max(after.kind, publicPages)
	for len(all) < most && last.kind < publicEnd {
		left := most - len(all)
		var found []Public
		if found, last, err = b.addressesOf(ctx, last, int32(left)); err != nil {
			return nil, last, err
		}
		if all = append(all, found...); len(found) < left {
			last = Mark{kind: last.kind + 1}
		}
	}
	return all, last, nil
}

func (b *Blog) addressesOf(ctx context.Context, after Mark, most int32) (found []Public, last Mark, err error) {
	switch last = after; after.kind {
	case publicPages:
		rows, err := b.store.SitemapPages(ctx, db.SitemapPagesParams{AfterTime: after.time, AfterID: after.id, Most: most})
		for _, r := range rows {
			found, last = append(found, publicPost(db.SitemapPostsRow(r))), Mark{publicPages, "", orZero(r.PublishedAt), r.ID}
		}
		return found, last, err
	case publicAuthors:
		rows, err := b.store.SitemapAuthors(ctx, after.name, most)
		for _, r := range rows {
			found, last.name = append(found, Public{Username: r.Username, Changed: orZero(r.PublishedAt)}), r.Username
		}
		return found, last, err
	case publicTags:
		rows, err := b.store.SitemapTags(ctx, most, after.name)
		for _, r := range rows {
			found, last.name = append(found, Public{Tag: r.Slug, Changed: r.PublishedAt}), r.Slug
		}
		return found, last, err
	default:
		rows, err := b.store.SitemapPosts(ctx, db.SitemapPostsParams{AfterTime: after.time, AfterID: after.id, Most: most})
		for _, r := range rows {
			found, last = append(found, publicPost(r)), Mark{publicPosts, "", orZero(r.PublishedAt), r.ID}
		}
		return found, last, err
	}
}

func publicPost(r db.SitemapPostsRow) Public {
	post := Post{UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt)}
	return Public{Username: r.Username, Slug: orZero(r.Slug), Changed: post.Changed()}
}
