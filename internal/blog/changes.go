package blog

import (
	"context"
	"math"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Seen is what readers saw of a post: versions that were saved, from the one that was
// published to the one that is shown.
type Seen struct {
	Post     Post
	First    int       // the version that was published
	Versions []Version // newest first, without their bodies
	More     bool      // there are older ones
}

// Changes lists what readers saw of a post, newest first, from before a number (0: from the
// newest). It returns fault.ErrNotFound unless its author lets them.
func (b *Blog) Changes(ctx context.Context, post Post, before int) (Seen, error) {
	if !post.Published() || !post.ShowsChanges {
		return Seen{}, fault.ErrNotFound
	}
	first, err := b.firstSeen(ctx, post)
	if err != nil {
		return Seen{}, err
	}
	if before <= 0 || before > math.MaxInt32 {
		before = math.MaxInt32
	}
	rows, err := b.store.ListSeen(ctx, db.ListSeenParams{
		PostID: post.ID, First: first, Shown: int32(post.Version), BeforeNumber: int32(before),
	})
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Post: post, First: int(first), More: len(rows) > HistorySize}
	for _, r := range rows[:min(len(rows), HistorySize)] {
		seen.Versions = append(seen.Versions, Version{
			Number: int(r.Number), Kind: Kind(r.Kind), Title: r.Title, Words: int(r.Words), CreatedAt: r.CreatedAt,
		})
	}
	return seen, nil
}

// Version reads one of the versions that readers saw, or fault.ErrNotFound.
func (s Seen) Version(ctx context.Context, b *Blog, number int) (Version, error) {
	if number <= 0 || number > math.MaxInt32 {
		return Version{}, fault.ErrNotFound
	}
	r, err := b.store.SeenVersion(ctx, db.SeenVersionParams{
		PostID: s.Post.ID, Number: int32(number), First: int32(s.First), Shown: int32(s.Post.Version),
	})
	if err != nil {
		return Version{}, notFoundIfNone(err)
	}
	return fromVersionRow(db.VersionOfRow(r)), nil
}

// firstSeen is the version that a post was published with.
func (b *Blog) firstSeen(ctx context.Context, post Post) (int32, error) {
	first, err := b.store.FirstSeen(ctx, post.ID, post.PublishedAt)
	if db.IsNone(err) {
		first, err = b.store.FirstSaved(ctx, post.ID)
	}
	return first, notFoundIfNone(err)
}
