package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"miniblog/internal/account"
	"miniblog/internal/config"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Add an account; the password is asked for without echo."`
	List    userListCommand    `cmd:"" help:"List accounts."`
	Link    userLinkCommand    `cmd:"" help:"Print a link with which an account's password can be set, once, for 30 minutes."`
	Disable userDisableCommand `cmd:"" help:"End an account's sessions and keep it from logging in."`
	Enable  userEnableCommand  `cmd:"" help:"Let a disabled account log in again."`
}

type userAddCommand struct {
	config.Settings
	Name          string `arg:"" help:"The username: 3 to 32 of a-z, 0-9, - and _."`
	Email         string `help:"The email address."`
	Admin         bool   `help:"Make the account an owner of the blog."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
}

func (*userAddCommand) example() string {
	return "miniblog user add ada --email ada@example.org\nprintf '%s\\n' \"$PASSWORD\" | miniblog user add ada --password-stdin"
}

// Run adds the account.
func (u *userAddCommand) Run() error {
	secret, err := u.readPassword()
	if err != nil {
		return err
	}
	role := account.RoleAuthor
	if u.Admin {
		role = account.RoleOwner
	}
	return withDatabase(context.Background(), &u.Settings, onAccounts(&u.Settings, func(ctx context.Context, accounts *account.Accounts) error {
		user, err := accounts.Add(ctx, account.Application{Username: u.Name, Email: u.Email, Password: secret}, role)
		if err != nil {
			return inWords(err)
		}
		fmt.Printf("Added %s.\n", user.Username)
		return nil
	}))
}

func (u *userAddCommand) readPassword() (string, error) {
	if u.PasswordStdin {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 2*password.MaxBytes)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", errors.New("no terminal to ask for the password on: use --password-stdin")
	}
	return askTwice()
}

// askTwice asks without echo, twice, as a slip would lock the account's owner out.
func askTwice() (string, error) {
	first, err := ask("Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask("Again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ: run the command again")
	}
	return first, nil
}

func ask(prompt string) (string, error) {
	fmt.Fprint(os.Stderr, prompt)
	defer fmt.Fprintln(os.Stderr)
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	return string(typed), err
}

type userListCommand struct {
	config.Settings
}

func (*userListCommand) example() string { return "miniblog user list" }

// Run lists the accounts as a table. It neither makes nor migrates a database.
func (u *userListCommand) Run() error {
	return withReadyDatabase(context.Background(), &u.Settings, onAccounts(&u.Settings, func(ctx context.Context, accounts *account.Accounts) error {
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "USERNAME\tROLE\tSTATE\tPOSTS\tSINCE\tEMAIL")
		err := accounts.List(ctx, func(entry account.Entry) error {
			_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n",
				entry.Username, entry.Role, entry.State, entry.Posts, entry.CreatedAt.Format("2006-01-02"), entry.Email)
			return err
		})
		return errors.Join(err, table.Flush())
	}))
}

// onAccounts makes work on the accounts into work on their database.
func onAccounts(settings *config.Settings, work func(context.Context, *account.Accounts) error) func(context.Context, *database) error {
	return func(ctx context.Context, opened *database) error {
		read, err := settings.Read()
		if err != nil {
			return err
		}
		return work(ctx, newAccounts(opened, read, password.New(0, hashWait), nil))
	}
}

// inWords prints what is wrong with a form's fields on one line.
func inWords(err error) error {
	var problems fault.Invalid
	if !errors.As(err, &problems) {
		return err
	}
	var words []string
	for _, problem := range problems {
		words = append(words, problem.Message)
	}
	return errors.New(strings.Join(words, " "))
}
