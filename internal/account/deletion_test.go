package account_test

import (
	"errors"
	"sync"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// left is every post and account that is still kept.
func (r *register) left() string {
	r.t.Helper()
	return dbtest.One[string](r.t, r.store, `SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM (
		SELECT username AS name FROM users UNION ALL SELECT title FROM posts) AS kept`)
}

func TestAnAccountIsPurgedWithItsPostsOrNotAtAll(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	posts := blog.New(r.store)
	ada, bob := r.user("ada"), r.user("bob")
	dbtest.Post(t, r.store, ada.ID, func(p *dbtest.NewPost) { p.Title = "shown" })
	dbtest.Post(t, r.store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "binned", true })
	dbtest.Post(t, r.store, bob.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "torn", true })
	dbtest.Exec(t, r.store, "UPDATE posts SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL")
	_, err := r.Delete(t.Context(), ada, account.Client{})
	noError(t, err)
	ages := func(interval string) {
		dbtest.Exec(t, r.store, "UPDATE posts SET deleted_at = u.deleted_at - $1::interval FROM users AS u WHERE author_id = u.id AND posts.deleted_at = u.deleted_at", interval)
		dbtest.Exec(t, r.store, "UPDATE users SET deleted_at = deleted_at - $1::interval", interval)
	}
	ages("29 days")
	purge := func() {
		_, err := posts.Purge(t.Context())
		noError(t, err)
		_, err = r.Purge(t.Context())
		noError(t, err)
	}
	purge()
	if got := r.left(); got != "ada bob shown" {
		t.Errorf("after 29 days there are %s", got)
	}
	ages("1 day")
	_, err = posts.Purge(t.Context()) // as far as it had come when a log-in brought the account back
	noError(t, err)
	if got := r.left(); got != "ada bob shown" {
		t.Errorf("the posts went without their author: %s", got)
	}
	if _, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{}); !errors.As(err, new(fault.Invalid)) {
		t.Errorf("after 30 days: %v", err)
	}
	purge()
	if got := r.left(); got != "bob" {
		t.Errorf("after 30 days there are %s", got)
	}
}

func TestADeletedAccountComesBackOnceHoweverManyLogIn(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	dbtest.Post(t, r.store, ada.ID)
	_, err := r.Delete(t.Context(), ada, account.Client{})
	noError(t, err)
	if _, err := r.Delete(t.Context(), ada, account.Client{}); !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("deleted twice: %v", err)
	}
	var both sync.WaitGroup
	for range 3 {
		both.Go(func() {
			user, _, err := r.LogIn(t.Context(), "ada", dbtest.Password, account.Client{})
			if err != nil {
				t.Errorf("LogIn = %+v, %v", user, err)
			}
		})
	}
	both.Wait()
	if restored := dbtest.One[int](t, r.store, "SELECT count(*) FROM events WHERE kind = 'restored'"); restored != 1 {
		t.Errorf("it came back %d times", restored)
	}
	if gone := dbtest.One[int](t, r.store, "SELECT count(*) FROM posts WHERE deleted_at IS NOT NULL"); gone != 0 {
		t.Error("the post is gone")
	}
}
