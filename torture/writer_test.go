package torture

import (
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

const (
	answerLimit = 1500 * time.Millisecond // how long a browser waits here; what it sent may still arrive
	givingUp    = 60 * time.Second        // no trouble lasts that long
)

// writer is an author with a browser.
type writer struct {
	name    string
	dice    *rand.Rand
	client  *http.Client
	session string
	ledger  *ledger
	editor  editor
	begun   int // posts, for their names

	shared *shared // nil for who writes alone
	side   int     // 0 or 1 of those who share
}

// shared is a post that two writers have open at once. They take another one often: it
// is their first meetings, not a long history, that go wrong.
type shared struct {
	mu   sync.Mutex
	post uuid.UUID
	left int // how often it is to be opened still
}

// editor is a post opened in a browser.
type editor struct {
	post    uuid.UUID
	base    int // the version that the text began from
	sitting uuid.UUID
	turn    int
	text    text
}

// work writes until stop is closed, and then has the last text acknowledged.
func (w *writer) work(stop <-chan struct{}) {
	defer w.client.CloseIdleConnections()
	for {
		select {
		case <-stop:
			return
		default:
		}
		w.turn()
		time.Sleep(between(w.dice, 0, 20*time.Millisecond))
	}
}

// turn is some typing, kept in one of the two ways.
func (w *writer) turn() {
	if w.editor.post == uuid.Nil {
		w.begin()
		return
	}
	saving := w.dice.IntN(4) == 0
	if !saving || w.editor.turn == 0 || w.dice.IntN(2) == 0 { // else the text saved is the one just autosaved
		w.typeOn()
	}
	if !saving {
		w.keep(autosaved)
		return
	}
	switch {
	case !w.keep(saved): // and the editor is as that left it
	case w.dice.IntN(12) == 0:
		w.close()
	default:
		w.reopen()
	}
}

// close leaves the editor: the next turn opens that of another post.
func (w *writer) close() { w.editor = editor{} }

// begin opens the editor of another post.
func (w *writer) begin() {
	w.begun++
	if w.shared == nil {
		w.editor = editor{post: uuid.Must(uuid.NewV7()), sitting: uuid.New()}
		return
	}
	w.shared.mu.Lock()
	defer w.shared.mu.Unlock()
	if w.shared.left == 0 {
		w.editor = editor{post: uuid.Must(uuid.NewV7()), sitting: uuid.New(), text: sharedText}
		w.shared.post = w.editor.post
		w.typeOn()
		if !w.keep(saved) {
			w.close()
			return
		}
		w.shared.left = 10
	}
	w.shared.left--
	w.editor.post = w.shared.post
	w.reopen()
}

// typeOn changes the text into one that never was before.
func (w *writer) typeOn() {
	e := &w.editor
	e.turn++
	name := fmt.Sprintf("%s.%d.%s.%d", w.name, w.begun, e.sitting.String()[:6], e.turn)
	if w.shared != nil {
		e.text = e.text.nextShared(w.dice, name, w.side)
	} else {
		e.text = e.text.next(w.dice, name)
	}
}

// keep sends the text until it is acknowledged, and tells whether it was; it was not
// when it was refused. Where no answer comes it is sent again, or what has been typed
// meanwhile is.
func (w *writer) keep(kind string) (kept bool) {
	for begun := time.Now(); time.Since(begun) < givingUp; time.Sleep(between(w.dice, 5*time.Millisecond, 150*time.Millisecond)) {
		switch status := w.send(kind); {
		case status == http.StatusOK:
			return true
		case status == http.StatusConflict:
			w.reopen()
			return false
		case status == http.StatusNotFound:
			w.ledger.wonder("a post that was acknowledged is not found")
			w.close()
			return false
		case status != 0 && status < 500:
			w.ledger.wonder("%s: answered %d", kind, status)
		case w.dice.IntN(3) == 0:
			w.typeOn()
		}
	}
	w.ledger.wonder("no answer to %q within %s", kind, givingUp)
	return false
}

// send sends the text once. It returns 200 for an acknowledgement and 0 for no answer.
func (w *writer) send(kind string) (status int) {
	e := w.editor
	sent := write{post: e.post, sitting: e.sitting, turn: e.turn, kind: kind, text: e.text.hash()}
	w.ledger.send(sent)
	got := w.ask(w.form(kind))
	w.ledger.answered(got.status)
	switch {
	case kind == saved && got.status == http.StatusSeeOther:
		if strings.HasPrefix(got.location, "/login") {
			return http.StatusUnauthorized
		}
	case kind == autosaved && got.status == http.StatusOK:
		if told := stateHash(got.page); told != hex.EncodeToString(sent.text[:]) {
			w.ledger.wonder("autosaved: acknowledged another text than the one sent")
			return 0
		}
	case got.status == http.StatusOK:
		w.ledger.wonder("saved: answered 200")
		return 0
	default:
		return got.status
	}
	w.ledger.acknowledge(sent)
	return http.StatusOK
}

// form is the request that keeps the text.
func (w *writer) form(kind string) *http.Request {
	e := w.editor
	values := url.Values{
		"title": {e.text.title}, "body": {e.text.typed()},
		"sitting": {e.sitting.String()}, "turn": {strconv.Itoa(e.turn)},
	}
	if e.base > 0 {
		values.Set("version", strconv.Itoa(e.base))
	}
	path := "/posts/" + e.post.String()
	switch {
	case kind == autosaved:
		path += "/versions"
	case e.base == 0:
		path = "/posts"
		values.Set("id", e.post.String())
		values.Set("status", []string{"published", "draft"}[e.turn%2])
	case e.turn%3 == 0:
		values.Set("status", "published")
	}
	request, err := http.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader(values.Encode()))
	if err != nil {
		panic(err) // of a path that is always well formed
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind == autosaved {
		request.Header.Set("HX-Request", "true")
	}
	return request
}

// answer is what came back. Its status is 0 when that did not come whole.
type answer struct {
	status         int
	location, page string
}

func (w *writer) ask(request *http.Request) answer {
	request.Header.Set("Cookie", w.session)
	response, err := w.client.Do(request)
	if err != nil {
		return answer{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}
	}
	return answer{response.StatusCode, response.Header.Get("Location"), string(text)}
}

// stateHash is the hash in the editor's state line.
func stateHash(page string) string {
	document, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return ""
	}
	return document.Find("[data-state].kept").AttrOr("data-sha256", "")
}

