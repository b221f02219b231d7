package blog

import (
	"context"

	"miniblog/internal/cache"
)

// Edition is the number of the newest edition: every change of what readers see makes one.
func (b *Blog) Edition(ctx context.Context) (int64, error) { return b.store.Edition(ctx) }

// WatchEditions connects to be told of new editions.
func (b *Blog) WatchEditions(ctx context.Context, tell func(edition int64)) (cache.Watch, error) {
	watch, err := b.store.WatchEditions(ctx, tell)
	if err != nil {
		return nil, err // not a nil pointer in an interface
	}
	return watch, nil
}
