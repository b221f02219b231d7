package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/config"
)

type userLinkCommand struct {
	config.Settings
	Name string `arg:"" help:"The username or email address."`
}

func (*userLinkCommand) example() string {
	return "miniblog user link ada --url https://blog.example.org"
}

// Run prints the link and nothing else on standard output. It neither makes nor migrates
// a database.
func (u *userLinkCommand) Run() error {
	settings, err := u.Read()
	if err != nil {
		return err
	}
	public, err := addressForLinks(settings)
	if err != nil {
		return err
	}
	return withReadyDatabase(context.Background(), &u.Settings, onAccounts(&u.Settings, func(ctx context.Context, accounts *account.Accounts) error {
		token, err := accounts.NewLink(ctx, u.Name, account.CommandLine, account.Client{})
		if errors.Is(err, account.ErrNoAccount) {
			return fmt.Errorf("there is no account %q that could log in: 'miniblog user list' names all", u.Name)
		}
		if err != nil {
			return err
		}
		warnIfLocal(settings)
		fmt.Fprintln(os.Stdout, handlers.ResetLink(public, token))
		return nil
	}))
}

// addressForLinks is the public address or, for a blog that has none, the one at which
// these settings listen.
func addressForLinks(settings *config.Config) (*url.URL, error) {
	if settings.URL != nil || settings.Addr.Network != "tcp" {
		return settings.PublicURL(&net.UnixAddr{}), nil
	}
	_, text, err := net.SplitHostPort(settings.Addr.Address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil || port == 0 {
		return nil, errors.New("it is not known where the blog listens: give its public address with --url")
	}
	return settings.PublicURL(&net.TCPAddr{Port: port}), nil
}
