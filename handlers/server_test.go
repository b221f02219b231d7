package handlers_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

// site is a blog that answers on a real listener, with a database of its own.
type site struct {
	server   *handlers.Server
	blog     *blog.Blog
	accounts *account.Accounts
	store    *db.Store
	url      string
}

// newSite starts a blog with nothing in it; options change how.
func newSite(t *testing.T, options ...func(*handlers.Options)) *site {
	t.Helper()
	return siteOn(t, dbtest.Store(t), options...)
}

// siteOn starts a blog that is kept in that store.
func siteOn(t *testing.T, store *db.Store, options ...func(*handlers.Options)) *site {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil).Listener
	address, err := url.Parse("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	made := handlers.Options{
		Blog: blog.New(store), Accounts: accountsOf(store, account.SignupOpen),
		Ready: store.Ready, Title: "Harbour Notes", URL: address, Log: slog.New(slog.DiscardHandler),
	}
	for _, option := range options {
		option(&made)
	}
	_ = made.Blog.ReadNavigation(t.Context()) // as the program does; the database may be away
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
	return &site{server: server, blog: made.Blog, accounts: made.Accounts, store: store, url: address.String()}
}

func accountsOf(store *db.Store, mode account.Signup) *account.Accounts {
	return account.New(store, password.New(0, time.Minute), account.Rules{Signup: mode, PasswordMin: 8, Blog: "Harbour Notes"})
}

// kept is every row of everything that is kept, to compare before and after. When a session was last used is left out,
// and the record, which also tells of what was refused.
func (s *site) kept(t *testing.T) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `
		SELECT coalesce(string_agg(row, E'\n' ORDER BY row), '') FROM (
			SELECT concat_ws('|', 'user', to_jsonb(u) - 'seen_at') FROM users AS u
			UNION ALL SELECT concat_ws('|', 'setting', xmin, s) FROM settings AS s
			UNION ALL SELECT concat_ws('|', 'invitation', xmin, i) FROM invitations AS i
			UNION ALL SELECT concat_ws('|', 'confirmation', xmin, c) FROM confirmations AS c
			UNION ALL SELECT concat_ws('|', 'session', token_hash, user_id, created_at) FROM sessions
			UNION ALL SELECT concat_ws('|', 'reset', xmin, r) FROM resets AS r
			UNION ALL SELECT concat_ws('|', 'mail', xmin, m) FROM outbox AS m
			UNION ALL SELECT concat_ws('|', 'post', xmin, p) FROM posts AS p
			UNION ALL SELECT concat_ws('|', 'version', xmin, v) FROM versions AS v
		) AS rows (row)`)
}

// keeps asserts that do changes nothing that is kept.
func (s *site) keeps(t *testing.T, do func()) {
	t.Helper()
	before := s.kept(t)
	do()
	if after := s.kept(t); after != before {
		t.Errorf("it changed what is kept from\n%s\nto\n%s", before, after)
	}
}

