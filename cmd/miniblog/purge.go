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

// purgeRegularly empties the bin of old posts, thins out old autosaves and forgets
// ended sessions and what the throttle has done with.
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
	removedVersions, versionsErr := posts.Thin(ctx)
	removed, accountsErr := accounts.Purge(ctx)
	if err := errors.Join(postsErr, versionsErr, accountsErr); err != nil && ctx.Err() == nil {
		log.Warn("purge failed, it will be tried again", "cause", err)
		return
	}
	if removedPosts+removedVersions+removed.Sessions+removed.Devices+removed.Throttles > 0 {
		log.Info("purged", "posts", removedPosts, "autosaves", removedVersions,
			"sessions", removed.Sessions, "devices", removed.Devices, "throttles", removed.Throttles)
	}
}
