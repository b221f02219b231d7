package handlers_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"miniblog/assets"
	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// journal is a log that tests read.
type journal struct {
	mutex sync.Mutex
	lines bytes.Buffer
}

// to makes a site write its log here.
func (j *journal) to(o *handlers.Options) { o.Log = slog.New(slog.NewJSONHandler(j, nil)) }

func (j *journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.lines.Write(line)
}

func (j *journal) text() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.lines.String()
}

// entries are the lines that have this field.
func (j *journal) entries(t *testing.T, field string) (found []map[string]any) {
	t.Helper()
	for line := range strings.Lines(j.text()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if _, has := entry[field]; has {
			found = append(found, entry)
		}
	}
	return found
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]func(*handlers.Options){"http": nil, "https": {overHTTPS}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options...)
			post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
			b := s.visitor(t)
			sts := ""
			if name == "https" {
				sts = "max-age=63072000; includeSubDomains"
			}
			for kind, a := range map[string]*answer{
				"page":      b.get("/").wants(http.StatusOK),
				"fragment":  b.htmx().get("/@ada/" + post.Slug()).wants(http.StatusOK),
				"redirect":  b.get("/new").wants(http.StatusSeeOther),
				"login":     b.post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther),
				"refusal":   b.post("/login", login("ada", "x")).wants(http.StatusUnprocessableEntity),
				"moved":     b.get("/@Ada/" + post.Slug()).wants(http.StatusMovedPermanently),
				"asset":     b.get(assets.URL("app.css")).wants(http.StatusOK),
				"machine":   b.get("/healthz").wants(http.StatusOK),
				"missing":   b.get("/missing").wants(http.StatusNotFound),
				"no asset":  b.get("/assets/missing").wants(http.StatusNotFound),
				"method":    b.do(http.MethodPut, "/login", nil).wants(http.StatusMethodNotAllowed),
				"foreign":   b.with("Sec-Fetch-Site", "cross-site").post("/login", url.Values{}).wants(http.StatusForbidden),
				"bad place": b.get("/?before=x").wants(http.StatusBadRequest),
				"format":    b.send(http.MethodPost, "/login", "application/json", "{}").wants(http.StatusUnsupportedMediaType),
				"encoding":  b.with("Content-Encoding", "gzip").post("/login", url.Values{}).wants(http.StatusUnsupportedMediaType),
				"too large": tooLarge(t, s),
			} {
				t.Run(kind, func(t *testing.T) { isGuarded(t, a, sts) })
			}
		})
	}
}

func isGuarded(t *testing.T, a *answer, sts string) {
	t.Helper()
	a.t = t
	a.wantsHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "+
		"img-src 'self'; manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	a.wantsHeader("X-Content-Type-Options", "nosniff").wantsHeader("Referrer-Policy", "same-origin")
	a.wantsHeader("Cross-Origin-Opener-Policy", "same-origin").wantsHeader("Cross-Origin-Resource-Policy", "same-origin")
	a.wantsHeader("Strict-Transport-Security", sts).wantsHeader("Server", "")
	if len(a.Header.Get("X-Request-Id")) != 16 {
		t.Errorf("the request's id is %q", a.Header.Get("X-Request-Id"))
	}
	if a.StatusCode >= 400 {
		a.wantsHeader("Content-Type", "text/html; charset=utf-8").wantsHeader("Cache-Control", "no-store")
		if a.StatusCode != http.StatusUnprocessableEntity {
			a.isPage().says("main .hint", a.Header.Get("X-Request-Id"))
		}
	}
}

