package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"miniblog/db"
	"miniblog/internal/config"
	"miniblog/internal/localpg"
)

// readyTimeout bounds how long the running blog may take to say that it is ready.
const readyTimeout = 5 * time.Second

type doctorCommand struct {
	config.Settings
	Ready bool `help:"Only ask the blog that runs with these settings whether it is ready, as a health check."`
}

func (*doctorCommand) example() string { return "miniblog doctor\nminiblog doctor --ready" }

// Run checks everything a start depends on and says what it found. It neither makes
// nor migrates a database.
func (d *doctorCommand) Run() error {
	settings, err := d.Read()
	if err != nil {
		return err
	}
	if d.Ready {
		return askReady(settings.Addr)
	}
	return examine(context.Background(), settings)
}

func examine(ctx context.Context, settings *config.Config) (err error) {
	fmt.Println("settings   fine")
	log, _ := logger(settings, slog.LevelWarn) // of warnings none is held back
	opened, err := openToLook(ctx, settings, log)
	if errors.Is(err, errNoDatabase) {
		return examinePrograms(ctx)
	}
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, opened.close(context.Background())) }()
	server, err := opened.ServerVersion(ctx)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	fmt.Println("database   PostgreSQL", server)
	off, err := opened.Forgetful(ctx)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if len(off) > 0 {
		fmt.Printf("durable    no: %s off, so a crash can lose what was said to be saved\n", strings.Join(off, ", "))
	} else {
		fmt.Println("durable    yes")
	}
	return examineSchema(ctx, opened.Store)
}

// examinePrograms checks what the first start needs.
func examinePrograms(ctx context.Context) error {
	programs, err := localpg.Find(ctx)
	if err != nil {
		return fmt.Errorf("programs: %w", err)
	}
	fmt.Printf("programs   PostgreSQL %d.%d\n", programs.Major, programs.Minor)
	fmt.Println("database  ", errNoDatabase)
	return nil
}

func examineSchema(ctx context.Context, store *db.Store) error {
	err := store.Ready(ctx)
	switch {
	case errors.Is(err, db.ErrPending):
		fmt.Println("schema     the next start brings it up to date")
		return nil
	case err != nil:
		return fmt.Errorf("schema: %w", err)
	}
	fmt.Println("schema     up to date")
	forgives, err := store.Forgives(ctx)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if forgives {
		fmt.Println("search     forgives typing errors")
	} else {
		fmt.Println("search     forgives no typing errors: for that, PostgreSQL needs its extension pg_trgm")
	}
	return nil
}

// askReady asks /readyz of the blog at the address, wherever it listens.
func askReady(addr config.Addr) error {
	client := &http.Client{Timeout: readyTimeout, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, addr.Network, addr.Address)
		},
	}}
	answer, err := client.Get("http://localhost/readyz")
	if err != nil {
		return fmt.Errorf("the blog at %s does not answer: %w", addr, err)
	}
	defer answer.Body.Close()
	words, err := io.ReadAll(io.LimitReader(answer.Body, 1024))
	if answer.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("the blog at %s is not ready: %s", addr, onOneLine(words)), err)
	}
	fmt.Println(onOneLine(words))
	return err
}

// onOneLine also takes in the page of a stranger that listens where the blog should.
func onOneLine(words []byte) string { return strings.Join(strings.Fields(string(words)), " ") }
