package views

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"miniblog/internal/blog"
)

func rendered(t *testing.T, component templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := component.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// FuzzListed: a post that is put together without components is the one that they make.
func FuzzListed(f *testing.F) {
	for _, text := range []string{"The tide tables", "", " ", `<script>alert("1")</script>`, "&amp; 'quoted'", "潮汐表\n\nзавтра\n\n", "\xff\x00", "javascript:alert(1)", "\n\n\n"} {
		f.Add(text, text, "ada", "Ada's <b>", "the-tide", 300, int64(1_790_000_000), true)
		f.Add(text, "", "ada", "", text, 0, int64(-1_790_000_000), false)
	}
	f.Fuzz(func(t *testing.T, title, excerpt, username, name, slug string, words int, at int64, onTop bool) {
		published := time.Unix(at, 0).In(time.FixedZone("", 3600))
		p := Post{Shape: Listed, OnTop: onTop, Post: blog.Post{
			ID: uuid.NewMD5(uuid.Nil, []byte(title)), Author: blog.Author{Username: username, Name: name}, Slug: slug, Title: title,
			Excerpt: excerpt, Words: words, PublishedAt: published, UpdatedAt: published.Add(time.Hour), PinnedAt: published,
		}}
		if p.isOnlyRead() == p.PublishedAt.IsZero() {
			t.Fatalf("published at %v it is only read: %v", p.PublishedAt, p.isOnlyRead())
		}
		if p.PublishedAt.IsZero() { // a draft, which components make
			return
		}
		if got, want := rendered(t, articles([]Post{p, p})), rendered(t, PostOrNotice(p)); got != want+want {
			t.Errorf("got twice\n%s\nwant\n%s", got, want)
		}
	})
}

// What anything is to be done with is left to components.
func TestOnlyWhatIsReadIsPutTogetherByHand(t *testing.T) {
	t.Parallel()
	read := Post{Shape: Listed, Post: blog.Post{PublishedAt: time.Now()}}
	if !read.isOnlyRead() {
		t.Error("a post in a list is not only read")
	}
	for name, change := range map[string]func(*Post){
		"full": func(p *Post) { p.Shape = Full }, "own": func(p *Post) { p.Shape = Own }, "mine": func(p *Post) { p.Mine = true }, "focus": func(p *Post) { p.Focus = true },
		"merged": func(p *Post) { p.Merged = &Comparison{} }, "announced": func(p *Post) { p.Announce = "Saved" }, "dead links": func(p *Post) { p.Dead = []string{"/"} },
		"zone": func(p *Post) { p.Zone = time.UTC }, "found": func(p *Post) { p.Found = &blog.Hit{} },
		"draft": func(p *Post) { p.PublishedAt = time.Time{} }, "deleted": func(p *Post) { p.DeletedAt = time.Now() },
	} {
		changed := read
		change(&changed)
		if changed.isOnlyRead() {
			t.Errorf("%s: it is taken for a post that is only read", name)
		}
	}
}