// count is how many rows a table has.
func (s *site) count(t *testing.T, table string) int {
	t.Helper()
	return dbtest.One[int](t, s.store, "SELECT count(*) FROM "+table)
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

// as is a browser in which the user of that name, made by dbtest.User, is logged in.
func (s *site) as(t *testing.T, username string) *browser {
	t.Helper()
	user := account.User{ID: dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", username)}
	user.PasswordNumber = dbtest.One[int32](t, s.store, "SELECT password_number FROM users WHERE id = $1", user.ID)
	tokens, err := s.accounts.StartSession(t.Context(), user, account.Client{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.visitor(t)
	b.client.Jar.SetCookies(b.home(), []*http.Cookie{{Name: "session", Value: string(tokens.Session), Path: "/"}})
	return b
}

// home is the blog's address.
func (b *browser) home() *url.URL {
	b.t.Helper()
	at, err := url.Parse(b.site.url)
	if err != nil {
		b.t.Fatal(err)
	}
	return at
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
	if form == nil {
		return b.send(method, path, "", "")
	}
	return b.send(method, path, formType, form.Encode())
}

const formType = "application/x-www-form-urlencoded"

// send sends a body as it is; an empty content type sends none.
func (b *browser) send(method, path, contentType, body string) *answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.site.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header = b.header.Clone()
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	return read(b.t, response)
}

// submit sends a form of the page it is on, as the browser would, with what is typed into it.
func (b *browser) submit(form sheet, typed url.Values) *answer {
	b.t.Helper()
	return b.post(form.action, merged(form.fields, typed))
}

// without leaves a header out.
func (b *browser) without(name string) *browser {
	copied := *b
	copied.header = b.header.Clone()
	copied.header.Del(name)
	return &copied
}

// session is the token in the browser's cookie, or "".
func (b *browser) session() string {
	for _, cookie := range b.client.Jar.Cookies(b.home()) {
		if cookie.Name == "session" {
			return cookie.Value
		}
	}
	return ""
}

func read(t *testing.T, response *http.Response) *answer {
	t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	return &answer{t: t, Response: response, body: string(content), page: page}
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

// wantsHeader asserts a header's value.
func (a *answer) wantsHeader(name, value string) *answer {
	a.t.Helper()
	if got := strings.Join(a.Header.Values(name), ", "); got != value {
		a.t.Errorf("%s %s answered with %s %q, want %q", a.Request.Method, a.Request.URL.Path, name, got, value)
	}
	return a
}

// goesOn asserts that htmx is told to load another page.
func (a *answer) goesOn(path string) {
	a.t.Helper()
	a.wants(http.StatusNoContent).wantsHeader("HX-Redirect", path)
	if a.body != "" {
		a.t.Errorf("an answer without content has some: %s", a.body)
	}
}

// refuses asserts a 422 whose form points out that field: marked, tied to its words, and the first of the marked with
// the cursor.
func (a *answer) refuses(form string, fields ...string) *answer {
	a.t.Helper()
	a.wants(http.StatusUnprocessableEntity)
	if marked := a.page.Find(form + " [aria-invalid=true]").Length(); marked != len(fields) {
		a.t.Errorf("%d fields are marked, want %v: %s", marked, fields, a.body)
	}
	for _, field := range fields {
		described, _ := a.has(form + " [name=" + field + "][aria-invalid=true]").Attr("aria-describedby")
		alert := a.page.Find("#" + strings.Join(strings.Fields(described), ", #")).Filter("[role=alert]")
		if alert.Length() != 1 || strings.TrimSpace(alert.Text()) == "" {
			a.t.Errorf("%s is described by %q, which says nothing: %s", field, described, a.body)
		}
	}
	focused := a.page.Find("[autofocus]")
	if name, _ := focused.Attr("name"); focused.Length() != 1 || name != fields[0] {
		a.t.Errorf("the cursor is in %q (%d places), want %q", name, focused.Length(), fields[0])
	}
	if a.page.Find("[type=password][value]").Length() != 0 || strings.Contains(a.body, dbtest.Password) {
		a.t.Errorf("the password comes back: %s", a.body)
	}
	return a
}

// isPage asserts a whole document.
func (a *answer) isPage() *answer {
	a.t.Helper()
	whole := strings.HasPrefix(a.body, "<!doctype html>") && strings.Count(a.body, "<html") == 1
	if !whole || a.page.Find("body > main h1").Length() != 1 || a.page.Find("#status[role=status]").Length() != 1 {
		a.t.Errorf("not a whole page: %s", a.body)
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

// sheet is a form as it stands on a page.
type sheet struct {
	action string
	fields url.Values
}

// form reads a form as a browser sends it, but for the buttons: line ends become CRLF.
func (a *answer) form(selector string) sheet {
	a.t.Helper()
	found := a.has(selector)
	read := sheet{action: found.AttrOr("action", ""), fields: url.Values{}}
	found.Find("input[name], textarea[name]").Each(func(_ int, field *goquery.Selection) {
		if _, ticked := field.Attr("checked"); field.AttrOr("type", "") == "checkbox" && !ticked {
			return
		}
		value := field.AttrOr("value", "")
		if field.Is("textarea") {
			value = strings.ReplaceAll(field.Text(), "\n", "\r\n")
		}
		read.fields.Set(field.AttrOr("name", ""), value)
	})
	return read
}

// merged is what a form holds after more was typed into it.
func merged(fields ...url.Values) url.Values {
	all := url.Values{}
	for _, some := range fields {
		maps.Copy(all, some)
	}
	return all
}
