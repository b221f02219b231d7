package handlers_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/password"
)

// tooLarge announces a body that is larger than any form. (A client that sent it would be cut off at some point.)
func tooLarge(t *testing.T, s *site, headers ...string) *answer {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /posts/secret-id HTTP/1.1\r\nHost: blog\r\nContent-Type: %s\r\nContent-Length: 5000000\r\n%s\r\n",
		formType, strings.Join(append(headers, ""), "\r\n"))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/posts/secret-id", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, response).wants(http.StatusRequestEntityTooLarge)
}

func TestAnErrorInPlaceIsSaidInTheStatusRegion(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO away")
	b := ada.htmx()
	for name, a := range map[string]*answer{
		"400": b.get("/?before=x").wants(http.StatusBadRequest),
		"403": b.with("Sec-Fetch-Site", "cross-site").post("/posts", url.Values{}).wants(http.StatusForbidden),
		"404": b.get("/missing").wants(http.StatusNotFound),
		"405": b.do(http.MethodPut, "/login", nil).wants(http.StatusMethodNotAllowed),
		"413": tooLarge(t, s, "HX-Request: true"),
		"415": b.send(http.MethodPost, "/posts", "application/json", "{}").wants(http.StatusUnsupportedMediaType),
		"500": b.get("/dashboard").wants(http.StatusInternalServerError),
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			a.wantsHeader("HX-Retarget", "#status").wantsHeader("HX-Reswap", "innerHTML").wantsHeader("Cache-Control", "no-store")
			a.says("body > .wrong", "Request "+a.Header.Get("X-Request-Id"))
			if a.page.Find("body").Children().Length() != 1 || strings.Contains(a.body, "<html") {
				t.Errorf("not one note: %s", a.body)
			}
		})
	}
}

func TestAMethodThatIsNotTakenNamesThoseThatAre(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for path, allow := range map[string]string{"/": "GET, HEAD", "/login": "GET, HEAD, POST", "/posts": "POST", "/dashboard": "GET, HEAD"} {
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			ada.do(method, path, nil).wants(http.StatusMethodNotAllowed).isPage().wantsHeader("Allow", allow)
		}
	}
	s.visitor(t).get("/posts").wants(http.StatusMethodNotAllowed).wantsHeader("Allow", "POST")
}

func TestAFormInAnotherFormatIsRefused(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	s.keeps(t, func() {
		for _, path := range []string{"/posts", "/login", "/signup"} {
			ada.send(http.MethodPost, path, "application/json", `{"title":"T","body":"B"}`).wants(http.StatusUnsupportedMediaType).isPage()
			ada.send(http.MethodPost, path, "text/plain", "title=T&body=B").wants(http.StatusUnsupportedMediaType)
			ada.send(http.MethodPost, path, "multipart/form-data", "title=T&body=B").wants(http.StatusBadRequest).isPage()
			ada.send(http.MethodPost, path, "multipart/form-data; boundary=x", "--x\r\nno").wants(http.StatusBadRequest)
			ada.with("Content-Encoding", "gzip").post(path, text("T", "B")).wants(http.StatusUnsupportedMediaType)
		}
		ada.post("/posts?title=T&body=B", url.Values{}).refuses("#compose", "title", "body")
	})
}

func TestAMistakeOfOursIsLoggedOnceAndNotShown(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO away")
	for _, a := range []*answer{
		ada.get("/").wants(http.StatusInternalServerError).isPage(),
		ada.htmx().get("/dashboard").wants(http.StatusInternalServerError),
		ada.post("/posts", text("T", "B")).wants(http.StatusInternalServerError).isPage(),
	} {
		isExplained(t, a, &log, "relation")
	}
}

// isExplained asserts that a failure's cause stands once in the log, under the id that the page shows, and not on the page.
func isExplained(t *testing.T, a *answer, log *journal, cause string) {
	t.Helper()
	id := a.Header.Get("X-Request-Id")
	if !strings.Contains(a.body, "Request "+id) {
		t.Errorf("the page does not show its request's id: %s", a.body)
	}
	for _, inside := range []string{"SQLSTATE", "pgx", "posts\"", "127.0.0.1", "goroutine", ".go:", "relation", "connect"} {
		if strings.Contains(a.page.Find("main, .wrong").Text(), inside) {
			t.Errorf("the page shows %q: %s", inside, a.body)
		}
	}
	told := 0
	for _, line := range log.entries(t, "cause") {
		if line["id"] == id && strings.Contains(fmt.Sprint(line["cause"]), cause) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the cause of %s stands %d times in the log: %s", id, told, log.text())
	}
}

