package blog_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

func TestAnAuthorIsCalledByTheNameTheyChose(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	posts, ada := blog.New(store), dbtest.User(t, store, "ada")
	post := dbtest.Post(t, store, ada)
	for _, c := range []struct{ chosen, shown string }{{"", "ada"}, {"Ada Lovelace", "Ada Lovelace"}} {
		dbtest.Exec(t, store, "UPDATE users SET display_name = $1, about = 'Counts.'", c.chosen)
		at, err := posts.At(t.Context(), "ada", post.Slug())
		noError(t, err)
		own, err := posts.Own(t.Context(), blog.Author{ID: ada}, post.ID)
		noError(t, err)
		newest, err := posts.Newest(t.Context(), blog.Place{})
		noError(t, err)
		author, page, err := posts.NewestBy(t.Context(), "ada", blog.Place{})
		noError(t, err)
		for _, got := range []blog.Author{at.Author, own.Author, newest.Posts[0].Author, author, page.Posts[0].Author} {
			if got.ShownName() != c.shown || got.Username != "ada" || got.ID != ada {
				t.Errorf("chosen %q: shown as %+v", c.chosen, got)
			}
		}
		if author.About != "Counts." {
			t.Errorf("about the author: %q", author.About)
		}
	}
}

func TestWhoseAccountWasDeletedMeanwhileWritesNothing(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	posts, ada := blog.New(store), blog.Author{ID: dbtest.User(t, store, "ada"), Username: "ada"}
	begun := dbtest.Post(t, store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Draft = "Begun", true })
	binned := dbtest.Post(t, store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "Binned", true })
	dbtest.Exec(t, store, "UPDATE users SET deleted_at = now(), deleted_by = id")
	kept := func() string {
		return dbtest.One[string](t, store, "SELECT string_agg(p.xmin || '|' || p::text, ';' ORDER BY id) FROM posts AS p")
	}
	before := kept()
	draft := blog.Draft{Title: "New", Body: "Text."}
	for what, try := range map[string]func() error{
		"write": func() error {
			_, err := posts.Write(t.Context(), ada, blog.NewID(), blog.Origin{}, draft, blog.Save)
			return err
		},
		"publish": func() error {
			_, err := posts.Revise(t.Context(), ada, begun.ID, blog.Origin{Base: 1}, draft, blog.Publish)
			return err
		},
		"autosave": func() error {
			_, err := posts.Autosave(t.Context(), ada, uuid.New(), blog.Origin{}, draft)
			return err
		},
		"restore": func() error {
			_, err := posts.Restore(t.Context(), ada, binned.ID)
			return err
		},
	} {
		if err := try(); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if kept() != before {
		t.Error("something was kept")
	}
	if _, _, err := posts.NewestBy(t.Context(), "ada", blog.Place{}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the author's page: %v", err)
	}
}
