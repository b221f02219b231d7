package main

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed sql/grow.sql
var growing string

//go:embed sql/oldest.sql
var oldest string

// grow copies posts until there are so many, a multiple of those that the demo wrote, and asks the blog for
// the oldest.
func (s *site) grow(ctx context.Context, posts int) error {
	copying, after, _ := strings.Cut(fmt.Sprintf(growing, posts), "COMMIT;\n")
	if err := s.database.do(ctx, copying+"COMMIT"); err != nil {
		return fmt.Errorf("copy posts: %w", err)
	}
	for statement := range strings.SplitSeq(strings.TrimSpace(after), ";\n") {
		if err := s.database.do(ctx, statement); err != nil {
			return fmt.Errorf("copy posts: %w", err)
		}
	}
	var count int
	var path string
	if err := s.database.store.Pool.QueryRow(ctx, oldest).Scan(&count, &path); err != nil {
		return fmt.Errorf("find the oldest post: %w", err)
	}
	if count != posts {
		return fmt.Errorf("there are %d posts, not %d", count, posts)
	}
	_, err := fetch(ctx, s.addr, path, nil)
	return err
}
