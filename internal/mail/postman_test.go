package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
	"miniblog/internal/mail"
	"miniblog/internal/mailtest"
	"miniblog/internal/password"
)

var gate = password.New(0, time.Minute)

// office is a blog's outbox with the server that its mail goes to.
type office struct {
	*mail.Postman
	t      *testing.T
	server *mailtest.Server
}

// newOffice has an account ada, with an address, and an account bob without.
func newOffice(t *testing.T) *office {
	t.Helper()
	store, server := dbtest.Store(t), mailtest.Start(t, mailtest.Options{})
	dbtest.User(t, store, "ada")
	dbtest.User(t, store, "bob")
	dbtest.Exec(t, store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now() WHERE username = 'ada'")
	accounts := account.New(store, gate, account.Rules{PasswordMin: 8, Mail: true})
	return &office{t: t, server: server, Postman: &mail.Postman{
		Store: store, Accounts: accounts, Server: known(server), Blog: "Harbour Notes", Log: slog.New(slog.DiscardHandler),
		LinkTo:  func(token account.Token) string { return "https://blog.example.org/reset/" + string(token) },
		Confirm: func(token account.Token) string { return "https://blog.example.org/email/" + string(token) },
		Forgot:  "https://blog.example.org/forgot",
		Login:   "https://blog.example.org/login",
	}}
}

func (o *office) asks(name string) {
	o.t.Helper()
	noError(o.t, o.Accounts.RequestLink(o.t.Context(), name, account.Client{}))
}

func (o *office) delivers() {
	o.t.Helper()
	noError(o.t, o.Deliver(o.t.Context()))
}

// outbox compares all mails, first the oldest, with lines such as "link, ada@example.org, sent after 1".
func (o *office) outbox(want ...string) {
	o.t.Helper()
	got := dbtest.One[string](o.t, o.Store, `
		SELECT coalesce(string_agg(concat_ws(', ', kind, asked, recipient, state || ' after ' || attempts, nullif(answer, '')), E'\n' ORDER BY id), '')
		FROM outbox`)
	if got != strings.Join(want, "\n") {
		o.t.Errorf("the outbox is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// passes lets time pass for all that waits.
func (o *office) passes(interval string) {
	o.t.Helper()
	dbtest.Exec(o.t, o.Store, "UPDATE outbox SET created_at = created_at - $1::interval, due_at = due_at - $1::interval", interval)
}

// token finds the token in a mail.
func (o *office) token(got mailtest.Mail) account.Token {
	o.t.Helper()
	read := parsed(o.t, got)
	found := regexp.MustCompile(`https://blog\.example\.org/reset/([\w-]{43})\n`).FindStringSubmatch(read.text)
	if found == nil || !strings.Contains(read.html, `href="https://blog.example.org/reset/`+found[1]+`"`) {
		o.t.Fatalf("no link in %s", got.Content)
	}
	return account.Token(found[1])
}

func TestALinkIsMailedToWhoeverAskedUnderAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ada", " ADA", "Ada@Example.org"} {
		o := newOffice(t)
		o.asks(name)
		o.delivers()
		mails := o.server.Mails()
		if len(mails) != 1 || mails[0].To != "ada@example.org" {
			t.Fatalf("%q: sent %+v", name, mails)
		}
		token := o.token(mails[0])
		if owner, err := o.Accounts.OwnerOfLink(t.Context(), token); err != nil || owner.Username != "ada" {
			t.Errorf("%q: the link is for %+v, %v", name, owner, err)
		}
		row := dbtest.One[string](t, o.Store, "SELECT string_agg(o::text, ' ') FROM outbox AS o")
		if strings.Contains(row, string(token)) {
			t.Errorf("%q: the outbox holds the secret: %s", name, row)
		}
		o.delivers()
		if len(o.server.Mails()) != 1 {
			t.Errorf("%q: it was sent twice", name)
		}
		dbtest.Exec(t, o.Store, "UPDATE outbox SET answer = ''")
		o.outbox("link, ada@example.org, sent after 1")
	}
}

func TestNothingIsSentOrKeptForANameThatIsNobodys(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, name := range []string{"eve", "eve@example.org", "bob", "ada\x00", "\xff", strings.Repeat("a", 300), "%"} {
		o.asks(name)
	}
	o.delivers()
	o.outbox()
	if o.server.Tries() != 0 || dbtest.One[int](t, o.Store, "SELECT count(*) FROM resets") != 0 {
		t.Error("somebody got something")
	}
}

func TestAChangedPasswordIsToldByMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, name := range []string{"ada", "bob"} {
		token, err := o.Accounts.NewLink(t.Context(), name, "", account.Client{})
		noError(t, err)
		noError(t, o.Accounts.ResetPassword(t.Context(), token, "eight brown owls", account.Client{}))
	}
	o.outbox("notice, waiting after 0")
	o.delivers()
	mails := o.server.Mails()
	if len(mails) != 1 || mails[0].To != "ada@example.org" {
		t.Fatalf("sent %+v", mails)
	}
	read := parsed(t, mails[0])
	for _, words := range []string{"account ada on Harbour Notes was changed", time.Now().UTC().Format("2 January 2006 at "), "https://blog.example.org/forgot"} {
		if !strings.Contains(read.text, words) {
			t.Errorf("it lacks %q: %s", words, read.text)
		}
	}
	if strings.Contains(mails[0].Content, "/reset/") || strings.Contains(mails[0].Content, "owls") {
		t.Errorf("it holds a secret: %s", mails[0].Content)
	}
}

func TestAChangedUsernameIsToldByMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, name := range []string{"ada", "bob"} { // bob has no address
		user, _, err := o.Accounts.LogIn(t.Context(), name, dbtest.Password, account.Client{})
		noError(t, err)
		_, err = o.Accounts.Rename(t.Context(), user, name+"-new", account.Client{})
		noError(t, err)
	}
	o.outbox("renamed, waiting after 0")
	dbtest.Exec(t, o.Store, "UPDATE outbox SET created_at = '2026-11-22 23:30:00Z'")
	o.delivers()
	mails := o.server.Mails()
	if len(mails) != 1 || mails[0].To != "ada@example.org" {
		t.Fatalf("sent %+v", mails)
	}
	read := parsed(t, mails[0])
	for _, words := range []string{
		"On 22 November 2026 at 23:30 (UTC) the username of your account on Harbour Notes was changed. It is ada-new now: log in with that.",
		"https://blog.example.org/forgot",
	} {
		if !strings.Contains(strings.Join(strings.Fields(read.text), " "), words) {
			t.Errorf("it does not say %q: %s", words, read.text)
		}
	}
}

