package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// How long the navigation may lag behind another instance, and how long reading it may take.
const (
	navigationLasts = 5 * time.Second
	navigationWait  = 2 * time.Second
)

// seenNavigation is the navigation as it was read last.
type seenNavigation struct {
	pages []Post
	at    time.Time
	turn  int64 // of this reading among all: an earlier one that comes late does not replace it
}

// Navigation is the pages that stand by themselves, by title, without their texts. It answers
// from memory, also while the database is away, and has them read again beside whatever asks
// when that is some seconds old: no page waits for its navigation.
func (b *Blog) Navigation() []Post {
	seen := b.navigation.Load()
	if seen == nil || time.Since(seen.at) > navigationLasts {
		b.lookAgain()
	}
	if seen == nil {
		return nil
	}
	return seen.pages
}

// lookAgain reads the navigation beside whatever asks for it, once at a time.
func (b *Blog) lookAgain() {
	if !b.looking.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer b.looking.Store(false)
		ctx, cancel := context.WithTimeout(context.Background(), navigationWait)
		defer cancel()
		_ = b.ReadNavigation(ctx) // what was seen last stays
	}()
}

// ReadNavigation reads the navigation now.
func (b *Blog) ReadNavigation(ctx context.Context) error {
	turn := b.readings.Add(1)
	rows, err := b.store.NavigationPages(ctx)
	if err != nil {
		return err
	}
	pages := make([]Post, 0, len(rows))
	for _, r := range rows {
		pages = append(pages, Post{
			ID: r.ID, Author: Author{Username: r.Username}, Slug: orZero(r.Slug), Title: r.Title, Standalone: true,
		})
	}
	seen := &seenNavigation{pages, time.Now(), turn}
	for {
		old := b.navigation.Load()
		if old != nil && old.turn > turn || b.navigation.CompareAndSwap(old, seen) {
			return nil
		}
	}
}

// renavigate has what was just done to a post show in the navigation at once, if it is or
// was there.
func (b *Blog) renavigate(ctx context.Context, post Post) {
	if post.Standalone || b.navigates(post.ID) {
		_ = b.ReadNavigation(ctx) // it is done all the same, and shows within seconds
	}
}

func (b *Blog) navigates(id uuid.UUID) bool {
	seen := b.navigation.Load()
	if seen == nil {
		return false
	}
	for _, page := range seen.pages {
		if page.ID == id {
			return true
		}
	}
	return false
}
