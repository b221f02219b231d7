package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/config"
	"miniblog/internal/password"
)

const (
	drainTimeout = 20 * time.Second // for requests under way when asked to stop
	hashWait     = 2 * time.Second  // for a turn at the password hash
	databaseWait = 30 * time.Second // for a database that starts beside the blog
)

type serveCommand struct {
	config.Settings
	Gallery bool `name:"gallery" hidden:"" help:"Show every component in every state at /gallery."`
}

func (*serveCommand) example() string {
	return "miniblog --addr :8080 --url https://blog.example.org --title 'Harbour Notes'"
}

// Run serves the blog until it is told to stop, then lets requests under way finish.
// Told again, it stops at once.
func (s *serveCommand) Run() (err error) {
	settings, err := s.Read()
	if err != nil {
		return err
	}
	log, flush := logger(settings, slog.LevelInfo)
	defer func() { err = errors.Join(err, flush()) }()
	asked, insisted, forget := stopSignals()
	defer forget()
	boundMemory(asked, settings.Memory)
	listeners, err := listenAll(settings)
	if err != nil {
		return err
	}
	defer listeners.close()
	opened, err := openForServing(asked, settings, log, "miniblog at "+listeners.public.Addr().String())
	if err == nil {
		err = errors.Join(serve(asked, insisted, settings, s.Gallery, log, listeners, opened), opened.close(insisted))
	}
	if asked.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // it was stopped while it started
	}
	return err
}

func serve(
	asked, insisted context.Context, settings *config.Config, gallery bool, log *slog.Logger, on listeners, opened *database,
) error {
	if err := migrateOnceReachable(asked, opened.Store, log); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	warnIfForgetful(asked, opened.Store, log)
	forgiveTyping(asked, opened.Store, log)
	gate, err := password.New(0, hashWait).Apart(log)
	if err != nil {
		return err
	}
	posts, accounts := blog.New(opened.Store).In(settings.Language), newAccounts(opened, settings, gate, log)
	if _, err := accounts.Mode(asked); err != nil {
		log.Warn("it is not known yet who may join", "cause", err)
	}
	if err := posts.ReadNavigation(asked); err != nil {
		log.Warn("the navigation is not known yet", "cause", err)
	}
	go purgeRegularly(asked, opened.Store, posts, accounts, log)
	go publishRegularly(asked, posts, log)
	go renderStale(asked, posts, log)
	stopMail := startMail(asked, insisted, settings, on.public.Addr(), opened.Store, accounts, log)
	defer stopMail()
	server := newServer(settings, gallery, on.public, opened.Store, posts, accounts, log)
	stopAdmin := startAdmin(on.admin, opened.Store, server, log)
	defer stopAdmin()
	go server.Follow(asked)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(on.public) }()
	at := on.public.Addr()
	log.Info("listening", "addr", at.String(), "url", settings.PublicURL(at).String())
	select {
	case err := <-failed:
		return err
	case <-asked.Done():
		log.Info("stopping: requests under way may finish")
		return drain(insisted, server)
	}
}

func newServer(
	settings *config.Config, gallery bool, listener net.Listener, store *db.Store, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger,
) *handlers.Server {
	return handlers.New(handlers.Options{
		Blog: posts, Accounts: accounts, Ready: store.Ready, Title: settings.Title, Language: settings.Language,
		URL: settings.PublicURL(listener.Addr()), Origins: localOrigins(settings, listener), Log: log,
		TrustedProxies: settings.TrustedProxies, Gallery: gallery, Memory: settings.Memory, Connections: store.Connections(),
	})
}

// newAccounts makes the register; log may be nil.
func newAccounts(opened *database, settings *config.Config, gate *password.Gate, log *slog.Logger) *account.Accounts {
	return account.New(opened.Store, gate, account.Rules{
		Signup: account.Signup(settings.Signup), PasswordMin: settings.PasswordMin, Mail: settings.SMTP != nil,
		SignupsPerHour: settings.SignupsPerHour, SignupsPerDay: settings.SignupsPerDay, Blog: settings.Title, Log: log,
	})
}

func drain(insisted context.Context, server *handlers.Server) error {
	ctx, cancel := context.WithTimeout(insisted, drainTimeout)
	defer cancel()
	err := server.Drain(ctx)
	switch {
	case err == nil:
		return nil
	case insisted.Err() != nil:
		return errors.New("stopped at once: requests under way were cut off")
	}
	return fmt.Errorf("some requests did not finish within %s: %w", drainTimeout, err)
}

// warnIfForgetful says it when the page's "Saved" cannot be relied on.
func warnIfForgetful(ctx context.Context, store *db.Store, log *slog.Logger) {
	off, err := store.Forgetful(ctx)
	if err != nil {
		log.Warn("it is not known whether the database keeps what it commits", "cause", err)
	}
	if len(off) > 0 {
		log.Warn("a crash can lose what was said to be saved: turn these on in PostgreSQL", "off", strings.Join(off, ", "))
	}
}

// forgiveTyping asks the database for what finds words in spite of typing errors, which it
// may have got since it was migrated.
func forgiveTyping(ctx context.Context, store *db.Store, log *slog.Logger) {
	forgives, err := store.Forgive(ctx)
	switch {
	case err != nil:
		log.Warn("it is not known whether searches forgive typing errors", "cause", err)
	case !forgives:
		log.Info("searches forgive no typing errors: for that, PostgreSQL needs its extension pg_trgm")
	}
}

// migrateOnceReachable migrates, and waits a while for a database that was started
// at the same time as the blog.
func migrateOnceReachable(ctx context.Context, store *db.Store, log *slog.Logger) error {
	giveUp := time.Now().Add(databaseWait)
	for {
		taken, err := store.Migrate(ctx)
		if len(taken) > 0 {
			log.Info("migrated the schema", "steps", len(taken))
		}
		if !db.IsAway(err) || db.IsUnwelcome(err) || ctx.Err() != nil || time.Now().After(giveUp) {
			return err
		}
		log.Warn("waiting for the database", "cause", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}