func TestWhoDeletesTheirAccountIsToldUntilWhenItCanComeBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, name := range []string{"ada", "bob"} { // bob has no address
		user, _, err := o.Accounts.LogIn(t.Context(), name, dbtest.Password, account.Client{})
		noError(t, err)
		_, err = o.Accounts.Delete(t.Context(), user, account.Client{})
		noError(t, err)
	}
	o.outbox("deleted, waiting after 0")
	dbtest.Exec(t, o.Store, "UPDATE outbox SET created_at = '2026-11-22 23:30:00Z'")
	o.delivers()
	mails := o.server.Mails()
	if len(mails) != 1 || mails[0].To != "ada@example.org" {
		t.Fatalf("sent %+v", mails)
	}
	read := parsed(t, mails[0])
	for _, words := range []string{
		"Your account ada on Harbour Notes will be removed on 22 December 2026, with everything you wrote. Log in before then to keep it.",
		"https://blog.example.org/forgot",
	} {
		if !strings.Contains(strings.Join(strings.Fields(read.text), " "), words) {
			t.Errorf("it does not say %q: %s", words, read.text)
		}
	}
}

func TestWhoHasComeBackIsToldNothingOfGoing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	user, _, err := o.Accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	noError(t, err)
	_, err = o.Accounts.Delete(t.Context(), user, account.Client{})
	noError(t, err)
	user, _, err = o.Accounts.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
	if err != nil || !user.Back {
		t.Fatalf("LogIn = %+v, %v", user, err)
	}
	o.outbox()
}

func TestARefusedMailWaitsWithTheServersWordsAndGoesOutLater(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.server.Refuses(451, [3]int{4, 3, 0}, "come back later")
	o.asks("ada")
	for tries, pause := range []string{"1 minute", "2 minutes", "4 minutes", "8 minutes", "16 minutes", "32 minutes", "1 hour", "1 hour"} {
		o.delivers()
		o.delivers() // not sooner
		if o.server.Tries() != tries+1 {
			t.Fatalf("tried %d times, want %d", o.server.Tries(), tries+1)
		}
		if !dbtest.One[bool](t, o.Store, "SELECT due_at - now() BETWEEN $1::interval - interval '20 seconds' AND $1::interval FROM outbox", pause) {
			t.Errorf("after try %d it is not due in %s", tries+1, pause)
		}
		o.passes(pause)
	}
	o.outbox("link, ada@example.org, waiting after 8, 451 4.3.0 come back later")
	o.server.Answers()
	o.delivers()
	if mails := o.server.Mails(); len(mails) != 1 {
		t.Fatalf("sent %+v", mails)
	}
	noError(t, o.Accounts.ResetPassword(t.Context(), o.token(o.server.Mails()[0]), "eight brown owls", account.Client{}))
}

