package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/mail"
)

const purgeInterval = time.Hour

// purgeRegularly empties the bin of old posts, thins out old autosaves and forgets
// ended sessions, dead links, old mail and what the throttle has done with.
func purgeRegularly(ctx context.Context, store *db.Store, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	timer := time.NewTicker(purgeInterval)
	defer timer.Stop()
	for {
		purge(ctx, store, posts, accounts, log)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

func purge(ctx context.Context, store *db.Store, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	removedPosts, postsErr := posts.Purge(ctx)
	removedVersions, versionsErr := posts.Thin(ctx)
	removed, accountsErr := accounts.Purge(ctx)
	removedMails, mailsErr := mail.Purge(ctx, store)
	if err := errors.Join(postsErr, versionsErr, accountsErr, mailsErr); err != nil && ctx.Err() == nil {
		log.Warn("purge failed, it will be tried again", "cause", err)
		return
	}
	if removedPosts+removedVersions+removed.Users+removed.Sessions+removed.Devices+removed.Throttles+removedMails > 0 {
		log.Info("purged", "posts", removedPosts, "autosaves", removedVersions, "mails", removedMails,
			"accounts", removed.Users, "sessions", removed.Sessions, "devices", removed.Devices, "throttles", removed.Throttles)
	}
}
