package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/config"
	"miniblog/internal/password"
)

const (
	drainTimeout  = 20 * time.Second // for requests under way when asked to stop
	hashWait      = 2 * time.Second  // for a turn at the password hash
	databaseWait  = 30 * time.Second // for a database that starts beside the blog
	purgeInterval = time.Hour
)

type serveCommand struct {
	config.Settings
}

func (*serveCommand) example() string {
	return "miniblog --addr :8080 --url https://blog.example.org --title 'Harbour Notes'"
}

// Run serves the blog until it is told to stop, then lets requests under way finish.
func (s *serveCommand) Run() error {
	settings, err := s.Read()
	if err != nil {
		return err
	}
	log := logger(settings, slog.LevelInfo)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := listen(settings.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	opened, err := openForServing(ctx, settings, log, "miniblog at "+listener.Addr().String())
	if err != nil {
		return err
	}
	err = serve(ctx, stop, settings, log, listener, opened)
	return errors.Join(err, opened.close())
}

func serve(
	ctx context.Context, stop func(), settings *config.Config, log *slog.Logger, listener net.Listener, opened *database,
) error {
	if err := migrateOnceReachable(ctx, opened.Store, log); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	stopAdmin, err := startAdmin(settings.AdminAddr, opened.Store, log)
	if err != nil {
		return err
	}
	defer stopAdmin()
	posts, accounts := blog.New(opened.Store), newAccounts(opened, settings)
	go purgeRegularly(ctx, posts, accounts, log)
	server := newServer(settings, listener, opened.Store, posts, accounts, log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("listening", "addr", listener.Addr().String(), "url", settings.PublicURL(listener.Addr()).String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		stop() // a second signal ends the program at once
		log.Info("stopping: requests under way may finish")
		return drain(server)
	}
}

func newServer(
	settings *config.Config, listener net.Listener, store *db.Store, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger,
) *handlers.Server {
	return handlers.New(handlers.Options{
		Blog: posts, Accounts: accounts, Ready: store.Ready, Title: settings.Title,
		URL: settings.PublicURL(listener.Addr()), Origins: localOrigins(settings, listener), Log: log,
	})
}

func newAccounts(opened *database, settings *config.Config) *account.Accounts {
	return account.New(opened.Store, password.New(0, hashWait), account.Rules{
		Signup: account.Signup(settings.Signup), PasswordMin: settings.PasswordMin,
	})
}

func drain(server *handlers.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := server.Drain(ctx); err != nil {
		return fmt.Errorf("some requests did not finish within %s: %w", drainTimeout, err)
	}
	return nil
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
		if !db.IsAway(err) || ctx.Err() != nil || time.Now().After(giveUp) {
			return err
		}
		log.Warn("waiting for the database", "cause", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// purgeRegularly empties the bin of old posts and forgets ended sessions.
func purgeRegularly(ctx context.Context, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	timer := time.NewTicker(purgeInterval)
	defer timer.Stop()
	for {
		purge(ctx, posts, accounts, log)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

func purge(ctx context.Context, posts *blog.Blog, accounts *account.Accounts, log *slog.Logger) {
	removedPosts, postsErr := posts.Purge(ctx)
	removedSessions, sessionsErr := accounts.Purge(ctx)
	if err := errors.Join(postsErr, sessionsErr); err != nil && ctx.Err() == nil {
		log.Warn("purge failed, it will be tried again", "cause", err)
		return
	}
	if removedPosts+removedSessions > 0 {
		log.Info("purged", "posts", removedPosts, "sessions", removedSessions)
	}
}
