package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/config"
)

type inviteCommand struct {
	config.Settings
	Uses int `default:"1" placeholder:"N" help:"How many may join by the link, 1 to 1000. Default: 1."`
	Days int `default:"7" placeholder:"N" help:"For how many days, 1 to 365. Default: 7."`
}

func (*inviteCommand) example() string {
	return "miniblog invite --uses 5 --days 14 --url https://blog.example.org"
}

// Run prints the link and nothing else on standard output. It neither makes nor migrates
// a database.
func (i *inviteCommand) Run() error {
	settings, err := i.Read()
	if err != nil {
		return err
	}
	public, err := addressForLinks(settings)
	if err != nil {
		return err
	}
	return withReadyDatabase(context.Background(), &i.Settings, onAccounts(&i.Settings, func(ctx context.Context, accounts *account.Accounts) error {
		token, err := accounts.Invite(ctx, i.Uses, i.Days, account.By{})
		if err != nil {
			return inWords(err)
		}
		warnIfLocal(settings)
		fmt.Fprintln(os.Stdout, handlers.InvitationLink(public, token))
		return nil
	}))
}

// warnIfLocal says so when a link leads to this machine alone.
func warnIfLocal(settings *config.Config) {
	if settings.URL == nil {
		complain(errors.New("MINIBLOG_URL is not set, so this link leads to this machine alone, to where these settings listen: name the blog's own --addr, or its public address with --url"))
	}
}
