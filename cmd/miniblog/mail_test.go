package main_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"miniblog/internal/dbtest"
	"miniblog/internal/mailtest"
)

// mailing are the settings of a blog whose mail goes to that server.
func mailing(server *mailtest.Server, dsn string) settings {
	return mailingTo(server.Addr(), server.Certificate, dsn)
}

func mailingTo(addr string, certificate *mailtest.Certificate, dsn string) settings {
	return settings{
		"DATABASE_URL": dsn, "MINIBLOG_URL": "https://blog.example.org", "MINIBLOG_TITLE": "Harbour Notes",
		"MINIBLOG_MAIL_FROM": "blog@example.org", "SSL_CERT_FILE": certificate.PEM,
		"MINIBLOG_SMTP_URL": fmt.Sprintf("smtp://%s:%s@%s", mailtest.Username, url.PathEscape(mailtest.Password), addr),
	}
}

// posts sends a form as a browser does, asking for another host than the blog's own.
func (p *process) posts(path string, form url.Values) *http.Response {
	p.t.Helper()
	request, err := formRequest("", path, strings.NewReader(form.Encode()))
	noError(p.t, err)
	request.Header.Del("Cookie")
	request.Host = "127.0.0.1"
	request.Header.Set("X-Forwarded-Host", "evil.example")
	response, err := p.caller().Do(request)
	noError(p.t, err)
	response.Body.Close()
	return response
}

// asks asks for a link, and says how long the answer took.
func (p *process) asks(name string) time.Duration {
	p.t.Helper()
	begun := time.Now()
	response := p.posts("/forgot", url.Values{"username": {name}})
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || to != "/forgot?asked=yes" {
		p.t.Errorf("asking for %s answered %d and led to %s", name, response.StatusCode, to)
	}
	return time.Since(begun)
}

// arrives waits for so many mails, and returns the last.
func arrives(t *testing.T, server *mailtest.Server, count int) mailtest.Mail {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if mails := server.Mails(); len(mails) >= count {
			return mails[count-1]
		}
	}
	t.Fatalf("%d mails arrived, want %d", len(server.Mails()), count)
	return mailtest.Mail{}
}

var resetPath = regexp.MustCompile(`https://blog\.example\.org(/reset/[\w-]{43})\r\n`)

func TestAForgottenPasswordIsReplacedByMail(t *testing.T) {
	t.Parallel()
	server, store := mailtest.Start(t, mailtest.Options{Login: true}), dbtest.Store(t)
	dbtest.User(t, store, "ada")
	dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
	p := start(t, mailing(server, store.Pool.Config().ConnString()))
	p.asks("eve")
	p.asks("ada")
	link := resetPath.FindStringSubmatch(arrives(t, server, 1).Content)
	if link == nil {
		t.Fatalf("no link of the public address: %s", server.Mails()[0].Content)
	}
	response := p.posts(link[1], url.Values{"password": {"eight brown owls"}})
	if response.StatusCode != http.StatusSeeOther {
		t.Errorf("the link answered %d", response.StatusCode)
	}
	if notice := arrives(t, server, 2); notice.To != "ada@example.org" || !strings.Contains(notice.Content, "was changed") {
		t.Errorf("the notice: %+v", notice)
	}
	p.says(`"msg":"mail sent"`)
	for _, secret := range []string{link[1], mailtest.Password, url.PathEscape(mailtest.Password), "ada@example.org"} {
		if strings.Contains(p.said(), secret) {
			t.Errorf("the log holds %s: %s", secret, p.said())
		}
	}
	within(t, func() bool { return dbtest.One[int](t, store, "SELECT count(*) FROM outbox WHERE state = 'sent'") == 2 })
	if dbtest.One[int](t, store, "SELECT count(*) FROM outbox") != 2 {
		t.Error("the outbox holds something else than two sent mails")
	}
}

func TestNothingWaitsForAMailServerAndMailIsSentWhenItIsBack(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*mailtest.Server){
		"down":     (*mailtest.Server).Stop,
		"hanging":  (*mailtest.Server).Hangs,
		"refusing": func(s *mailtest.Server) { s.Refuses(451, [3]int{4, 3, 0}, "come back later") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, store := mailtest.Start(t, mailtest.Options{Login: true}), dbtest.Store(t)
			dbtest.User(t, store, "ada")
			dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
			trouble(server)
			env := mailing(server, store.Pool.Config().ConnString())
			p := start(t, env)
			p.asks("ada")
			within(t, func() bool { return dbtest.One[int](t, store, "SELECT max(attempts) FROM outbox") > 0 })
			for n := range 5 {
				if took := p.asks(fmt.Sprintf("nobody-%d", n)); took > 2*time.Second {
					t.Errorf("asking took %s", took)
				}
				p.answers("/", http.StatusOK)
			}
			p.send(syscall.SIGTERM)
			begun := time.Now()
			if code := p.exits(15 * time.Second); code != 0 {
				t.Errorf("exit code %d: %s", code, p.said())
			}
			t.Logf("it stopped after %s", time.Since(begun).Round(time.Millisecond))
			if state := dbtest.One[string](t, store, "SELECT state FROM outbox WHERE user_id IS NOT NULL"); state != "waiting" || len(server.Mails()) != 0 {
				t.Errorf("the mail is %s: %s", state, p.said())
			}
			server.Answers()
			if name == "down" {
				server.Restart()
			}
			dbtest.Exec(t, store, "UPDATE outbox SET due_at = now()")
			start(t, env)
			arrives(t, server, 1)
		})
	}
}

// Median times of 200 tries each or more, in an order left to chance, while mail is being sent.
func TestAKnownNameIsNotToldByHowLongAskingTakes(t *testing.T) {
	server, store := mailtest.Start(t, mailtest.Options{Login: true}), dbtest.Store(t)
	dbtest.User(t, store, "ada")
	dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
	dbtest.Exec(t, store, `SELECT create_user(gen_random_uuid(), 'reader-' || n, 'reader-' || n || '@example.org', '-', 'author', 'import', 'open', NULL)
		FROM generate_series(1, 1000) AS n`)
	p := start(t, mailing(server, store.Pool.Config().ConnString()))
	var known, unknown []time.Duration
	for range 5 { // on a busy machine the medians themselves jump: then more tries say more
		dbtest.Exec(t, store, "INSERT INTO outbox (kind, asked) SELECT 'link', username FROM users WHERE username LIKE 'reader-%'")
		sent := len(server.Mails())
		arrives(t, server, sent+1)
		for range 200 {
			dbtest.Exec(t, store, "DELETE FROM throttles")
			if rand.IntN(2) == 0 {
				known, unknown = append(known, p.asks("ada")), append(unknown, p.asks("eve"))
			} else {
				unknown, known = append(unknown, p.asks("eve")), append(known, p.asks("ada"))
			}
		}
		one, other := median(known), median(unknown)
		t.Logf("known %s, unknown %s, %d mails sent meanwhile", one, other, len(server.Mails())-sent)
		if math.Abs(float64(one-other)) < 0.1*float64(other) {
			return
		}
	}
	t.Error("asking for a known name takes another time")
}

// within waits until something is true.
func within(t *testing.T, true func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !true(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come true")
		}
	}
}
