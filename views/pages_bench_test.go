package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/markdown"
	"miniblog/views"
)

// BenchmarkPage renders each page as a busy blog shows it, without what the buffer of its answer takes.
func BenchmarkPage(b *testing.B) {
	text := markdown.Render(strings.Repeat("## A part\n\nThe river was quiet, *quite* quiet, and [nobody](/@ada/nobody) said \"a word\" about `it`.\n\n", 40))
	home := views.List{URL: views.HomeURL, Posts: benchedPosts(views.Listed, false), Next: blog.Place{Time: benchedTime, ID: uuid.Max}}
	mine := views.List{URL: views.DashboardURL, Posts: benchedPosts(views.Own, true), Next: home.Next}
	full := benchedPosts(views.Full, false)[0]
	full.HTML, full.Outline = text.HTML, ""
	own := full
	own.Mine = true
	reader := views.Page{Blog: "Harbour Notes", CanJoin: true, Here: "/", Head: views.Head{Title: "Harbour Notes", URL: "https://blog.example.org/", Description: "The newest posts."}}
	writer := reader
	writer.Username, writer.Name, writer.Account = "ada", "Ada of the Harbour", uuid.Max.String()
	var tags []blog.Tag
	for n := range 100 {
		tags = append(tags, blog.Tag{Name: fmt.Sprintf("Tag %d", n), Slug: fmt.Sprintf("tag-%d", n)})
	}
	var months []time.Time
	for n := range 60 {
		months = append(months, benchedTime.AddDate(0, -n, 0))
	}
	editor := views.Editor{
		ID: uuid.Max, Root: "editor", Author: uuid.Max, Published: true, SavedAt: benchedTime,
		Text: blog.Draft{Title: full.Title, Body: strings.Repeat("The river was quiet, and nobody said a word.\n\n", 100), Tags: "tide, harbour"},
	}
	for _, page := range []struct {
		name  string
		shown templ.Component
	}{
		{"home", views.HomePage(reader, home)},
		{"home, signed in", views.HomePage(writer, home)},
		{"post", views.PostPage(reader, full, views.Pager{Older: full.Post, Newer: full.Post})},
		{"post, one's own", views.PostPage(writer, own, views.Pager{Older: full.Post, Newer: full.Post})},
		{"author", views.AuthorPage(reader, full.Author, home)},
		{"tag", views.TagPage(reader, tags[0], home)},
		{"tags", views.TagsPage(reader, tags)},
		{"archive", views.ArchivePage(reader, months)},
		{"dashboard", views.DashboardPage(writer, mine)},
		{"editor", views.EditorPage(writer, editor)},
	} {
		b.Run(page.name, func(b *testing.B) {
			var out strings.Builder
			if err := page.shown.Render(b.Context(), &out); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(out.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if err := page.shown.Render(b.Context(), discard{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// discard takes what is written.
type discard struct{}

func (discard) Write(p []byte) (int, error)       { return len(p), nil }
func (discard) WriteString(s string) (int, error) { return len(s), nil }

var benchedTime = time.Date(2026, time.November, 22, 7, 30, 0, 0, time.UTC)

// benchedPosts are as many as a list shows.
func benchedPosts(shape views.Shape, mine bool) (posts []views.Post) {
	for n := range blog.PageSize {
		at := benchedTime.Add(-time.Duration(n) * time.Hour)
		posts = append(posts, views.Post{Shape: shape, Mine: mine, Post: blog.Post{
			ID: uuid.UUID{6: 0x70, 8: 0x80, 15: byte(n)}, Author: blog.Author{ID: uuid.Max, Username: "ada", Name: "Ada of the Harbour"},
			Slug: fmt.Sprintf("the-tide-tables-were-wrong-%d", n), Title: "The tide tables were “wrong” & late again",
			Excerpt: strings.Repeat("Every harbour keeps two clocks: the one on the wall, and the one in the mud. ", 3),
			Words:   900, Version: 2, CreatedAt: at, UpdatedAt: at, PublishedAt: at, Tags: "tide, harbour",
		}})
	}
	return posts
}

// Twenty posts cost hardly more than none: nothing is allocated for each of them. The promise is
// less than 60 for the page; the race detector has pools forget now and then.
func TestAListTakesFewAllocations(t *testing.T) {
	reader := views.Page{Blog: "Harbour Notes", CanJoin: true, Here: "/", Head: views.Head{Title: "Harbour Notes", URL: "https://blog.example.org/", Description: "The newest posts."}}
	home := views.HomePage(reader, views.List{URL: views.HomeURL, Posts: benchedPosts(views.Listed, false), Next: blog.Place{Time: benchedTime, ID: uuid.Max}})
	allocations := testing.AllocsPerRun(100, func() {
		if err := home.Render(t.Context(), discard{}); err != nil {
			t.Error(err)
		}
	})
	if allocations >= 60 {
		t.Errorf("home of twenty posts took %v allocations", allocations)
	}
}
