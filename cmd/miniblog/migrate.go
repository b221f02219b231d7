package main

import (
	"context"
	"errors"
	"fmt"

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
	return withOpened(context.Background(), &m.Settings, openForCommand, func(ctx context.Context, opened *database) error {
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

// Run lists the steps; it changes nothing, and makes no database.
func (m *migrateStatusCommand) Run() error {
	err := withOpened(context.Background(), &m.Settings, openToLook, listSteps)
	if errors.Is(err, errNoDatabase) {
		fmt.Println(err)
		return nil
	}
	return err
}

func listSteps(ctx context.Context, opened *database) error {
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
}