func TestWhatOnePersonSeesIsKeptByNoCache(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	const vary = "Cookie, HX-Request, HX-Request-Type"
	const compressed = vary + ", Accept-Encoding"
	for _, path := range []string{"/", "/@ada", "/@ada/" + post.Slug(), "/logout"} {
		for _, nobody := range []*browser{s.visitor(t), s.visitor(t).htmx()} {
			nobody.get(path).wants(http.StatusOK).wantsHeader("Cache-Control", "no-cache").wantsHeader("Vary", compressed)
			nobody.do(http.MethodHead, path, nil).wants(http.StatusOK).wantsHeader("Cache-Control", "no-cache").wantsHeader("Vary", compressed)
		}
	}
	ada := s.as(t, "ada")
	for _, path := range []string{"/", "/@ada", "/@ada/" + post.Slug(), "/dashboard", "/new", at(post, "/edit"), "/logout"} {
		for _, b := range []*browser{ada, ada.htmx()} {
			b.get(path).wants(http.StatusOK).wantsHeader("Cache-Control", "no-store").wantsHeader("Vary", vary)
		}
	}
	s.visitor(t).post("/login", url.Values{}).wantsHeader("Cache-Control", "no-store")
	s.visitor(t).post("/signup", url.Values{}).wantsHeader("Cache-Control", "no-store")
	ada.htmx().post(at(post, "/deletion"), url.Values{}).wantsHeader("Cache-Control", "no-store")
}

func TestAnotherSiteChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *handlers.Options) { o.Origins = []string{"http://blog.local:8080"} })
	ada := dbtest.User(t, s.store, "ada")
	gone := dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	for name, headers := range map[string][][2]string{
		"cross-site":                {{"Sec-Fetch-Site", "cross-site"}},
		"same-site":                 {{"Sec-Fetch-Site", "same-site"}},
		"unknown site":              {{"Sec-Fetch-Site", "nonsense"}},
		"cross-site from here":      {{"Sec-Fetch-Site", "cross-site"}, {"Origin", s.url}, {"Referer", s.url + "/"}},
		"other origin":              {{"Origin", "https://evil.example"}},
		"other scheme":              {{"Origin", strings.Replace(s.url, "http:", "https:", 1)}},
		"other port":                {{"Origin", s.url + "0"}},
		"origin that begins so":     {{"Origin", s.url + ".evil.example"}},
		"hidden origin":             {{"Origin", "null"}},
		"hidden origin from here":   {{"Origin", "null"}, {"Referer", s.url + "/"}},
		"other referer":             {{"Referer", "https://evil.example/?" + s.url}},
		"referer that begins so":    {{"Referer", s.url + "@evil.example/"}},
		"nonsense for a referer":    {{"Referer", "://"}},
		"nothing, with the session": nil,
	} {
		t.Run(name, func(t *testing.T) {
			b := s.as(t, "ada").without("Sec-Fetch-Site")
			for _, header := range headers {
				b = b.with(header[0], header[1])
			}
			s.keeps(t, func() {
				for _, post := range []dbtest.NewPost{post, gone} {
					for _, change := range changes {
						b.post(change.of(post.ID.String())).wants(http.StatusForbidden).isPage().says("h1", "Not sent from here")
						b.htmx().post(change.of(post.ID.String())).wants(http.StatusForbidden).has(".wrong")
					}
				}
				b.post("/logout", url.Values{}).wants(http.StatusForbidden).wantsHeader("Set-Cookie", "")
				b.post("/login", login("ada", dbtest.Password)).wants(http.StatusForbidden).wantsHeader("Set-Cookie", "")
				b.post("/signup", joining("eve", "", dbtest.Password)).wants(http.StatusForbidden).wantsHeader("Set-Cookie", "")
				b.do(http.MethodDelete, at(post), nil).wants(http.StatusForbidden)
			})
			b.get("/dashboard").wants(http.StatusOK)
		})
	}
}

