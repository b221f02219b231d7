// Command miniblog is a blog for several people: one program beside a PostgreSQL.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"miniblog/internal/config"
)

// Exit codes that scripts rely on.
const (
	exitFailure = 1
	exitUsage   = 2
)

type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the blog. This is what miniblog does when no command is named."`
	Migrate migrateCommand `cmd:"" help:"Bring the database schema up to date, or show where it stands."`
	User    userCommand    `cmd:"" help:"Add, list, disable and enable accounts, and give links to set a password."`
	Invite  inviteCommand  `cmd:"" help:"Print a link by which people may join."`
	Demo    demoCommand    `cmd:"" help:"Fill the blog with sample writing."`
	Import  importCommand  `cmd:"" help:"Bring a blog from elsewhere."`
	Doctor  doctorCommand  `cmd:"" help:"Check settings, database and schema."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	var chosen commands
	parser := kong.Must(&chosen,
		kong.Name("miniblog"),
		kong.Description("A small blog for several people, beside a PostgreSQL.\n\nRead more: README.md. Every setting can also be set in the environment, or read from the file that NAME_FILE names."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(helpWithExample),
		kong.UsageOnError(),
	)
	context, err := parser.Parse(os.Args[1:])
	if err != nil {
		complain(err)
		os.Exit(exitUsage)
	}
	if err := context.Run(); err != nil {
		complain(err)
		os.Exit(exitFailure)
	}
}

// complain prints an error plainly on stderr: one line, or one for each wrong setting.
func complain(err error) {
	var problems config.Problems
	if errors.As(err, &problems) {
		err = problems
	}
	text := strings.ReplaceAll(err.Error(), "\n\t", " ") // pgconn's way to list what it tried
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(os.Stderr, "miniblog:", line)
	}
}

// exampled is a command that shows how it is used.
type exampled interface{ example() string }

// helpWithExample prints kong's help and, below it, an example of the command.
func helpWithExample(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	example := "miniblog --addr :8080 --title 'Harbour Notes'"
	if node := ctx.Selected(); node != nil && node.Target.CanAddr() {
		if command, ok := node.Target.Addr().Interface().(exampled); ok {
			example = command.example()
		}
	}
	_, err := fmt.Fprintf(ctx.Stdout, "\nExample:\n  %s\n", strings.ReplaceAll(example, "\n", "\n  "))
	return err
}
