package handlers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"miniblog/internal/blog"
)

const (
	// cutsAge is how old the cuts between sitemaps may be: finding them counts all posts.
	cutsAge = 10 * time.Minute
	// cutsDeadline bounds the finding.
	cutsDeadline = 30 * time.Second
	// cutsRest is how long they are not looked for again when that failed.
	cutsRest = time.Minute
)

// errSitemaps says that no sitemap can be made for the moment.
var errSitemaps = errors.New("no sitemap can be made just now")

// cuts are where the sitemaps of a large blog begin, as last looked up.
type cuts struct {
	calls singleflight.Group

	mu    sync.Mutex
	marks []blog.Mark
	err   error     // of the last look-up
	until time.Time // what it brought counts
}

// now returns the marks at which the list of addresses is cut. However many ask at once, they are looked up once, and
// nobody waits for longer than its own request lasts.
func (k *cuts) now(ctx context.Context, find func(context.Context) ([]blog.Mark, error)) ([]blog.Mark, error) {
	if marks, ok, err := k.kept(); ok {
		return marks, err
	}
	found := k.calls.DoChan("", func() (any, error) { return k.lookUp(context.WithoutCancel(ctx), find) })
	select {
	case result := <-found:
		marks, _ := result.Val.([]blog.Mark)
		return marks, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k *cuts) kept() (marks []blog.Mark, ok bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.marks, time.Now().Before(k.until), k.err
}

// lookUp belongs to nobody's request: others may wait for it.
func (k *cuts) lookUp(ctx context.Context, find func(context.Context) ([]blog.Mark, error)) (marks []blog.Mark, err error) {
	if marks, ok, err := k.kept(); ok { // found since it was asked for
		return marks, err
	}
	ctx, cancel := context.WithTimeout(ctx, cutsDeadline)
	defer cancel()
	age := cutsAge
	err = orPanic(func() (err error) {
		marks, err = find(ctx)
		return err
	})
	if err != nil {
		marks, err, age = nil, fmt.Errorf("%w: %w", errSitemaps, err), cutsRest
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.marks, k.err, k.until = marks, err, time.Now().Add(age)
	return marks, err
}

func (s *Server) findCuts(ctx context.Context) ([]blog.Mark, error) {
	return s.Blog.Cuts(ctx, s.SitemapSize)
}
