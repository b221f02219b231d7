package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// announces begins a request whose body is yet to come, from no page but not from another site's.
func (w *wire) announces(path, cookie, kind string, size int) *wire {
	return w.send("POST "+path+" HTTP/1.1", "Host: localhost", "Cookie: "+cookie, "Sec-Fetch-Site: none",
		"Content-Type: "+kind, "Content-Length: "+strconv.Itoa(size), "", "")
}

func TestOnlyAWritersTextMayBeLarge(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := "/posts/" + uuid.NewString()
	for _, each := range []struct{ path, cookie string }{
		{"/login", ""}, {"/signup", "session=x"}, {"/", "session=x"}, {"/posts/", "session=x"}, {post + "/deletion", "session=x"},
		{"/posts?x=/posts", ""}, {"/posts", ""}, {post, ""}, {post, "other=x"}, {post, "session="},
	} {
		w := s.wire(t).announces(each.path, each.cookie, formType, 64<<10+1)
		w.reads("POST").refuses(http.StatusRequestEntityTooLarge)
		w = s.wire(t).send("POST "+each.path+" HTTP/1.1", "Host: localhost", "Cookie: "+each.cookie, "Content-Type: "+formType,
			"Transfer-Encoding: chunked", "", "10001", "")
		w.reads("POST").refuses(http.StatusRequestEntityTooLarge)
		w.ends()
	}
	for _, path := range []string{"/posts", post, post + "?x"} {
		s.wire(t).announces(path, "session=x", formType, 8<<20+1).reads("POST").refuses(http.StatusRequestEntityTooLarge)
		body := "title=" + strings.Repeat("x", 3<<20)
		w := s.wire(t).announces(path, "session=x", formType, len(body)).raw(body)
		w.reads("POST").wants(http.StatusUnauthorized) // read to its end, by nobody's session
	}
	carried := url.Values{"carried": {"yes"}, "body": {strings.Repeat("λ", 1<<19)}}.Encode()
	s.wire(t).announces("/login", "session=x", formType, len(carried)).raw(carried).reads("POST").wants(http.StatusUnprocessableEntity)
}

func TestATextOfOneMebibyteInAnyScriptGetsThrough(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	cookie := "session=" + s.as(t, "ada").session()
	for name, letter := range map[string]string{"ascii": "a", "percent": "%", "greek": "λ", "kanji": "字", "emoji": "🐚"} {
		body := strings.Repeat(letter, 1<<20/len(letter))
		form := url.Values{"title": {name}, "body": {body}, "status": {"draft"}}.Encode()
		var parts strings.Builder
		for field, value := range map[string]string{"title": name, "body": body, "status": "draft"} {
			fmt.Fprintf(&parts, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", field, value)
		}
		multi := parts.String() + "--b--\r\n"
		s.wire(t).announces("/posts", cookie, formType, len(form)).raw(form).reads("POST").wants(http.StatusSeeOther)
		s.wire(t).announces("/posts", cookie, "multipart/form-data; boundary=b", len(multi)).raw(multi).reads("POST").wants(http.StatusSeeOther)
		chunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(form), form)
		s.wire(t).send("POST /posts HTTP/1.1", "Host: localhost", "Cookie: "+cookie, "Sec-Fetch-Site: same-origin",
			"Content-Type: "+formType, "Transfer-Encoding: chunked", "", chunk).reads("POST").wants(http.StatusSeeOther)
	}
	if made := s.count(t, "posts"); made != 15 {
		t.Errorf("%d of 15 texts were kept", made)
	}
}

func TestManyLargeBodiesAtOnceWaitOutside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var held []*wire
	for range 8 { // 64 MiB
		w := s.wire(t).announces("/posts", "session=x", formType+"\r\nExpect: 100-continue", 8<<20)
		w.reads("POST").wants(http.StatusContinue)
		held = append(held, w)
	}
	got := s.wire(t).announces("/posts", "session=x", formType, 65<<10).reads("POST").refuses(http.StatusServiceUnavailable)
	if got.Header.Get("Retry-After") == "" || !got.Close || !strings.Contains(got.body, "Many long texts") {
		t.Errorf("it does not say what to do: %v, %s", got.Header, got.body)
	}
	w := s.wire(t).send("POST /posts HTTP/1.1", "Host: localhost", "Cookie: session=x", "Content-Type: "+formType,
		"Transfer-Encoding: chunked", "", "100000", "")
	w.reads("POST").refuses(http.StatusServiceUnavailable)
	// What is small is served meanwhile, in chunks too.
	s.wire(t).announces("/posts", "session=x", formType, 3).raw("a=b").reads("POST").wants(http.StatusSeeOther)
	s.wire(t).send("POST /posts HTTP/1.1", "Host: localhost", "Cookie: session=x", "Sec-Fetch-Site: same-origin", "Content-Type: "+formType,
		"Transfer-Encoding: chunked", "", "3", "a=b", "0", "", "").reads("POST").wants(http.StatusSeeOther)
	s.stillServes(t)
	// Room comes back when a body's client goes, and when one is answered.
	for _, w := range held[1:] {
		w.Close()
	}
	held[0].raw(strings.Repeat("a", 8<<20)).reads("POST").wants(http.StatusSeeOther)
	body := strings.Repeat("a", 8<<20)
	for range 20 {
		eventually(t, func() bool {
			return s.wire(t).announces("/posts", "session=x", formType, len(body)).raw(body).reads("POST").StatusCode == http.StatusSeeOther
		})
	}
}

