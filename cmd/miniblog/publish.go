package main

import (
	"context"
	"log/slog"
	"time"

	"miniblog/db"
	"miniblog/internal/blog"
)

// How long to wait at most before looking for what is to be published: what another
// instance has scheduled is not told here, and a clock may have been set.
const publishInterval = 5 * time.Second

// publisher publishes what was scheduled.
type publisher struct {
	posts *blog.Blog
	log   *slog.Logger
	said  string // why it could not, the last time
}

// publishRegularly publishes what was scheduled, when its time comes, until ctx ends.
func publishRegularly(ctx context.Context, posts *blog.Blog, log *slog.Logger) {
	p := publisher{posts: posts, log: log}
	for ctx.Err() == nil {
		timer := time.NewTimer(p.publish(ctx))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-posts.Scheduled():
		}
		timer.Stop()
	}
}

// publish publishes what is due, and returns how long to wait before looking again.
func (p *publisher) publish(ctx context.Context) (wait time.Duration) {
	published, err := p.posts.PublishDue(ctx)
	if published > 0 {
		p.log.Info("published as scheduled", "posts", published)
	}
	if err != nil {
		return p.failed(ctx, err)
	}
	next, known, err := p.posts.NextDue(ctx)
	if err != nil {
		return p.failed(ctx, err)
	}
	p.said = ""
	if !known {
		return publishInterval
	}
	return min(next+10*time.Millisecond, publishInterval) // not a moment too early
}

// failed says so once for each cause: it fails every second while the database is away, which
// comes in ever new words, or while a post cannot be published.
func (p *publisher) failed(ctx context.Context, cause error) time.Duration {
	why := cause.Error()
	if db.IsAway(cause) {
		why = "away"
	}
	if p.said != why && ctx.Err() == nil {
		p.log.Warn("what is scheduled cannot be published just now, it is tried again", "cause", cause)
	}
	p.said = why
	return time.Second
}
