package torture

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

// readBack is how many texts are read again over HTTP, besides the newest of each post.
const readBack = 1000

// reader reads as the author does.
type reader struct {
	writer
	mu    sync.Mutex
	wrong []string
}

// unreadable reads over HTTP what the database holds, and lists what is not shown.
func (w *world) unreadable(v *verdict) []string {
	w.t.Helper()
	r := &reader{writer: writer{client: w.blog.caller(openLimit), session: w.session}}
	defer r.client.CloseIdleConnections()
	ids := make(chan uuid.UUID)
	var busy sync.WaitGroup
	for range 4 {
		busy.Go(func() {
			for id := range ids {
				r.readPost(id, v.posts[id])
			}
		})
	}
	for id := range v.posts {
		ids <- id
	}
	close(ids)
	busy.Wait()
	r.readSome(v)
	return r.wrong
}

func (r *reader) wronged(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

// get reads a page.
func (r *reader) get(path string) *goquery.Document {
	request, err := http.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	if err != nil {
		panic(err) // of a path that is always well formed
	}
	got := r.ask(request)
	document, err := goquery.NewDocumentFromReader(strings.NewReader(got.page))
	if got.status != http.StatusOK || err != nil {
		r.wronged("%s: answered %d", path, got.status)
		return &goquery.Document{Selection: &goquery.Selection{}}
	}
	return document
}

// readPost reads a post's editor and its whole history.
func (r *reader) readPost(id uuid.UUID, p *post) {
	path := "/posts/" + id.String()
	html, _ := r.get(path + "/edit").Html() // nothing is wrong with a parsed page
	shown, _ := readEditor(html)
	if opened := p.opened(); shown.base != opened || shown.text.hash() != p.texts[opened-1] {
		r.wronged("%s: the editor does not show version %d", path, opened)
	}
	left := len(p.titles)
	for left > 0 {
		lines := r.get(path + "/history?before=" + strconv.Itoa(left+1)).Find(".version-text")
		lines.Each(func(_ int, line *goquery.Selection) {
			if left == 0 || line.AttrOr("id", "") != "version-"+strconv.Itoa(left) || line.Find(".version-title").Text() != p.titles[left-1] {
				r.wronged("%s: the history does not list version %d", path, left)
			}
			left--
		})
		if lines.Length() == 0 {
			r.wronged("%s: the history ends before version %d", path, left)
			return
		}
	}
}

// readSome reads the texts of some versions, each compared with itself.
func (r *reader) readSome(v *verdict) {
	left := readBack
	for id, p := range v.posts {
		for number := len(p.texts); number > 0 && (left > 0 || number == len(p.texts)); number-- {
			left--
			path := fmt.Sprintf("/posts/%s/history?from=%d&to=%d", id, number, number)
			page := r.get(path)
			if hashOf(page.Find(".compared-title").Text(), page.Find("div.compared").Text()) != p.texts[number-1] {
				r.wronged("%s: this is not the text", path)
			}
		}
	}
}