func TestAPanicEndsOneRequestAlone(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to, func(o *handlers.Options) {
		o.Ready = func(context.Context) error { panic("the roof is gone") }
	})
	b := s.visitor(t)
	isExplained(t, b.get("/readyz").wants(http.StatusInternalServerError).isPage(), &log, "the roof is gone")
	b.get("/").wants(http.StatusOK)
}

func TestWithoutADatabaseEveryPageSaysSoAtOnce(t *testing.T) {
	t.Parallel()
	var log journal
	gone, err := db.Open("postgres://miniblog@127.0.0.1:1/miniblog?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gone.Close)
	s := siteOn(t, gone, log.to)
	b, ada := s.visitor(t), s.withCookie(t, "session="+randomToken())
	for _, ask := range []func() *answer{
		func() *answer { return b.get("/") },
		func() *answer { return b.get("/@ada") },
		func() *answer { return b.get("/@ada/low-tide") },
		func() *answer { return b.post("/login", login("ada", dbtest.Password)) },
		func() *answer { return b.post("/signup", joining("ada", "", dbtest.Password)) },
		func() *answer { return b.get("/signup/username?username=ada") },
		func() *answer { return ada.get("/dashboard") },
		func() *answer { return ada.get("/missing") },
		func() *answer { return ada.post("/posts", text("T", "B")) },
		func() *answer { return ada.post("/logout", url.Values{}) },
		func() *answer { return ada.htmx().get("/new") },
	} {
		begun := time.Now()
		a := ask().wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5").wantsHeader("Set-Cookie", "")
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("%s answered after %v", a.Request.URL.Path, took)
		}
		isExplained(t, a, &log, "connect")
	}
	b.get("/readyz").wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5")
	for _, path := range []string{"/healthz", "/login", "/signup", "/logout"} {
		b.get(path).wants(http.StatusOK)
	}
	b.get("/missing").wants(http.StatusNotFound)
}

func TestTheBlogWorksAgainOnceTheDatabaseIsBack(t *testing.T) {
	t.Parallel()
	var log journal
	home := dbtest.Store(t)
	config := home.Pool.Config()
	config.MaxConns = 1
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false } // so that each request meets the dead connection
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := siteOn(t, &db.Store{Queries: db.New(pool), Pool: pool}, log.to)
	s.store = home
	ada := dbtest.User(t, home, "ada")
	dbtest.Post(t, home, ada, titled("Low tide"))
	b := s.as(t, "ada")
	for name, ask := range map[string]func() *answer{
		"read":  func() *answer { return b.get("/@ada/low-tide") },
		"write": func() *answer { return b.post("/posts", text("High tide", "Text.")) },
		"htmx":  func() *answer { return b.htmx().get("/new") },
		"ready": func() *answer { return b.get("/readyz") },
	} {
		b.get("/dashboard").wants(http.StatusOK)
		killConnections(t, pool)
		before := s.count(t, "posts")
		a := ask().wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5")
		if s.count(t, "posts") != before {
			t.Errorf("%s: something was written all the same", name)
		}
		if name != "ready" {
			isExplained(t, a, &log, "")
		}
		if again := ask(); again.StatusCode >= 400 {
			t.Errorf("%s: it does not work again: %d", name, again.StatusCode)
		}
	}
}

// killConnections ends every connection of a pool from the server's side.
func killConnections(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var pids []int32
	eventually(t, func() bool {
		if pool.Stat().AcquiredConns() > 0 { // by what is read beside
			return false
		}
		for _, idle := range pool.AcquireAllIdle(t.Context()) {
			pids = append(pids, int32(idle.Conn().PgConn().PID()))
			idle.Release()
		}
		return len(pids) > 0
	})
	killer, err := pgx.ConnectConfig(t.Context(), pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close(t.Context())
	for _, pid := range pids {
		if _, err := killer.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhoMeetsACrowdAtTheLoginIsAskedToWait(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	dbtest.User(t, store, "ada")
	s := siteOn(t, store, func(o *handlers.Options) {
		o.Accounts = account.New(store, password.New(1, time.Nanosecond), account.Rules{Signup: account.SignupOpen, PasswordMin: 8})
	})
	for path, form := range map[string]url.Values{
		"/login": login("ada", dbtest.Password), "/signup": joining("bob", "", dbtest.Password),
	} {
		a := s.visitor(t).post(path, form).wants(http.StatusServiceUnavailable).isPage().wantsHeader("Retry-After", "5")
		a.says("h1", "Busy just now")
	}
}