func TestAMailIsGivenUpAfterADayAndStaysVisible(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.server.Stop()
	o.asks("ada")
	tries := 0
	for ; dbtest.One[bool](t, o.Store, "SELECT state = 'waiting' FROM outbox"); tries++ {
		if tries > 40 {
			t.Fatal("it is tried for ever")
		}
		o.delivers()
		o.passes("1 hour")
	}
	if !dbtest.One[bool](t, o.Store, "SELECT state = 'failed' AND answer LIKE '%connection refused%' AND created_at > now() - interval '25 hours' FROM outbox") {
		t.Errorf("it was given up after %d tries: %s", tries, dbtest.One[string](t, o.Store, "SELECT o::text FROM outbox AS o"))
	}
	o.server.Restart()
	o.delivers()
	if len(o.server.Mails()) != 0 {
		t.Error("it was sent after it was given up")
	}
	purged := func(want int64) {
		t.Helper()
		if got, err := mail.Purge(t.Context(), o.Store); err != nil || got != want {
			t.Errorf("%d purged, %v, want %d", got, err, want)
		}
	}
	o.passes("28 days")
	purged(0)
	o.passes("2 days")
	purged(1)
}

func TestAMailboxThatIsNotThereIsGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.server.Refuses(550, [3]int{5, 1, 1}, "no such user")
	o.asks("ada")
	o.delivers()
	o.outbox("link, ada@example.org, failed after 1, 550 5.1.1 no such user")
}

func TestAMailGoesOutWhenTheServerIsBack(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*mailtest.Server){
		"down":     (*mailtest.Server).Stop,
		"hanging":  (*mailtest.Server).Hangs,
		"refusing": func(s *mailtest.Server) { s.Refuses(554, [3]int{5, 7, 1}, "relay access denied") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.Server.Patience = 300 * time.Millisecond
			trouble(o.server)
			o.asks("ada")
			o.delivers()
			if state := dbtest.One[string](t, o.Store, "SELECT state FROM outbox"); state != "waiting" || len(o.server.Mails()) != 0 {
				t.Errorf("it is %s", state)
			}
			o.server.Answers()
			if name == "down" {
				o.server.Restart()
			}
			o.Server.Patience = 0
			o.passes("1 minute")
			o.delivers()
			if len(o.server.Mails()) != 1 {
				t.Errorf("sent %+v", o.server.Mails())
			}
		})
	}
}

func TestAMailThatWasTakenIsSentWhateverHappensAtTheGoodbye(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Server.Patience = 300 * time.Millisecond
	o.server.HangsAfterwards()
	o.asks("ada")
	o.delivers()
	o.outbox("link, ada@example.org, sent after 1, 2.0.0 OK: queued")
	o.server.Answers()
	o.passes("1 hour")
	o.delivers()
	if mails := o.server.Mails(); len(mails) != 1 {
		t.Errorf("sent %d", len(mails))
	}
}

func TestANewerRequestTakesThePlaceOfOneThatWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.server.Refuses(451, [3]int{4, 3, 0}, "come back later")
	o.asks("ada")
	o.delivers()
	o.server.Answers()
	o.asks("ada@example.org")
	o.delivers()
	o.passes("1 hour")
	o.delivers()
	if mails := o.server.Mails(); len(mails) != 1 {
		t.Errorf("sent %d", len(mails))
	}
}

func TestManyRequestsAtOnceAreOneMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 20 {
		dbtest.Exec(t, o.Store, "DELETE FROM throttles") // it is not what makes one of them
		o.asks("ada")
		o.asks("eve")
		o.asks("ada@example.org")
	}
	o.delivers()
	if mails := o.server.Mails(); len(mails) != 1 {
		t.Errorf("sent %d", len(mails))
	}
	noError(t, o.Accounts.ResetPassword(t.Context(), o.token(o.server.Mails()[0]), "eight brown owls", account.Client{}))
}

func TestManyPostmenSendEachMailOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const people = 20
	for i := range people {
		name := "reader-" + string(rune('a'+i))
		dbtest.User(t, o.Store, name)
		dbtest.Exec(t, o.Store, "UPDATE users SET email = username || '@example.org', email_confirmed_at = now() WHERE username = $1", name)
		o.asks(name)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := o.Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got := map[string]int{}
	for _, sent := range o.server.Mails() {
		got[sent.To]++
	}
	if len(got) != people || len(o.server.Mails()) != people {
		t.Errorf("sent %v", got)
	}
}

func TestAPostmanPassesOverWhatAnotherIsTaking(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dbtest.Exec(t, o.Store, "UPDATE users SET email = 'bob@example.org', email_confirmed_at = now() WHERE username = 'bob'")
	o.asks("ada")
	o.asks("bob")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	noError(t, o.Store.Tx(ctx, func(q *db.Queries) error {
		if _, err := q.ClaimMail(ctx); err != nil { // ada's, as it is older
			return err
		}
		return o.Deliver(ctx) // which waits for nobody
	}))
	if mails := o.server.Mails(); len(mails) != 1 || mails[0].To != "bob@example.org" {
		t.Errorf("sent %+v", mails)
	}
}

func TestAPostmanWhoWasKilledLosesNoMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.asks("ada")
	_, err := o.Store.ClaimMail(t.Context()) // and nothing more is heard of them
	noError(t, err)
	o.delivers()
	if len(o.server.Mails()) != 0 {
		t.Error("two have it")
	}
	o.passes("1 minute")
	o.delivers()
	if len(o.server.Mails()) != 1 {
		t.Error("it is lost")
	}
}

func TestAPostmanWhoIsStoppedLetsTheMailUnderWayFinish(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.server.Hangs()
	o.asks("ada")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	for o.server.Tries() == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	o.server.Answers()
	<-done
	if state := dbtest.One[string](t, o.Store, "SELECT state FROM outbox"); state != "sent" || len(o.server.Mails()) != 1 {
		t.Errorf("it is %s", state)
	}
}

func TestAPostmanWhoIsStoppedWaitsForNoServerThatHangs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Server.Patience = time.Minute
	o.server.Hangs()
	o.asks("ada")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	for o.server.Tries() == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	begun := time.Now()
	<-done
	if took := time.Since(begun); took > 7*time.Second {
		t.Errorf("it took %s", took)
	}
	o.outbox("link, ada@example.org, waiting after 1, the blog was stopped before the mail server had answered")
}

func TestAPostmanSaysWhenTheOutboxCannotBeRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dbtest.Exec(t, o.Store, "ALTER TABLE outbox RENAME TO mislaid")
	if err := o.Deliver(t.Context()); err == nil || db.IsNone(err) {
		t.Errorf("got %v", err)
	}
}

func TestATestMailArrivesAtWhoAskedForIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ada := account.User{ID: dbtest.One[uuid.UUID](t, o.Store, "SELECT id FROM users WHERE username = 'ada'")}
	bob := account.User{ID: dbtest.One[uuid.UUID](t, o.Store, "SELECT id FROM users WHERE username = 'bob'")}
	for range 2 { // one that waits is enough
		noError(t, o.Accounts.TestMail(t.Context(), ada))
	}
	if err := o.Accounts.TestMail(t.Context(), bob); !errors.As(err, new(fault.Invalid)) {
		t.Errorf("without an address: %v", err)
	}
	o.outbox("test, waiting after 0")
	o.server.Refuses(451, [3]int{4, 3, 0}, "not today")
	o.delivers()
	mails, next, err := o.Accounts.Mails(t.Context(), 0)
	noError(t, err)
	if len(mails) != 1 || next != 0 || mails[0].State != account.MailWaiting || mails[0].Username != "ada" || !strings.Contains(mails[0].Answer, "not today") {
		t.Errorf("the owner sees %+v", mails)
	}
	o.server.Answers()
	o.passes("2 minutes")
	o.delivers()
	if sent := o.server.Mails(); len(sent) != 1 || sent[0].To != "ada@example.org" || !strings.Contains(parsed(t, sent[0]).text, "test that ada asked for") {
		t.Errorf("sent %+v", sent)
	}
	if mails, _, _ = o.Accounts.Mails(t.Context(), 0); mails[0].State != account.MailSent || mails[0].To != "ada@example.org" || mails[0].Tries != 2 {
		t.Errorf("the owner sees %+v", mails)
	}
}
