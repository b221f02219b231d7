package handlers_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

// site is a blog that answers on a real listener, with a database of its own.
type site struct {
	store *db.Store
	url   string
}

// newSite starts a blog; options change how.
func newSite(t *testing.T, options ...func(*handlers.Options)) *site {
	t.Helper()
	store := dbtest.Store(t)
	listener := httptest.NewUnstartedServer(nil).Listener
	address, err := url.Parse("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	made := handlers.Options{
		Blog: blog.New(store),
		Accounts: account.New(store, password.New(0, time.Minute), account.Rules{
			Signup: account.SignupOpen, PasswordMin: 8,
		}),
		Ready: store.Ready, Title: "Harbour Notes", URL: address, Log: slog.New(slog.DiscardHandler),
	}
	for _, option := range options {
		option(&made)
	}
	server := handlers.New(made)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		// Not the test's own context: it ends before clean-up begins.
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Drain(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return &site{store: store, url: address.String()}
}

// browser keeps cookies and follows no redirect, so that tests see each answer.
type browser struct {
	t      *testing.T
	site   *site
	client *http.Client
	header http.Header
}

// visitor is a browser of somebody who is not logged in.
func (s *site) visitor(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, site: s, header: http.Header{"Sec-Fetch-Site": {"same-origin"}}, client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as is a browser in which the user of that name, made by dbtest.User, has logged in.
func (s *site) as(t *testing.T, username string) *browser {
	t.Helper()
	b := s.visitor(t)
	b.post("/login", url.Values{"username": {username}, "password": {dbtest.Password}}).wants(http.StatusSeeOther)
	return b
}

// with sends a header along with every request.
func (b *browser) with(name, value string) *browser {
	copied := *b
	copied.header = b.header.Clone()
	copied.header.Set(name, value)
	return &copied
}

// htmx sends what htmx sends when it replaces a part of the page.
func (b *browser) htmx() *browser {
	return b.with("HX-Request", "true").with("HX-Request-Type", "partial")
}

func (b *browser) get(path string) *answer { return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, form url.Values) *answer {
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) *answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.site.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header = b.header.Clone()
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(content)))
	if err != nil {
		b.t.Fatal(err)
	}
	return &answer{t: b.t, Response: response, body: string(content), page: page}
}

// answer is a response with its page to ask.
type answer struct {
	*http.Response
	t    *testing.T
	body string
	page *goquery.Document
}

// wants fails the test at once when the status is another.
func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s answered %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

// leadsTo asserts a redirect.
func (a *answer) leadsTo(path string) {
	a.t.Helper()
	a.wants(http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != path {
		a.t.Errorf("%s led to %q, want %q", a.Request.URL.Path, got, path)
	}
}

// has asserts that the selector finds something, and returns it.
func (a *answer) has(selector string) *goquery.Selection {
	a.t.Helper()
	found := a.page.Find(selector)
	if found.Length() == 0 {
		a.t.Errorf("no %q in the answer of %s: %s", selector, a.Request.URL.Path, a.body)
	}
	return found
}

// hasNot asserts that the selector finds nothing.
func (a *answer) hasNot(selector string) {
	a.t.Helper()
	if a.page.Find(selector).Length() != 0 {
		a.t.Errorf("there is %q in the answer of %s: %s", selector, a.Request.URL.Path, a.body)
	}
}

// says asserts the text of what the selector finds.
func (a *answer) says(selector, words string) {
	a.t.Helper()
	if text := strings.Join(strings.Fields(a.has(selector).Text()), " "); !strings.Contains(text, words) {
		a.t.Errorf("%q says %q, want %q", selector, text, words)
	}
}

// isPage asserts a whole document.
func (a *answer) isPage() *answer {
	a.t.Helper()
	if !strings.HasPrefix(a.body, "<!doctype html>") {
		a.t.Errorf("not a whole page: %.80s", a.body)
	}
	return a
}

// isFragment asserts exactly one root element with that id, and no document around it.
func (a *answer) isFragment(id string) *answer {
	a.t.Helper()
	roots := a.page.Find("body").Children()
	if got, _ := roots.Attr("id"); strings.Contains(a.body, "<html") || roots.Length() != 1 || got != id {
		a.t.Errorf("not a fragment with the one root #%s: %s", id, a.body)
	}
	return a
}
