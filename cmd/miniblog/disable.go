package main

import (
	"context"
	"errors"
	"fmt"

	"miniblog/internal/account"
	"miniblog/internal/config"
)

type userDisableCommand struct {
	config.Settings
	Name string `arg:"" help:"The username or email address."`
}

func (*userDisableCommand) example() string { return "miniblog user disable mallory" }

// Run ends the account's sessions and keeps it from logging in.
func (u *userDisableCommand) Run() error {
	return onPerson(&u.Settings, u.Name, func(ctx context.Context, accounts *account.Accounts, person account.Person) error {
		if err := accounts.Disable(ctx, person.ID, account.By{}); err != nil {
			return inWords(err)
		}
		fmt.Printf("%s is disabled, and logged out everywhere.\n", person.Username)
		return nil
	})
}

type userEnableCommand struct {
	config.Settings
	Name string `arg:"" help:"The username or email address."`
}

func (*userEnableCommand) example() string { return "miniblog user enable mallory" }

// Run lets the account log in again.
func (u *userEnableCommand) Run() error {
	return onPerson(&u.Settings, u.Name, func(ctx context.Context, accounts *account.Accounts, person account.Person) error {
		if err := accounts.Enable(ctx, person.ID, account.By{}); err != nil {
			return inWords(err)
		}
		fmt.Printf("%s can log in again.\n", person.Username)
		return nil
	})
}

// onPerson does the work on the account of that username or email. It neither makes nor
// migrates a database.
func onPerson(settings *config.Settings, name string, work func(context.Context, *account.Accounts, account.Person) error) error {
	return withReadyDatabase(context.Background(), settings, onAccounts(settings, func(ctx context.Context, accounts *account.Accounts) error {
		person, err := accounts.PersonNamed(ctx, name)
		if errors.Is(err, account.ErrNoAccount) {
			return fmt.Errorf("there is no account %q: 'miniblog user list' names all", name)
		}
		if err != nil {
			return err
		}
		return work(ctx, accounts, person)
	}))
}
