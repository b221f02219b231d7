package main

import (
	"context"
	"log/slog"
	"time"

	"miniblog/internal/blog"
)

const (
	renderInterval = time.Hour
	renderAgain    = time.Minute // after it failed
)

// renderStale makes anew what another renderer made of posts, or none: at the start, and
// every hour, as an older blog may still run beside this one.
func renderStale(ctx context.Context, posts *blog.Blog, log *slog.Logger) {
	for {
		made, err := posts.Render(ctx)
		if made > 0 {
			log.Info("rendered anew", "posts", made)
		}
		pause := renderInterval
		if err != nil && ctx.Err() == nil {
			pause = renderAgain
			log.Warn("posts could not be rendered anew, it will be tried again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
