package main_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/internal/dbtest"
	"miniblog/internal/mailtest"
)

// A mail server that others wrote takes a mail, refuses one, hangs, drops the connection and is gone. Whoever asks for
// a link never waits for it, the outbox holds its words and claims nothing sent, and once it is back the mail arrives.
func TestAForeignMailServersTroublesAreKeptInItsWordsAndOutlasted(t *testing.T) {
	t.Parallel()
	server, store := mailtest.StartForeign(t), dbtest.Store(t)
	for _, name := range []string{"ada", "bob", "cyd", "dan", "eli"} {
		dbtest.User(t, store, name)
	}
	dbtest.Exec(t, store, "UPDATE users SET email = username || '@example.org', email_confirmed_at = now()")
	p := start(t, mailingTo(server.Addr(), server.Certificate, store.Pool.Config().ConnString()))

	p.asksAtOnce("ada")
	arrivesFor(t, server, store, "ada")

	server.Refuses()
	p.asksAtOnce("bob")
	isTroubled(t, store, "bob", "failed", "550 5.1.1 <bob@example.org>: no such user here")
	server.Takes()
	p.asksAtOnce("bob") // that mailbox was made meanwhile: what was given up stays so, and a new one is sent
	arrivesFor(t, server, store, "bob")

	for name, trouble := range map[string]struct {
		begins, ends func()
		words        string
	}{
		"cyd": {server.Hangs, server.Takes, "i/o timeout"},
		"dan": {server.Drops, server.Takes, "closed the connection"},
		"eli": {server.Stop, server.Start, "connection refused"},
	} {
		trouble.begins()
		p.asksAtOnce(name)
		isTroubled(t, store, name, "waiting", trouble.words)
		trouble.ends()
		dbtest.Exec(t, store, "UPDATE outbox SET due_at = now() WHERE state = 'waiting'") // and not in a minute
		arrivesFor(t, server, store, name)
	}
	if sent := len(server.Mails()); sent != 5 {
		t.Errorf("%d mails arrived for five people", sent)
	}
}

// asksAtOnce asks for a link, and has the blog serve a page as ever.
func (p *process) asksAtOnce(name string) {
	p.t.Helper()
	if took := p.asks(name); took > 2*time.Second {
		p.t.Errorf("asking for %s took %s", name, took)
	}
	p.answers("/", http.StatusOK)
}

// isTroubled waits until a mail was tried, and asserts what the owner is told of it.
func isTroubled(t *testing.T, store *db.Store, name, state, words string) {
	t.Helper()
	const rows = " FROM outbox WHERE recipient = $1 || '@example.org'"
	within(t, func() bool { return dbtest.One[int](t, store, "SELECT count(*)"+rows+" AND answer <> ''", name) == 1 })
	got := dbtest.One[string](t, store, "SELECT state || ': ' || answer"+rows, name)
	t.Logf("the mail for %s is %s", name, got)
	if !strings.HasPrefix(got, state+": ") || !strings.Contains(got, words) {
		t.Errorf("want it %s: %s", state, words)
	}
}

// arrivesFor waits until the server has a mail with a link for somebody and the outbox says so.
func arrivesFor(t *testing.T, server *mailtest.Foreign, store *db.Store, name string) {
	t.Helper()
	address := name + "@example.org"
	within(t, func() bool {
		mails := server.Mails()
		return len(mails) > 0 && mails[len(mails)-1].To == address && resetPath.MatchString(mails[len(mails)-1].Content)
	})
	within(t, func() bool {
		const taken = "SELECT count(*) FROM outbox WHERE recipient = $1 AND state = 'sent' AND answer LIKE '%taken by aiosmtpd'"
		return dbtest.One[int](t, store, taken, address) == 1
	})
}
