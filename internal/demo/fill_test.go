package demo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/demo"
	"miniblog/internal/password"
)

func gate() *password.Gate { return password.New(1, time.Minute) }

func fill(t *testing.T, store *db.Store, planned *demo.Demo) (secret string) {
	t.Helper()
	secret, err := planned.Fill(t.Context(), store, gate(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func counts(t *testing.T, store *db.Store) [2]int {
	t.Helper()
	return [2]int{
		dbtest.One[int](t, store, "SELECT count(*) FROM users"),
		dbtest.One[int](t, store, "SELECT count(*) FROM posts WHERE published_at <= now() AND deleted_at IS NULL"),
	}
}

func TestFillWritesExactlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, wanted := range [][2]int{{1, 0}, {1, 1}, {3, 42}, {5, 1234}, {200, 10}} {
		store := dbtest.Store(t)
		fill(t, store, plan(t, func(o *demo.Options) { o.Authors, o.Posts = wanted[0], wanted[1] }))
		if got := counts(t, store); got != wanted {
			t.Errorf("authors and posts: %v instead of %v", got, wanted)
		}
	}
}

func TestAFilledBlogReadsAsIfItHadBeenWritten(t *testing.T) {
	t.Parallel()
	store, planned := dbtest.Store(t), plan(t)
	fill(t, store, planned)
	posts := blog.New(store)
	page, err := posts.Newest(t.Context(), blog.Place{})
	if err != nil {
		t.Fatal(err)
	}
	for n, listed := range page.Posts {
		want := post(t, planned, n)
		read, err := posts.At(t.Context(), planned.Usernames()[want.Author], want.Slug)
		if err != nil {
			t.Fatal(err)
		}
		same := read.Text() == want.Draft && read.Slug == want.Slug && read.Excerpt == want.Excerpt && read.Words == want.Words
		if listed.ID != want.ID || read.ID != want.ID || !same || read.Version != 1 || read.CreatedAt != read.PublishedAt {
			t.Errorf("post %d is %+v instead of %+v", n, read, want)
		}
	}
}

func TestEveryPostOfTheDemoHasItsFirstVersion(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	before := dbtest.Post(t, store, dbtest.User(t, store, "bob-before"))
	fill(t, store, plan(t, func(o *demo.Options) { o.Posts = 600 }))
	if same := dbtest.One[int](t, store, `
		SELECT count(*)
		FROM posts AS p
		JOIN versions AS v ON v.post_id = p.id
		WHERE (v.number, v.kind, v.title, v.body, v.words) = (1, 'saved', p.title, p.body, p.words)
			AND (p.id = $1 OR v.created_at = p.created_at)`, before.ID); same != 601 {
		t.Errorf("%d posts of 601 have their text as a version", same)
	}
	if count := dbtest.One[int](t, store, "SELECT count(*) FROM versions"); count != 601 {
		t.Errorf("%d versions, want 601", count)
	}
}

func TestEveryAuthorLogsInWithThePassword(t *testing.T) {
	t.Parallel()
	store, planned := dbtest.Store(t), plan(t)
	secret := fill(t, store, planned)
	accounts := account.New(store, gate(), account.Rules{PasswordMin: 8})
	for _, username := range planned.Usernames() {
		if _, _, err := accounts.LogIn(t.Context(), username, secret, account.Client{}); err != nil {
			t.Errorf("%s: %v", username, err)
		}
	}
	if err := password.Check(secret, password.Context{}, 8); err != nil {
		t.Error(err)
	}
}

func TestAnAuthorWhoExistsIsNamedAndNothingIsChanged(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "edsger")
	_, err := plan(t).Fill(t.Context(), store, gate(), func(int) {})
	var taken *demo.TakenError
	if !errors.As(err, &taken) || taken.Username != "edsger" {
		t.Errorf("the demo answered %v", err)
	}
	if got := counts(t, store); got != [2]int{1, 0} {
		t.Errorf("authors and posts afterwards: %v", got)
	}
}

func TestTheSecondRunRefuses(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	fill(t, store, plan(t))
	_, err := plan(t, func(o *demo.Options) { o.Seed = 2 }).Fill(t.Context(), store, gate(), func(int) {})
	var taken *demo.TakenError
	if !errors.As(err, &taken) || taken.Username != "ada" {
		t.Errorf("the demo answered %v", err)
	}
	if got := counts(t, store); got != [2]int{5, 500} {
		t.Errorf("authors and posts afterwards: %v", got)
	}
}

func TestAnInterruptedDemoLeavesNothing(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := plan(t, func(o *demo.Options) { o.Posts = 2500 }).Fill(ctx, store, gate(), func(posts int) {
		if posts >= 1000 {
			interrupt()
		}
	})
	if err == nil {
		t.Error("the demo does not say that it was interrupted")
	}
	if got := counts(t, store); got != [2]int{} {
		t.Errorf("authors and posts afterwards: %v", got)
	}
}

func TestProgressRisesToTheNumberOfPosts(t *testing.T) {
	t.Parallel()
	last := 0
	_, err := plan(t, func(o *demo.Options) { o.Posts = 1234 }).Fill(t.Context(), dbtest.Store(t), gate(), func(posts int) {
		if posts <= last {
			t.Errorf("%d after %d", posts, last)
		}
		last = posts
	})
	if err != nil || last != 1234 {
		t.Errorf("progress ended at %d: %v", last, err)
	}
}
