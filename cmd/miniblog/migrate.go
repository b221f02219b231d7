package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"miniblog/internal/config"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Take every step that the database has not taken yet."`
	Status migrateStatusCommand `cmd:"" help:"List the steps and whether the database has taken them."`
}

type migrateUpCommand struct {
	config.Settings
}

func (*migrateUpCommand) example() string { return "miniblog migrate up" }

// Run migrates and names the steps taken.
func (m *migrateUpCommand) Run() error {
	return m.open(func(ctx context.Context, opened *database) error {
		taken, err := opened.Migrate(ctx)
		if err != nil {
			return err
		}
		for _, step := range taken {
			fmt.Println("took", step)
		}
		fmt.Println("The schema is up to date.")
		return nil
	})
}

type migrateStatusCommand struct {
	config.Settings
}

func (*migrateStatusCommand) example() string { return "miniblog migrate status" }

// Run lists the steps; it changes nothing.
func (m *migrateStatusCommand) Run() error {
	return (*migrateUpCommand)(m).open(func(ctx context.Context, opened *database) error {
		steps, err := opened.Migrations(ctx)
		if err != nil {
			return err
		}
		for _, step := range steps {
			state := "pending"
			if step.Applied {
				state = "taken"
			}
			fmt.Printf("%-8s %s\n", state, step.Name)
		}
		return nil
	})
}

// open runs work on the database as it stands.
func (m *migrateUpCommand) open(work func(context.Context, *database) error) (err error) {
	settings, err := m.Read()
	if err != nil {
		return err
	}
	ctx := context.Background()
	opened, err := openForCommand(ctx, settings, logger(settings, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close(context.Background())) }()
	return work(ctx, opened)
}
