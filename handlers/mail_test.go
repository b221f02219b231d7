package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

func randomID() string { return uuid.NewString() }

// ownedWithMail is a blog of ada's, who has an address, with a mail server that nobody serves.
func ownedWithMail(t *testing.T) (s *site, ada *browser) {
	t.Helper()
	store := dbtest.Store(t)
	s = siteOn(t, store, func(o *handlers.Options) {
		o.Accounts = account.New(store, password.New(0, 0), account.Rules{Signup: account.SignupOpen, PasswordMin: 8, Mail: true})
	})
	dbtest.Owner(t, s.store, "ada")
	dbtest.Exec(t, s.store, "UPDATE users SET email = 'ada@example.org', email_confirmed_at = now()")
	return s, s.as(t, "ada")
}

func TestTheOwnerSeesWhatBecameOfEachMailInTheServersWords(t *testing.T) {
	t.Parallel()
	s, ada := ownedWithMail(t)
	ada.get("/admin/mail").wants(http.StatusOK).isPage().says("main", "No mail in the last 30 days.")
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users")
	for _, c := range []struct{ state, answer, words string }{
		{"sent", "250 ok", "Sent: the mail server has taken it."},
		{"failed", "550 no such user", "Not sent, and given up."},
		{"waiting", "dial tcp: <b>", "Not sent yet. The next try is after"},
	} {
		dbtest.Exec(t, s.store, "INSERT INTO outbox (kind, user_id, recipient, state, attempts, answer) VALUES ('link', $1, 'ada@example.org', $2, 2, $3)", id, c.state, c.answer)
		a := ada.get("/admin/mail")
		a.says(".mails article:first-of-type h2", "Link to set a password")
		a.says(".mails article:first-of-type dd", "ada ada@example.org")
		a.says(".mails article:first-of-type", c.words)
		a.says(".mails article:first-of-type .answer", c.answer)
	}
	dbtest.Exec(t, s.store, "INSERT INTO outbox (kind, asked) VALUES ('link', 'my secret')")
	nobody := ada.htmx().get("/admin/mail").wants(http.StatusOK).isFragment("mail")
	nobody.says(".mails article:first-of-type", "nobody yet")
	nobody.says(".mails article:first-of-type", "Waits to be sent.")
	if nobody.page.Find("b").Length() != 0 {
		t.Error("the answer is not as it is")
	}
	if got := nobody.page.Find(":contains('my secret')").Length(); got != 0 {
		t.Error("what was typed is shown before it is known whose it is")
	}
}

func TestATestMailWaitsInTheOutboxOnce(t *testing.T) {
	t.Parallel()
	s, ada := ownedWithMail(t)
	ada.post("/admin/mail/test", url.Values{}).leadsTo("/admin/mail")
	part := ada.htmx().post("/admin/mail/test", url.Values{}).wants(http.StatusOK).isFragment("mail")
	part.says(".mails article h2", "Test")
	part.says(".mails article dd:first-of-type", "ada")
	part.says(".mails article", "Waits to be sent.")
	if s.count(t, "outbox WHERE kind = 'test'") != 1 || s.count(t, "outbox") != 1 {
		t.Error("not one waits")
	}
	s.keeps(t, func() {
		ada.with("Sec-Fetch-Site", "cross-site").post("/admin/mail/test", url.Values{}).wants(http.StatusForbidden)
	})
	dbtest.Exec(t, s.store, "UPDATE outbox SET state = 'sent'")
	ada.post("/admin/mail/test", url.Values{}).leadsTo("/admin/mail")
	if s.count(t, "outbox") != 2 {
		t.Error("there is no second test")
	}
	dbtest.Exec(t, s.store, "UPDATE users SET email = NULL, email_confirmed_at = NULL")
	s.keeps(t, func() {
		for _, a := range []*answer{ada.post("/admin/mail/test", url.Values{}).isPage(), ada.htmx().post("/admin/mail/test", url.Values{}).isFragment("mail")} {
			a.wants(http.StatusUnprocessableEntity).says("[role=alert]", "Your account has no email address")
			a.has("[role=alert] a[href='/settings']")
		}
	})
}

func TestWithoutAMailServerNothingIsSaidToBeSent(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	dbtest.Exec(t, s.store, "INSERT INTO outbox (kind, user_id) VALUES ('notice', $1)", bob)
	page := ada.get("/admin/mail").wants(http.StatusOK).isPage()
	page.says("main", "No mail server is set")
	page.says("main", "MINIBLOG_SMTP_URL")
	page.says(".mails article", "it waits for a mail server")
	page.hasNot("form[action='/admin/mail/test']")
	s.keeps(t, func() { ada.post("/admin/mail/test", url.Values{}).wants(http.StatusUnprocessableEntity) })
}

func TestTheOwnersListsComeInPages(t *testing.T) {
	t.Parallel()
	s, ada := ownedWithMail(t)
	id := dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users")
	dbtest.Exec(t, s.store, "INSERT INTO outbox (kind, user_id) SELECT 'notice', $1 FROM generate_series(1, 60)", id)
	dbtest.Exec(t, s.store, `INSERT INTO invitations (token_hash, uses, expires_at, created_at)
		SELECT sha256(n::text::bytea), n, now() + interval '1 day', now() - n * interval '1 hour' FROM generate_series(1, 60) AS n`)
	dbtest.Exec(t, s.store, "INSERT INTO events (kind, username) SELECT 'disabled', 'user-' || n FROM generate_series(1, 60) AS n")
	for path, entry := range map[string]string{"/admin/mail": "article", "/admin/invitations": "article", "/admin/record": "#record li, [id^=record-] li"} {
		first := ada.get(path).wants(http.StatusOK).isPage()
		if n := first.has(entry).Length(); n != 50 {
			t.Errorf("%s has %d entries", path, n)
		}
		older := first.has(".older a").AttrOr("href", "")
		rest := ada.get(older).wants(http.StatusOK).isPage()
		if n := rest.has(entry).Length(); n < 10 || n > 12 {
			t.Errorf("%s goes on with %d entries", path, n)
		}
		rest.hasNot(".older")
		for _, before := range []string{"x", "0", "-1", "99999999999999999999", "1.2"} {
			ada.get(path + "?before=" + before).wants(http.StatusBadRequest)
		}
	}
}

func TestTheRecordShowsTheOwnerEverybodysEvents(t *testing.T) {
	t.Parallel()
	s, ada, bob := owned(t)
	s.as(t, "bob")
	ada.post(s.at(bob, "disabling"), url.Values{})
	page := ada.get("/admin/record").wants(http.StatusOK).isPage()
	page.says("#record li:nth-of-type(1)", "Account disabled bob by ada")
	page.says("#record li:nth-of-type(2)", "Logged in bob")
	last := dbtest.One[int64](t, s.store, "SELECT max(id) FROM events")
	ada.htmx().get(fmt.Sprintf("/admin/record?before=%d", last)).wants(http.StatusOK).isFragment(fmt.Sprintf("record-%d", last)).says("li", "Logged in")
}
