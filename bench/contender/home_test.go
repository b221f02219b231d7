package contender

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

func TestThePageIsWrittenAroundTheRowsAndEscaped(t *testing.T) {
	t.Parallel()
	h, err := newHome(Answer{Body: []byte("<main><div><article>yesterday</article></div></main><footer>")})
	if err != nil {
		t.Fatal(err)
	}
	slug, at := "a-post", time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC)
	rows := make([]db.ListPublishedRow, perPage+1)
	for i := range rows {
		rows[i] = db.ListPublishedRow{ID: uuid.Max, Username: "ada", Slug: &slug, Title: `<b> & "c"`, Excerpt: "one\n\ntwo'", Words: 221, PublishedAt: &at}
	}
	page := string(h.write(nil, rows))
	for part, times := range map[string]int{
		"<main><div><article id=": 1, "&lt;b&gt; &amp; &#34;c&#34;": perPage, `<p dir="auto">two&#39;</p>`: perPage, "<span>2 min</span>": perPage,
		`href="/?before=1795332600000000.ffffffff-`: 1, "</p></div></main><footer>": 1, "yesterday": 0, "22 November 2026": perPage,
	} {
		if got := strings.Count(page, part); got != times {
			t.Errorf("%q is there %d times, want %d", part, got, times)
		}
	}
	if strings.Contains(string(h.write(nil, rows[:perPage])), "Older posts") {
		t.Error("the last page leads on")
	}
	if _, err := newHome(Answer{Body: []byte("<main></main>")}); err == nil {
		t.Error("a page without posts is taken")
	}
}
