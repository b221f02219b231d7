package main

import (
	"context"
	"fmt"

	"miniblog/internal/config"
)

type demoCommand struct {
	config.Settings
	Authors int   `default:"5" help:"How many people write."`
	Posts   int   `default:"100" help:"How many posts they have written."`
	Seed    int64 `default:"1" help:"The same seed makes the same blog."`
}

func (*demoCommand) example() string { return "miniblog demo --authors 5 --posts 100 --seed 1" }

// Run fills the blog.
func (d *demoCommand) Run() error {
	return withDatabase(context.Background(), &d.Settings, func(ctx context.Context, opened *database) error {
		return fmt.Errorf("not yet")
	})
}
