package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/blog"
)

const purgeInterval = time.Hour

// purgeRegularly empties the bin of old posts and forgets ended sessions.
func purgeRegularly(ctx context.Context, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	timer := time.NewTicker(purgeInterval)
	defer timer.Stop()
	for {
		purge(ctx, posts, accounts, log)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

func purge(ctx context.Context, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	removedPosts, postsErr := posts.Purge(ctx)
	removedSessions, sessionsErr := accounts.Purge(ctx)
	if err := errors.Join(postsErr, sessionsErr); err != nil && ctx.Err() == nil {
		log.Warn("purge failed, it will be tried again", "cause", err)
		return
	}
	if removedPosts+removedSessions > 0 {
		log.Info("purged", "posts", removedPosts, "sessions", removedSessions)
	}
}