// eventually waits for what the server learns a moment later.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for giveUp := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(giveUp) {
			t.Fatal("it did not come about")
		}
	}
}

func TestHalfSentBodiesOfStrangersTakeLittleMemory(t *testing.T) {
	s := newSite(t) // not parallel: it measures
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 100 {
		s.wire(t).announces("/login", "", formType, 4<<20).raw(strings.Repeat("a", 32<<10))
	}
	s.stillServes(t)
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("100 strangers took %d MiB", grown>>20)
	}
}

// drains tells how long the end of the blog takes.
func (s *site) drains(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := s.server.Drain(ctx); err != nil {
		t.Errorf("after %s: %v", time.Since(begun), err)
	}
	return time.Since(begun)
}

func TestHalfAHeaderHoldsNoStop(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	half := s.wire(t).raw("GET / HT")
	again := s.wire(t)
	again.send("GET /healthz HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK)
	again.raw("GET / HT")
	refused := s.wire(t).announces("/login", "", formType, 5<<20) // and sends on
	refused.reads("POST").refuses(http.StatusRequestEntityTooLarge)
	s.stillServes(t)
	if took := s.drains(t); took > 3*time.Second {
		t.Errorf("the end took %s", took)
	}
	half.reads("GET").refuses(http.StatusRequestTimeout)
	half.ends()
}

func TestASlowBodyGetsItsTimeAtTheEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.wire(t).announces("/login", "", formType+"\r\nExpect: 100-continue", 12)
	w.reads("POST").wants(http.StatusContinue) // so that it is under way
	w.raw("username")
	ended := make(chan time.Duration, 1)
	go func() { ended <- s.drains(t) }()
	time.Sleep(500 * time.Millisecond)
	got := w.raw("=ada").reads("POST").wants(http.StatusUnprocessableEntity)
	if !got.Close || !strings.Contains(got.body, `value="ada"`) {
		t.Error("the slow body was not answered as the last on its connection")
	}
	if took := <-ended; took < 400*time.Millisecond || took > 5*time.Second {
		t.Errorf("the end took %s", took)
	}
}

func TestABlogWithoutAPublicAddressTakesChangesUnderItsOwnNamesAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *handlers.Options) {
		o.URL = &url.URL{Scheme: "http", Host: "Blog.example.org:8080"}
		o.Origins = []string{"http://blog.local:8080"}
	})
	// A form without a password is refused with 422 once its host is not.
	form := joining("eve", "", "").Encode()
	post := func(host string) *reply {
		return s.wire(t).send("POST /signup HTTP/1.1", "Host: "+host, "Sec-Fetch-Site: same-origin", "Content-Type: "+formType,
			"Content-Length: "+length(form), "", form).reads("POST")
	}
	for _, host := range []string{
		"blog.example.org:8080", "blog.example.org", "BLOG.Example.ORG:80", "blog.example.org.", "blog.local:8080", "blog.local",
		"localhost", "localhost:1", "LocalHost:8080", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080", "[::1]", "192.0.2.7:8080", "[2001:db8::1]",
		"blog", "blog:8080",
	} {
		post(host).wants(http.StatusUnprocessableEntity)
	}
	for _, host := range []string{
		"evil.example", "evil.example:8080", "blog.example.org.evil.example", "evil-blog.example.org", "www.blog.example.org", "example.org",
		"localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1.nip.io:8080", "blog.example.orgx",
	} {
		got := post(host)
		got.refuses(http.StatusMisdirectedRequest)
		if !strings.Contains(got.body, "This is not that site") || strings.Contains(got.body, "evil") {
			t.Errorf("%s: %s", host, got.body)
		}
		s.wire(t).send("GET / HTTP/1.1", "Host: "+host, "", "").reads("GET").wants(http.StatusOK)
	}
}

func TestABlogBehindAProxyMayBeNamedAsTheProxyLikes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := joining("eve", "", "").Encode()
	s.wire(t).send("POST /signup HTTP/1.1", "Host: blog.internal.example", "Sec-Fetch-Site: same-origin", "Content-Type: "+formType,
		"Content-Length: "+length(form), "", form).reads("POST").wants(http.StatusUnprocessableEntity)
}
