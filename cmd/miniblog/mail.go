package main

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	netmail "net/mail"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/config"
	"miniblog/internal/mail"
)

// startMail has the outbox emptied until asked ends, where a mail server is set. The
// function it returns waits for the mail under way, until insisted ends.
func startMail(
	asked, insisted context.Context, settings *config.Config, listening net.Addr, store *db.Store, accounts *account.Accounts, log *slog.Logger,
) (wait func()) {
	if settings.SMTP == nil {
		return func() {}
	}
	if settings.URL == nil {
		log.Warn("links in mails lead to this machine alone: set MINIBLOG_URL to the public address")
	}
	public := settings.PublicURL(listening)
	postman := &mail.Postman{
		Store: store, Accounts: accounts, Server: mailServer(settings), Blog: settings.Title, Log: log,
		LinkTo:  func(token account.Token) string { return handlers.ResetLink(public, token) },
		Confirm: func(token account.Token) string { return handlers.ConfirmLink(public, token) }, Forgot: handlers.ForgotLink(public), Login: handlers.LoginLink(public),
	}
	ctx, stop := context.WithCancel(asked)
	done := make(chan struct{})
	go func() { postman.Run(ctx); close(done) }()
	return func() {
		stop()
		select {
		case <-done:
		case <-insisted.Done():
		}
	}
}

func mailServer(settings *config.Config) mail.Server {
	return mail.Server{
		Host: settings.SMTP.Host, Port: settings.SMTP.Port, TLS: settings.SMTP.TLS,
		Username: settings.SMTP.Username, Password: settings.SMTP.Password.Reveal(),
		From: &netmail.Address{Name: cmp.Or(settings.MailFrom.Name, settings.Title), Address: settings.MailFrom.Address},
	}
}
