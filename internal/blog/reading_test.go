package blog_test

import (
	"strings"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

const marked = "## Two *clocks*\n\nSee [the bell](/@ada/the-bell), <https://example.org/x> and [mail](mailto:a@example.org).\n"

func TestWhatReadersSeeIsRenderedWhenItIsSaved(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := blog.NewID()
	draft := blog.Draft{Title: "T", Body: marked}
	post, err := s.Write(t.Context(), s.ada, id, blog.Origin{}, draft, blog.KeepPrivate)
	noError(t, err)
	if got := dbtest.One[string](t, s.store, "SELECT html || plain || renderer FROM posts WHERE id = $1", id); got != "" || post.HTML != "" {
		t.Errorf("of a draft there is %q", got)
	}
	published, err := s.Revise(t.Context(), s.ada, id, from(1), draft, blog.Publish)
	noError(t, err)
	if html := string(published.HTML); !strings.Contains(html, "<em>clocks</em>") || !strings.Contains(html, "</h2>") {
		t.Errorf("published it is %q", html)
	}
	if heads := published.Headings(); len(heads) != 1 || heads[0].Level != 2 || heads[0].Text != "Two clocks" {
		t.Errorf("its headings are %v", heads)
	}
	if got := published.LinkList(); strings.Join(got, " ") != "/@ada/the-bell https://example.org/x" {
		t.Errorf("its links are %q", got)
	}
	if plain := dbtest.One[string](t, s.store, "SELECT plain FROM posts WHERE id = $1", id); strings.ContainsAny(plain, "*#[") || !strings.Contains(plain, "the bell") {
		t.Errorf("searched is %q", plain)
	}
	if found := dbtest.One[bool](t, s.store, "SELECT document @@ websearch_to_tsquery('english', 'bells') FROM posts WHERE id = $1", id); !found {
		t.Error("a search does not find it")
	}
}

func TestWhatAnotherRendererMadeIsMadeAnewAndReadAsNewBefore(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := blog.NewID()
	_, err := s.Write(t.Context(), s.ada, id, blog.Origin{}, blog.Draft{Title: "T", Body: marked}, blog.Publish)
	noError(t, err)
	_, err = s.Write(t.Context(), s.ada, blog.NewID(), blog.Origin{}, blog.Draft{Title: "D", Body: marked}, blog.KeepPrivate)
	noError(t, err)
	for _, older := range []string{"", "0 english", "999 german"} {
		dbtest.Exec(t, s.store, "UPDATE posts SET html = 'old', renderer = $2 WHERE id = $1", id, older)
		read, err := s.At(t.Context(), "ada", "t")
		noError(t, err)
		if !strings.Contains(string(read.HTML), "<em>clocks</em>") {
			t.Errorf("it is read as %q", read.HTML)
		}
		made, err := s.Render(t.Context())
		noError(t, err)
		kept := dbtest.One[string](t, s.store, "SELECT html FROM posts WHERE id = $1", id)
		if made != 1 || kept != string(read.HTML) {
			t.Errorf("%d were made anew, kept is %q", made, kept)
		}
		if again, err := s.Render(t.Context()); again != 0 || err != nil {
			t.Errorf("%d were made again (%v)", again, err)
		}
	}
}

// What PostgreSQL can index is less than what people may write: a text of a thousand
// thousand letters without a blank is saved, and found by its title.
func TestATextThatNoIndexTakesWholeIsSavedAllTheSame(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var noise strings.Builder
	for noise.Len() < 1_000_000 {
		noise.WriteString(blog.NewID().String())
	}
	for name, body := range map[string]string{
		"noise": noise.String(), "hyphens": strings.Repeat("a-", 500_000), "Han": strings.Repeat("潮", 340_000),
		"addresses": strings.Repeat("https://example.org/a/b?c=d ", 35_000),
	} {
		post, err := s.Write(t.Context(), s.ada, blog.NewID(), blog.Origin{}, blog.Draft{Title: "Tide " + name, Body: body}, blog.Publish)
		noError(t, err)
		if found := dbtest.One[bool](t, s.store, "SELECT document @@ plainto_tsquery('english', 'tide') FROM posts WHERE id = $1", post.ID); !found {
			t.Errorf("%s is not found", name)
		}
	}
}

func TestATextThatAnOlderBlogWritesIsReadAsItIs(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	post := s.published()
	dbtest.Exec(t, s.store, "UPDATE posts SET body = 'A *new* text', version = version + 1 WHERE id = $1", post.ID)
	read, err := s.At(t.Context(), "ada", post.Slug)
	noError(t, err)
	if !strings.Contains(string(read.HTML), "<em>new</em>") {
		t.Errorf("it is read as %q", read.HTML)
	}
	if made, err := s.Render(t.Context()); made != 1 || err != nil {
		t.Errorf("%d were made anew (%v)", made, err)
	}
}
