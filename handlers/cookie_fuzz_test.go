package handlers_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// The tokens of ada's session and of her device: the same ones in each process of a fuzz run.
var (
	adasSession = tokenOf("session")
	adasDevice  = tokenOf("device")
)

func tokenOf(words string) string {
	raw := sha256.Sum256([]byte(words))
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// keptOf is what the tables keep of tokenOf.
func keptOf(words string) []byte {
	raw := sha256.Sum256([]byte(words))
	sum := sha256.Sum256(raw[:])
	return sum[:]
}

// cookieLines are values of a Cookie header.
var cookieLines = []string{
	"", "=", ";", ";;=;", "session", "session=", "session=;device=", "session=x; session=y", "left=" + uuid.Nil.String(), "left=x",
	"session=" + adasSession, "__Host-session=" + adasSession, "session=" + adasSession + "; device=" + adasDevice,
	"device=" + adasDevice, "__Host-device=" + adasDevice, "session=" + adasDevice, "device=" + adasSession,
	"session=" + adasSession + "=", "session=" + adasSession[:42], `session="` + adasSession + `"`, "SESSION=" + adasSession,
	" session =" + adasSession, "session=x\x00; session=" + adasSession, "session=%00", "session=\xff\xfe", "=session=" + adasSession,
	"a=b; __Host-session=" + adasSession + "\r\nCookie: session=" + adasSession, "session=" + strings.Repeat("A", 43),
	"x\r\nCookie: session=" + strings.Repeat("A", 8000), strings.Repeat("session=x; ", 1000), "__Host-session\t=" + adasSession,
}

// FuzzACookie sends any Cookie header, and whatever a line end in it makes of the rest: no
// answer is a failure of the blog, and only ada's own tokens open what is hers.
func FuzzACookie(f *testing.F) {
	for _, line := range cookieLines {
		f.Add(line)
	}
	store := dbtest.Store(f)
	ada := dbtest.User(f, store, "ada")
	dbtest.Exec(f, store, "INSERT INTO sessions (token_hash, user_id) VALUES ($1, $2)", keptOf("session"), ada)
	dbtest.Exec(f, store, "INSERT INTO devices (token_hash, user_id) VALUES ($1, $2)", keptOf("device"), ada)
	lone, public := serverAt(f, store, "http://127.0.0.1:8080"), serverAt(f, store, "https://blog.example.org")
	throttleAda(f, store, lone)
	for server, prefix := range map[*handlers.Server]string{lone: "", public: "__Host-"} {
		if status, _ := answerTo(f, server, "GET /dashboard", prefix+"session="+adasSession); status != http.StatusOK {
			f.Fatalf("ada's own session is answered %d", status)
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		opens(t, lone, line, "session", "device")
		opens(t, public, line, "__Host-session", "__Host-device")
	})
}

// opens asserts what a Cookie line opens, by the names that the cookies have.
func opens(t *testing.T, server *handlers.Server, line, session, device string) {
	t.Helper()
	holds := func(name, token string) bool { return strings.Contains(line, name) && strings.Contains(line, token) }
	for _, request := range []string{"GET /dashboard", "GET /login", "POST /login"} {
		status, location := answerTo(t, server, request, line)
		switch {
		case status >= 500:
			t.Errorf("%s with %q is answered %d", request, line, status)
		case request == "GET /dashboard" && status == http.StatusOK, request == "GET /login" && location == "/dashboard":
			if !holds(session, adasSession) {
				t.Errorf("%s with %q is answered as to ada", request, line)
			}
		case request == "POST /login" && (status < 400 || status == http.StatusUnprocessableEntity):
			if status < 400 || !holds(device, adasDevice) { // it got past the throttle, to the wrong password
				t.Errorf("%s with %q is answered %d", request, line, status)
			}
		}
	}
}

// throttleAda has strangers wait for a day before they may try to log in as ada again.
func throttleAda(t testing.TB, store *db.Store, server *handlers.Server) {
	t.Helper()
	for range 5 {
		if status, _ := answerTo(t, server, "POST /login", ""); status != http.StatusUnprocessableEntity {
			t.Fatalf("a wrong password is answered %d", status)
		}
	}
	dbtest.Exec(t, store, "UPDATE throttles SET throttled_until = now() + interval '1 day'")
}

func serverAt(t testing.TB, store *db.Store, address string) *handlers.Server {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return handlers.New(handlers.Options{
		Blog: blog.New(store), Accounts: accountsOf(store, account.SignupOpen),
		Ready: store.Ready, Title: "Harbour Notes", URL: at, Log: slog.New(slog.DiscardHandler),
	})
}

// answerTo sends a request with that Cookie line and, if it is a POST, a wrong password of
// ada's. One that no server could read is answered 400.
func answerTo(t testing.TB, server *handlers.Server, request, line string) (status int, location string) {
	t.Helper()
	var sent fasthttp.Request
	head := request + " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nCookie: " + line + "\r\n\r\n"
	if err := sent.Header.Read(bufio.NewReaderSize(strings.NewReader(head), 16<<10)); err != nil {
		return http.StatusBadRequest, ""
	}
	if strings.HasPrefix(request, "POST") {
		sent.SetBodyString(login("ada", wrong).Encode())
	}
	var ctx fasthttp.RequestCtx
	ctx.Init(&sent, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}, nil)
	server.Enter(&ctx)
	return ctx.Response.StatusCode(), string(ctx.Response.Header.Peek("Location"))
}