func TestThisBlogsOwnPagesMayChangeThings(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *handlers.Options) { o.Origins = []string{"http://blog.local:8080"} })
	dbtest.User(t, s.store, "ada")
	for name, header := range map[string][2]string{
		"same origin":    {"Sec-Fetch-Site", "same-origin"},
		"typed or saved": {"Sec-Fetch-Site", "none"},
		"origin":         {"Origin", s.url},
		"further origin": {"Origin", "http://blog.local:8080"},
		"referer":        {"Referer", s.url + "/new?x"},
	} {
		b := s.as(t, "ada").without("Sec-Fetch-Site").with(header[0], header[1])
		b.post("/posts", text(name, "Text.")).wants(http.StatusSeeOther)
	}
	if s.count(t, "posts") != 5 {
		t.Error("not every change from here was made")
	}
}

func TestAScriptWithoutASessionIsNoBrowserToAbuse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t).without("Sec-Fetch-Site")
	b.post("/login", login("ada", dbtest.Password)).leadsTo("/dashboard")
	s.visitor(t).without("Sec-Fetch-Site").post("/signup", joining("bob", "", dbtest.Password)).leadsTo("/dashboard")
}

func TestEveryRequestIsOneLineInTheLog(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.visitor(t)
	want := map[string][3]any{}
	for _, c := range []struct {
		answer *answer
		method string
		route  string
	}{
		{b.get("/"), "GET", "/"},
		{b.get("/@ada/" + post.Slug()), "GET", "/@:username/:slug"},
		{b.post(at(post), url.Values{}), "POST", "/posts/:id"},
		{b.post("/login", login("ada", "x")), "POST", "/login"},
		{b.get(assets.URL("app.css")), "GET", "/assets/:name"},
		{b.do(http.MethodHead, "/login", nil), "HEAD", "/login"},
	} {
		want[c.answer.Header.Get("X-Request-Id")] = [3]any{c.method, c.route, float64(c.answer.StatusCode)}
	}
	lines := log.entries(t, "route")
	if len(lines) != len(want) {
		t.Errorf("%d lines for %d requests: %s", len(lines), len(want), log.text())
	}
	for _, line := range lines {
		got := [3]any{line["method"], line["route"], line["status"]}
		if _, timed := line["took"].(float64); !timed || got != want[line["id"].(string)] {
			t.Errorf("the log has %v, want %v", line, want[line["id"].(string)])
		}
	}
}

func TestTheLogHoldsNothingThatPeopleSent(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to)
	dbtest.User(t, s.store, "ada")
	b := s.visitor(t).with("User-Agent", "secret agent").with("X-Request-Id", "secret id")
	b.get("/login?next=/new%3Fsecret=1")
	b.post("/login", login("secret name", "secret password"))
	b.post("/signup", joining("secret name", "secret@example.org", "secret"))
	b.post("/login", login("ada", dbtest.Password)).wants(http.StatusSeeOther)
	token := b.session()
	b.post("/posts", text("secret title", "secret text")).wants(http.StatusSeeOther)
	b.post("/posts", text("secret\x00", "secret\xff")).wants(http.StatusUnprocessableEntity)
	b.get("/@ada/secret-title").wants(http.StatusOK)
	b.get("/secret/path?secret").wants(http.StatusNotFound)
	b.get("/?before=secret").wants(http.StatusBadRequest)
	b.get("/dashboard?deleted=secret").wants(http.StatusOK)
	b.send(http.MethodPost, "/posts", "secret/type", "secret").wants(http.StatusUnsupportedMediaType)
	s.withCookie(t, "session=secret").get("/").wants(http.StatusOK)
	tooLarge(t, s)
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO away")
	b.post("/posts", text("secret title", "secret text")).wants(http.StatusInternalServerError)
	b.get("/@ada/secret-title").wants(http.StatusInternalServerError)
	if len(log.entries(t, "route")) != 15 {
		t.Errorf("not a line each: %s", log.text())
	}
	for _, secret := range []string{"secret", token, dbtest.Password, "argon2"} {
		if strings.Contains(log.text(), secret) {
			t.Errorf("the log holds %q: %s", secret, log.text())
		}
	}
}
