package main

import (
	"context"
	"log/slog"
	"time"

	"miniblog/internal/blog"
)

const renderAgain = time.Minute // after it failed

// renderStale makes anew what another renderer made of posts, or none. It is done once:
// what is saved from then on is made by this one.
func renderStale(ctx context.Context, posts *blog.Blog, log *slog.Logger) {
	for {
		made, err := posts.Render(ctx)
		if made > 0 {
			log.Info("rendered anew", "posts", made)
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		log.Warn("posts could not be rendered anew, it will be tried again", "cause", err)
		select {
		case <-ctx.Done():
		case <-time.After(renderAgain):
		}
	}
}
