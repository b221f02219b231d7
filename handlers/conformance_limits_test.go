package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func length(body string) string { return strconv.Itoa(len(body)) }

func TestHeadersBeyondTheLimitAreRefusedWithAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, header := range map[string]string{
		"one header":           "X-Note: " + strings.Repeat("a", 17<<10),
		"many headers":         strings.TrimSuffix(strings.Repeat("X-Note: a\r\n", 2000), "\r\n"),
		"a cookie":             "Cookie: session=" + strings.Repeat("a", 20<<10),
		"far beyond the limit": "X-Note: " + strings.Repeat("a", 1<<20),
	} {
		w := s.wire(t).send("GET / HTTP/1.1", "Host: localhost", header, "", "")
		got := w.reads("GET").refuses(http.StatusRequestHeaderFieldsTooLarge)
		if !got.Close {
			t.Errorf("%s: the answer does not say that the connection ends", name)
		}
		w.ends()
	}
	w := s.wire(t).send("GET /"+strings.Repeat("a", 20<<10)+" HTTP/1.1", "Host: localhost", "", "")
	w.reads("GET").refuses(http.StatusRequestHeaderFieldsTooLarge)
	w.ends()
	s.stillServes(t)
}

func TestSomebodyWhoSendsTooMuchGetsToReadWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, size := range []int{64<<10 + 1, 5 << 20, 50 << 20} {
		for _, expect := range []string{"", "100-continue"} {
			for _, chunked := range []bool{false, true} {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/login", zeros(size, chunked))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if !chunked {
					request.ContentLength = int64(size)
				}
				if expect != "" {
					request.Header.Set("Expect", expect)
				}
				client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: 5 * time.Second}}
				response, err := client.Do(request)
				if err != nil {
					t.Fatalf("%d bytes, expect %q, chunked %t: %v", size, expect, chunked, err)
				}
				body, err := io.ReadAll(response.Body)
				response.Body.Close()
				if err != nil {
					t.Errorf("%d bytes, expect %q, chunked %t: %v", size, expect, chunked, err)
				}
				client.CloseIdleConnections()
				(&reply{t: t, Response: response, body: string(body)}).refuses(http.StatusRequestEntityTooLarge)
			}
		}
	}
	s.stillServes(t)
}

// zeros is a body whose length net/http can or cannot know.
func zeros(size int, chunked bool) io.Reader {
	if chunked {
		return io.LimitReader(endless{}, int64(size))
	}
	return bytes.NewReader(make([]byte, size))
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestCurlSendingTooMuchGetsToReadWhy(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(file, make([]byte, 50<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, expect := range []string{"Expect:", "Expect: 100-continue"} {
		for _, encoding := range []string{"X-None:", "Transfer-Encoding: chunked"} {
			out, err := exec.CommandContext(t.Context(), curl, "--silent", "--show-error", "--max-time", "60", "--header", expect, "--header", encoding,
				"--data-binary", "@"+file, "--write-out", "%{http_code}", s.url+"/login").CombinedOutput()
			if err != nil || !strings.HasSuffix(string(out), "413") || !strings.Contains(string(out), "<h1") {
				t.Errorf("%s, %s: %v: %.300s", expect, encoding, err, out)
			}
		}
	}
}

func TestAClientThatSendsAllBeforeItReadsGetsToReadWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const size = 20 << 20
	w := s.wire(t).send("POST /login HTTP/1.1", "Host: localhost", "Content-Length: "+strconv.Itoa(size), "", "")
	block := make([]byte, 1<<20)
	for range size / len(block) {
		if _, err := w.Write(block); err != nil {
			t.Fatalf("the server stopped listening: %v", err)
		}
	}
	w.reads("POST").refuses(http.StatusRequestEntityTooLarge)
	w.ends()
}

func TestOnlyFormsAreTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	multi := "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nada\r\n--b--\r\n"
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	io.WriteString(zip, "username=ada")
	zip.Close()
	for _, each := range []struct {
		kind, encoding, body string
		status               int
	}{
		{"application/x-www-form-urlencoded", "", "username=ada", http.StatusUnprocessableEntity},
		{"application/x-www-form-urlencoded; charset=utf-8", "", "username=ada", http.StatusUnprocessableEntity},
		{"multipart/form-data; boundary=b", "", multi, http.StatusUnprocessableEntity},
		{"multipart/form-data; boundary=other", "", multi, http.StatusBadRequest},
		{"multipart/form-data", "", multi, http.StatusBadRequest},
		{"application/x-www-form-urlencoded", "", strings.Repeat("&", 60<<10), http.StatusBadRequest},
		{"application/json", "", `{"username":"ada"}`, http.StatusUnsupportedMediaType},
		{"text/plain", "", "username=ada", http.StatusUnsupportedMediaType},
		{"application/x-www-form-urlencoded", "gzip", packed.String(), http.StatusUnsupportedMediaType},
		{"multipart/form-data; boundary=b", "gzip", packed.String(), http.StatusUnsupportedMediaType},
		{"application/x-www-form-urlencoded", "identity", "username=ada", http.StatusUnsupportedMediaType},
		{"application/x-www-form-urlencoded", "x-unknown", "username=ada", http.StatusUnsupportedMediaType},
	} {
		lines := []string{"POST /login?username=mallory HTTP/1.1", "Host: localhost", "Content-Type: " + each.kind, "Content-Length: " + length(each.body)}
		if each.encoding != "" {
			lines = append(lines, "Content-Encoding: "+each.encoding)
		}
		w := s.wire(t).send(append(lines, "", each.body)...)
		got := w.reads("POST")
		if each.status != http.StatusUnprocessableEntity {
			got.refuses(each.status)
			continue
		}
		if got.wants(each.status); !strings.Contains(got.body, `value="ada"`) || strings.Contains(got.body, "mallory") {
			t.Errorf("%s: the form was not read from the body: %s", each.kind, got.body)
		}
	}
	s.stillServes(t)
}

func TestTheQueryNeverStandsInForAField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"} {
		body := ""
		if strings.HasPrefix(kind, "multipart") {
			body = "--b\r\nContent-Disposition: form-data; name=\"next\"\r\n\r\n/\r\n--b--\r\n"
		}
		got := s.wire(t).send("POST /login?username=mallory&password=x HTTP/1.1", "Host: localhost", "Content-Type: "+kind,
			"Content-Length: "+length(body), "", body).reads("POST").wants(http.StatusUnprocessableEntity)
		if strings.Contains(got.body, "mallory") || !strings.Contains(got.body, "Enter your username") {
			t.Errorf("%s: the query was read as a form", kind)
		}
	}
}

func TestASlowClientIsCutAndHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, hurried)
	for name, begin := range map[string]string{
		"header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-Note: ",
		"body":   "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n\r\n",
		"chunks": "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			w := s.wire(t).raw(begin)
			go func() { // one byte at a time, for as long as the server listens
				for err := error(nil); err == nil; time.Sleep(50 * time.Millisecond) {
					_, err = w.Write([]byte("a"))
				}
			}()
			w.reads("GET").refuses(http.StatusRequestTimeout)
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it was cut after %s", took)
			}
			s.stillServes(t)
		})
	}
}

func TestManyIdleConnectionsHurtNobodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 400 {
		w := s.wire(t)
		if i%2 == 0 { // half of them have asked before, half have not said a word
			w.send("GET /healthz HTTP/1.1", "Host: localhost", "", "").reads("GET").wants(http.StatusOK)
		}
	}
	begun := time.Now()
	s.stillServes(t)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("a page took %s", took)
	}
}
