package e2e

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

// site is a blog that answers on a real listener, with a database of its own.
type site struct {
	store    *db.Store
	accounts *account.Accounts
	url      string
	options  handlers.Options
	stop     func(t *testing.T) // ends the server that runs
}

// slots bounds how many tests use the browser at once: more only wait for each other's processor.
var slots = make(chan struct{}, 2)

// newSite starts a blog; options change how, and one that takes the accounts away leaves it without mail. A test has one, and holds a slot for it.
func newSite(t *testing.T, options ...func(*handlers.Options)) *site {
	t.Helper()
	slots <- struct{}{}
	t.Cleanup(func() { <-slots })
	store := dbtest.Store(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	made := handlers.Options{
		Blog: blog.New(store),
		Accounts: account.New(store, password.New(0, time.Minute), account.Rules{
			Signup: account.SignupOpen, PasswordMin: 8, Mail: true,
		}),
		Ready: store.Ready, Title: "Harbour Notes",
		URL: &url.URL{Scheme: "http", Host: listener.Addr().String()},
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	for _, option := range options {
		option(&made)
	}
	if made.Accounts == nil { // those of a blog that sends no mail
		made.Accounts = account.New(store, password.New(0, time.Minute), account.Rules{Signup: account.SignupOpen, PasswordMin: 8})
	}
	s := &site{store: store, accounts: made.Accounts, url: made.URL.String(), options: made}
	s.serve(t, listener)
	t.Cleanup(func() { s.stop(t) })
	return s
}

func (s *site) serve(t *testing.T, listener net.Listener) {
	server := handlers.New(s.options)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.stop = func(t *testing.T) {
		t.Helper()
		// Not the test's own context: it ends before clean-up begins.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(server.Drain(ctx), <-served); err != nil {
			t.Error(err)
		}
	}
}

// stops ends the blog's server, so that nothing listens at its address.
func (s *site) stops(t *testing.T) {
	t.Helper()
	s.stop(t)
	s.stop = func(*testing.T) {}
}

// starts takes stops back: the blog answers at its address again.
func (s *site) starts(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", s.options.URL.Host)
	for begun := time.Now(); errors.Is(err, syscall.EADDRINUSE) && time.Since(begun) < patience; time.Sleep(lookEvery) {
		listener, err = net.Listen("tcp", s.options.URL.Host) // somebody else has got its port for a moment
	}
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, listener)
}

// session begins a session of the user with that name, and returns its token. It asks for no password: hashing one is slow.
func (s *site) session(t *testing.T, username string) string {
	t.Helper()
	user := account.User{
		ID: dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", username), Username: username, PasswordNumber: 1,
	}
	tokens, err := s.accounts.StartSession(t.Context(), user, account.Client{})
	if err != nil {
		t.Fatal(err)
	}
	return string(tokens.Session)
}

// link is the path of a new link to set the password of the user with that name.
func (s *site) link(t *testing.T, username string) string {
	t.Helper()
	token, err := s.accounts.NewLink(t.Context(), username, "", account.Client{})
	if err != nil {
		t.Fatal(err)
	}
	return "/reset/" + string(token)
}

// invites closes the blog to all but one, and returns the token of their invitation.
func (s *site) invites(t *testing.T) string {
	t.Helper()
	raw := make([]byte, 32)
	rand.Read(raw)
	hash := sha256.Sum256(raw)
	dbtest.Exec(t, s.store, "INSERT INTO invitations (token_hash, uses, expires_at) VALUES ($1, 1, now() + interval '1 day')", hash[:])
	dbtest.Exec(t, s.store, "UPDATE settings SET signup = 'invite'")
	return base64.RawURLEncoding.EncodeToString(raw)
}

// throttles has that name tried too often.
func (s *site) throttles(t *testing.T, name string) {
	t.Helper()
	for range 5 {
		if _, _, err := s.accounts.LogIn(t.Context(), name, "seven gray herons", account.Client{}); err == nil {
			t.Fatal("a wrong password lets in")
		}
	}
	// The fifth failure's wait is short for a busy machine.
	dbtest.Exec(t, s.store, "UPDATE throttles SET throttled_until = now() + interval '15 minutes' WHERE kind = 'account'")
}

// endSessions ends everybody's session, as time would.
func (s *site) endSessions(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "DELETE FROM sessions")
}

// breaks makes every question about posts fail, as no outage does.
func (s *site) breaks(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO mislaid")
}

// mends takes breaks back.
func (s *site) mends(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "ALTER TABLE mislaid RENAME TO posts")
}

// post adds a published post of ada's, whom it adds as well.
func (s *site) post(t *testing.T, options ...func(*dbtest.NewPost)) dbtest.NewPost {
	t.Helper()
	return dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), options...)
}

// wantPosts compares all posts, in the order in which they were begun, with lines
// such as "ada, first-light, saved 2: First light / The text." It counts saves, as it
// is a matter of time how many autosaves come in between, and without scripts none do.
func (s *site) wantPosts(t *testing.T, want ...string) {
	t.Helper()
	got := dbtest.One[[]string](t, s.store, `
		SELECT coalesce(array_agg(
			concat_ws(', ', username, coalesce(slug, 'draft'),
				'saved ' || (SELECT count(*) FROM versions WHERE post_id = posts.id AND kind = 'saved'),
				CASE WHEN posts.deleted_at IS NOT NULL THEN 'deleted' END,
				CASE WHEN slug IS NOT NULL AND published_at IS NULL THEN 'not published' END)
			|| ': ' || title || ' / ' || body ORDER BY posts.created_at, posts.id), '{}')
		FROM posts JOIN users ON users.id = author_id`)
	if !slices.Equal(got, want) {
		t.Errorf("the posts are\n%q, want\n%q", got, want)
	}
}

// wantUsers compares all accounts, by name, with lines such as "ada ada@example.org author".
func (s *site) wantUsers(t *testing.T, want ...string) {
	t.Helper()
	got := dbtest.One[[]string](t, s.store,
		"SELECT coalesce(array_agg(concat_ws(' ', username, email, role) ORDER BY username), '{}') FROM users")
	if !slices.Equal(got, want) {
		t.Errorf("the accounts are\n%q, want\n%q", got, want)
	}
}

// wantSessions compares how many browsers are logged in.
func (s *site) wantSessions(t *testing.T, want int) {
	t.Helper()
	if got := dbtest.One[int](t, s.store, "SELECT count(*) FROM sessions"); got != want {
		t.Errorf("%d sessions, want %d", got, want)
	}
}
