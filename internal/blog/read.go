package blog

import (
	"context"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// At finds the published post at a permalink, or fault.ErrNotFound.
func (b *Blog) At(ctx context.Context, username, slug string) (Post, error) {
	post, _, _, err := b.Read(ctx, username, slug)
	return post, err
}

// Own finds one of the author's own posts, drafts and deleted ones too, or fault.ErrNotFound.
func (b *Blog) Own(ctx context.Context, author Author, id uuid.UUID) (Post, error) {
	return ownPost(ctx, b.store.Queries, author, id)
}

// Published finds the published post with that id, or fault.ErrNotFound.
func (b *Blog) Published(ctx context.Context, id uuid.UUID) (Post, error) {
	found, err := b.store.PublicPost(ctx, id)
	if err != nil {
		return Post{}, notFoundIfNone(err)
	}
	return fromRow(row(found)), nil
}

// PageSize is how many posts a list shows at once. The queries ask for one more.
const PageSize = 20

// Page is one page of a list, and where the next one begins.
type Page struct {
	Posts  []Post // without their bodies
	Next   Place  // zero at the end of the list
	Pinned int    // how many of the posts, the first ones, are there for being pinned
}

// Newest is a page of everybody's published posts, newest first, from before a place. Above
// the first page stands what owners have pinned; it is in none of them.
func (b *Blog) Newest(ctx context.Context, before Place) (Page, error) {
	from := before.orStart()
	rows, err := b.store.ListPublished(ctx, db.ListPublishedParams{
		First: before.IsZero(), BeforeTime: from.Time, BeforeID: from.ID,
	})
	var pinned []Post
	for len(rows) > 0 && rows[0].OnTop {
		pinned, rows = append(pinned, fromNewest(rows[0])), rows[1:]
	}
	page, err := pageOf(rows, err, fromNewest, publishedPlace)
	return page.under(pinned, before), err
}

func fromNewest(r db.ListPublishedRow) Post {
	return fromListed(listed{
		ID: r.ID, AuthorID: r.AuthorID, Username: r.Username, DisplayName: r.DisplayName, Slug: r.Slug, Title: r.Title,
		Excerpt: r.Excerpt, Words: r.Words, UpdatedAt: r.UpdatedAt, PublishedAt: r.PublishedAt,
	})
}

// NewestBy is a page of one author's published posts, newest first, from before a
// place, and the author. Above the first page stands what they have pinned; it is in none of
// them. It returns fault.ErrNotFound when nobody has that name.
func (b *Blog) NewestBy(ctx context.Context, username string, before Place) (Author, Page, error) {
	if !storable(username) {
		return Author{}, Page{}, fault.ErrNotFound
	}
	found, err := b.store.AuthorNamed(ctx, username)
	if err != nil {
		return Author{}, Page{}, notFoundIfNone(err)
	}
	author := Author{ID: found.ID, Username: found.Username, Name: found.DisplayName, About: found.About}
	pinned, err := b.pinnedBy(ctx, author)
	if err != nil {
		return Author{}, Page{}, err
	}
	from := before.orStart()
	rows, err := b.store.ListPublishedBy(ctx, db.ListPublishedByParams{
		AuthorID: author.ID, BeforeTime: from.Time, BeforeID: from.ID, Pinned: idsOf(pinned),
	})
	page, err := pageOf(rows, err, func(r db.ListPublishedByRow) Post {
		return Post{
			ID: r.ID, Author: author,
			Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words),
			UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt),
		}
	}, publishedPlace)
	return author, page.under(pinned, before), err
}

// listed is the shape of a post of somebody's in a list for readers.
type listed = db.ListTaggedRow

func fromListed(r listed) Post {
	return Post{
		ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
		Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words),
		UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt),
	}
}

func publishedPlace(p Post) Place { return Place{Time: p.PublishedAt, ID: p.ID} }

// AllOwn is a page of the author's own posts and drafts, last begun first, from before a place.
func (b *Blog) AllOwn(ctx context.Context, author Author, before Place) (Page, error) {
	before = before.orStart()
	rows, err := b.store.ListOwn(ctx, db.ListOwnParams{
		AuthorID: author.ID, BeforeTime: before.Time, BeforeID: before.ID,
	})
	return pageOf(rows, err, func(r db.ListOwnRow) Post {
		return Post{
			ID: r.ID, Author: author,
			Slug: orZero(r.Slug), Title: r.Title, Words: int(r.Words), Version: int(r.Version),
			CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, PublishedAt: orZero(r.PublishedAt),
			PublishAt: orZero(r.PublishAt), PinnedAt: orZero(r.PinnedAt), Standalone: r.Page,
			Tags: joinTags(r.Tags),
		}
	}, func(p Post) Place { return Place{Time: p.CreatedAt, ID: p.ID} })
}

// pageOf keeps PageSize of the rows asked for; one more came when the list goes on.
func pageOf[R any](rows []R, err error, post func(R) Post, place func(Post) Place) (page Page, _ error) {
	if err != nil {
		return Page{}, err
	}
	page.Posts = make([]Post, min(len(rows), PageSize))
	for i := range page.Posts {
		page.Posts[i] = post(rows[i])
	}
	if len(rows) > PageSize {
		page.Next = place(page.Posts[PageSize-1])
	}
	return page, nil
}

// NewID makes the id for a new post's form: a UUID of version 7, so that ids sort by time.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
