package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"miniblog/internal/config"
	"miniblog/internal/flask"
)

type importCommand struct {
	Flask importFlaskCommand `cmd:"" help:"Bring accounts, with their passwords, and posts from the SQLite file of a blog after the Flask tutorial."`
}

type importFlaskCommand struct {
	config.Settings
	File   string            `arg:"" name:"users.db" help:"The SQLite file. It is only read."`
	Apply  bool              `help:"Import. Without it nothing is written: the report tells what would be."`
	Rename map[string]string `placeholder:"OLD=NEW" help:"Give an account of the file another username here. May be repeated."`
}

func (*importFlaskCommand) example() string {
	return "miniblog import flask users.db\nminiblog import flask users.db --rename 'Ada L.=ada' --apply"
}

// Run reports what an import would do, or does it. The file is opened first, so that a
// wrong one starts no database. Interrupted, it leaves the blog as it was.
func (i *importFlaskCommand) Run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	file, err := flask.Open(ctx, i.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	report, err := i.bring(ctx, file)
	switch {
	case err != nil && ctx.Err() != nil:
		return errors.New("stopped before the end: nothing was written")
	case err != nil:
		return err
	}
	return i.print(os.Stdout, file, report)
}

func (i *importFlaskCommand) bring(ctx context.Context, file *flask.File) (report *flask.Report, err error) {
	if i.Apply {
		err = withDatabase(ctx, &i.Settings, func(ctx context.Context, opened *database) error {
			report, err = file.Apply(ctx, opened.Store, i.Rename)
			return err
		})
		return report, err
	}
	err = withReadyDatabase(ctx, &i.Settings, func(ctx context.Context, opened *database) error {
		report, err = file.Plan(ctx, opened.Queries, i.Rename)
		return err
	})
	if errors.Is(err, errNoDatabase) { // --apply makes it
		return file.Plan(ctx, nil, i.Rename)
	}
	return report, err
}

// print writes what was found, a line a row, the sums, and what to do next.
func (i *importFlaskCommand) print(out io.Writer, file *flask.File, report *flask.Report) error {
	var text strings.Builder
	if !i.Apply {
		fmt.Fprintln(&text, "Dry run: this is what --apply would do.")
	}
	for _, line := range file.Found() {
		fmt.Fprintln(&text, line)
	}
	rows, unlisted := report.Rows()
	for _, row := range rows {
		fmt.Fprintf(&text, "%s %s: %s\n", row.What, row.Name, told(row))
	}
	if unlisted > 0 {
		fmt.Fprintf(&text, "%d more with a problem are not listed\n", unlisted)
	}
	for _, what := range []string{flask.Account, flask.Post} {
		fmt.Fprintln(&text, sums(report, what))
	}
	for _, line := range i.advice(report) {
		fmt.Fprintln(&text, line)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func told(row flask.Row) string {
	if row.Note == "" {
		return row.Fate.String()
	}
	return fmt.Sprintf("%s (%s)", row.Fate, row.Note)
}

func sums(report *flask.Report, what string) string {
	var parts []string
	total := 0
	for fate := flask.Imported; fate <= flask.RuleBroken; fate++ {
		count := report.Sums[what][fate]
		if total += count; count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, fate))
		}
	}
	if total == 0 {
		return "no " + what + "s"
	}
	return fmt.Sprintf("%s: %s", counted(total, what), strings.Join(parts, ", "))
}

// advice tells what to do about what was not imported, and whether anything was.
func (i *importFlaskCommand) advice(report *flask.Report) (lines []string) {
	accounts := report.Sums[flask.Account]
	if accounts[flask.NameClash]+accounts[flask.NameImpossible] > 0 {
		lines = append(lines, "Another name: --rename OLD=NEW")
	}
	if accounts[flask.HashUnknown] > 0 {
		lines = append(lines, "Another password: set one in the Flask app with werkzeug's generate_password_hash, then import again")
	}
	imported := accounts[flask.Imported] + report.Sums[flask.Post][flask.Imported]
	switch {
	case imported == 0:
		return append(lines, "There is nothing to import.")
	case i.Apply:
		return append(lines, "Done: all that says imported is here.")
	}
	return append(lines, "Nothing was written. To import: the same command with --apply")
}
