package demo_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"miniblog/internal/blog"
	"miniblog/internal/demo"
)

func TestNoTextNeedsCleaning(t *testing.T) {
	t.Parallel()
	planned := plan(t)
	for n := range 500 {
		made := post(t, planned, n) // which fails for a text that breaks a rule of the blog's
		again, err := blog.Prepare(blog.Draft{Title: made.Title, Body: made.Body, Tags: made.Draft.Tags})
		if err != nil || !reflect.DeepEqual(again, made.Text) {
			t.Errorf("post %d, %q, is not as the blog would keep it: %v", n, made.Title, err)
		}
	}
}

func TestTheWritingHasTypographicQuotesAndNoRoughEdges(t *testing.T) {
	t.Parallel()
	planned := plan(t, func(o *demo.Options) { o.Posts = 1500 })
	for n := range 1500 {
		made := post(t, planned, n)
		for _, flaw := range []string{`"`, "'", "{", "}", "  ", "\n\n\n", "\t"} {
			if strings.Contains(made.Title+"\n"+made.Body, flaw) {
				t.Errorf("%q holds %q", made.Title, flaw)
			}
		}
		if first, _ := utf8.DecodeRuneInString(made.Title); unicode.IsLower(first) {
			t.Errorf("%q begins with a small letter", made.Title)
		}
	}
}

func TestPostsHaveOneToTwelveParagraphs(t *testing.T) {
	t.Parallel()
	planned := plan(t, func(o *demo.Options) { o.Posts = 1500 })
	lengths := map[int]int{}
	for n := range 1500 {
		lengths[len(blog.Paragraphs(post(t, planned, n).Body))]++
	}
	for length := 1; length <= 12; length++ {
		if lengths[length] == 0 {
			t.Errorf("no post has %d paragraphs: %v", length, lengths)
		}
		delete(lengths, length)
	}
	if len(lengths) > 0 {
		t.Errorf("there are posts of other lengths: %v", lengths)
	}
}

func TestTheSamplesComeInManyScripts(t *testing.T) {
	t.Parallel()
	planned := plan(t)
	var all strings.Builder
	for n := range 42 {
		made := post(t, planned, n)
		all.WriteString(made.Title + made.Body)
	}
	for name, script := range map[string]*unicode.RangeTable{
		"Latin": unicode.Latin, "Arabic": unicode.Arabic, "Han": unicode.Han,
		"Hiragana": unicode.Hiragana, "Cyrillic": unicode.Cyrillic, "emoji and other symbols": unicode.So,
	} {
		if !strings.ContainsFunc(all.String(), func(r rune) bool { return unicode.Is(script, r) }) {
			t.Errorf("no sample has %s", name)
		}
	}
}

func TestEverybodyWritesAndTheFirstWriteMore(t *testing.T) {
	t.Parallel()
	planned := plan(t, func(o *demo.Options) { o.Authors, o.Posts = 50, 5000 })
	posts := make([]int, 50)
	for n := range 5000 {
		posts[post(t, planned, n).Author]++
	}
	for author, written := range posts {
		if written == 0 {
			t.Errorf("%s has written nothing", planned.Usernames()[author])
		}
	}
	if posts[0] < 2*posts[49] {
		t.Errorf("the first has written %d posts, the last %d", posts[0], posts[49])
	}
}

func BenchmarkPost(b *testing.B) {
	planned, err := demo.New(demo.Options{Authors: 5, Posts: demo.MaxPosts, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		if _, err := planned.Post(1000 + n%1_000_000); err != nil {
			b.Fatal(err)
		}
	}
}
