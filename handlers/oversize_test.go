package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

// kib is a text of that length in lines, as a browser sends it and as the page shows it.
func kib(n int) (sent, shown string) {
	shown = strings.Repeat(strings.Repeat("é", 511)+"\n\n", n)
	return strings.ReplaceAll(shown, "\n", "\r\n"), shown
}

func TestATextBeyondTheLimitComesBackWholeAndSaysItsLength(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	for _, path := range []string{"/new", at(dbtest.Post(t, s.store, id), "/edit")} {
		for _, n := range []int{1025, 2500} {
			sent, shown := kib(n)
			form := ada.get(path).form("form[data-editor]")
			s.keeps(t, func() {
				refused := ada.submit(form, merged(text("Long", sent), asDraft)).wants(http.StatusUnprocessableEntity).isPage()
				refused.says(".problem[role=alert]", "The text is longer than 1 MiB: it has")
				if got := refused.has("textarea").Text(); got != shown {
					t.Errorf("%d KiB came back as %d bytes, want %d", n, len(got), len(shown))
				}
			})
		}
	}
}

func TestATextOfFourMebibytesComesBackWhole(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	long := strings.Repeat("Every harbour keeps two clocks, and neither is right.\n", 4<<20/54)
	refused := ada.post("/posts", text("Long", strings.ReplaceAll(long, "\n", "\r\n"))).wants(http.StatusUnprocessableEntity)
	refused.says(".problem[role=alert]", "it has 4096 KiB, and 1024 fit")
	if got := refused.has("textarea").Text(); got != long {
		t.Errorf("it came back as %d bytes, want %d", len(got), len(long))
	}
}

func TestTheEditorKnowsTheLimitAndCropsNothing(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	for _, b := range []*browser{ada, ada.htmx()} {
		a := b.get("/new").wants(http.StatusOK)
		a.has("textarea[data-limit='1048576']:not([maxlength])")
		a.hasNot("textarea[aria-describedby], .hint")
	}
}

func TestATextNearTheLimitSaysHowLongItIs(t *testing.T) {
	t.Parallel()
	away := withoutDatabase(t).withCookie(t, "session="+randomToken())
	for n, words := range map[int]string{
		920: "", 921: "This text has 921 of the 1024 KiB", 1024: "This text has 1024 of the 1024 KiB",
		1025: "This text has 1025 KiB, and a post can hold 1024. Split it",
	} {
		sent, _ := kib(n)
		page := away.post("/posts", text("Long", sent)).wants(http.StatusServiceUnavailable)
		described := page.page.Find("textarea").AttrOr("aria-describedby", "none")
		if got := page.page.Find("#" + described).Text(); !strings.HasPrefix(got, words) || words == "" && got != "" {
			t.Errorf("%d KiB: it is told %q, want %q", n, got, words)
		}
	}
}

func TestALongTextSentAfterALogoutElsewhereGoesThroughTheLoginPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	for name, n := range map[string]int{"a text": 500, "a text beyond the limit": 1400} {
		sent, shown := kib(n)
		b := s.visitor(t) // without a cookie: the logout took it
		asked := b.post("/posts", text("Long", sent)).wants(http.StatusUnauthorized).isPage()
		editor := b.goesOnAs("ada", asked)
		if got := editor.has("textarea").Text(); got != shown {
			t.Errorf("%s came back as %d bytes, want %d", name, len(got), len(shown))
		}
		if n > 1024 {
			editor.says(".body-field", "Split it into two posts.")
			b.submit(editor.form("form[data-editor]"), asDraft).refuses("#compose", "body")
		}
	}
}

func TestTheLongestFormThatIsReadFitsThroughTheLoginPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t)
	longest := strings.Repeat("a", 8<<20-len("body=&title="))
	asked := b.post("/posts", url.Values{"title": {""}, "body": {longest}}).wants(http.StatusUnauthorized)
	editor := b.goesOnAs("ada", asked)
	if got := editor.has("textarea").Text(); got != longest {
		t.Errorf("it came back as %d bytes, want %d", len(got), len(longest))
	}
}

func TestWhatWasNotReadSaysWhereTheTextStillIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := tooLarge(t, s).isPage()
	page.says("main", "your browser’s Back button")
	page.hasNot("textarea")
	inPlace := tooLarge(t, s, "HX-Request: true")
	inPlace.says(".wrong", "try again. What you typed is still here. Request")
	if strings.Contains(inPlace.body, "Back") {
		t.Errorf("who is in the editor is sent away from it: %s", inPlace.body)
	}
}

func TestHalfATextThatWasNotReadToItsEndIsNotGivenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, head := range map[string]string{
		"of a named length": "Content-Length: 9000000", "in chunks": "Transfer-Encoding: chunked",
	} {
		body := "body=Secret" + strings.Repeat("a", 9<<20)
		if name == "in chunks" {
			body = "900000\r\n" + body
		}
		w := s.wire(t).send("POST /posts HTTP/1.1", "Host: localhost", "Cookie: session=x", "Sec-Fetch-Site: same-origin",
			"Content-Type: "+formType, head, "", "")
		go func() { _, _ = w.Write([]byte(body)) }() // until it is cut off
		got := w.reads("POST").refuses(http.StatusRequestEntityTooLarge)
		if strings.Contains(got.body, "Secret") || strings.Contains(got.body, "<textarea") {
			t.Errorf("%s: half the text is given back", name)
		}
	}
}