// reopen opens the post's editor anew: another sitting, begun from the newest version.
func (w *writer) reopen() {
	for begun := time.Now(); time.Since(begun) < givingUp; time.Sleep(between(w.dice, 5*time.Millisecond, 150*time.Millisecond)) {
		request, err := http.NewRequest(http.MethodGet, "http://localhost/posts/"+w.editor.post.String()+"/edit", nil)
		if err != nil {
			panic(err) // of a path that is always well formed
		}
		got := w.ask(request)
		if got.status == http.StatusNotFound {
			w.ledger.wonder("the editor of a post that was acknowledged is not found")
			w.close()
			return
		}
		if shown, ok := readEditor(got.page); got.status == http.StatusOK && ok {
			w.editor = editor{post: w.editor.post, base: shown.base, sitting: uuid.New(), text: shown.text}
			return
		}
	}
	w.ledger.wonder("no editor within %s", givingUp)
}

// shownEditor is what the editor's page holds.
type shownEditor struct {
	base int
	text text
}

func readEditor(page string) (shown shownEditor, ok bool) {
	document, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return shownEditor{}, false
	}
	form := document.Find("form[data-editor]")
	base, err := strconv.Atoi(form.Find("input[name=version]").AttrOr("value", "0"))
	shown = shownEditor{base, text{form.Find("input[name=title]").AttrOr("value", ""), form.Find("textarea[name=body]").Text()}}
	return shown, err == nil && form.Length() == 1
}
