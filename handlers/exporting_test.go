package handlers_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"miniblog/handlers"
	"miniblog/internal/dbtest"
)

// takes asks for the archive, and returns the answer unread.
func (b *browser) takes() *http.Response {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.site.url+"/settings/export", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header = b.header.Clone()
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { response.Body.Close() })
	return response
}

// writesMuch has ada write posts that fill several MiB, however they are packed.
func (s *site) writesMuch(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, `INSERT INTO posts (id, author_id, title, body, excerpt, words)
		SELECT gen_random_uuid(), u.id, 'Much ' || n, (SELECT string_agg(md5(i || '/' || n), '') FROM generate_series(1, 32000) AS i), '', 1
		FROM users AS u, generate_series(1, 40) AS n WHERE u.username = 'ada'`)
}

func unzipped(t *testing.T, content []byte) map[string]string {
	t.Helper()
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range packed.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		files[file.Name] = string(text)
	}
	return files
}

func TestAllOfOnesOwnIsDownloaded(t *testing.T) {
	t.Parallel()
	for name, much := range map[string]bool{"a little": false, "much": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
			dbtest.Post(t, s.store, dbtest.User(t, s.store, "bob"), titled("Of bob"))
			if much {
				s.writesMuch(t)
			}
			ada := s.as(t, "ada")
			ada.get("/settings").has("form[method=post][action='/settings/export'] button:contains('Download')")
			response := ada.takes()
			content, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("%d, %v", response.StatusCode, err)
			}
			for header, want := range map[string]string{
				"Content-Type": "application/zip", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
				"Content-Disposition": `attachment; filename="ada-` + time.Now().UTC().Format(time.DateOnly) + `.zip"`,
			} {
				if got := response.Header.Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
			if whole := response.ContentLength > 0; whole == much {
				t.Errorf("the length that is told: %d", response.ContentLength)
			}
			files := unzipped(t, content)
			if !strings.Contains(files["posts.json"], "Low tide") || strings.Contains(files["posts.json"], "Of bob") {
				t.Error("the posts are not ada's")
			}
			if !strings.Contains(files["record.json"], `"kind":"exported"`) {
				t.Errorf("the record: %s", files["record.json"])
			}
			s.happened(t, "ada", "exported", "logged-in")
			ada.takes().Body.Close() // there is a place again
		})
	}
}

// The database goes away in the middle: what came must look whole to nobody.
func TestADownloadThatFailsEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.writesMuch(t)
	ada := s.as(t, "ada")
	response := ada.takes()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.StatusCode)
	}
	dbtest.Exec(t, s.store, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`)
	content, err := io.ReadAll(response.Body)
	if err == nil {
		t.Errorf("%d bytes came, and no error", len(content))
	}
	if _, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
		t.Error("what came opens")
	}
	ada.get("/settings").wants(http.StatusOK)
}

func TestADownloadThatCannotBeginIsAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	ada := s.as(t, "ada")
	dbtest.Exec(t, s.store, "ALTER TABLE versions RENAME TO mislaid")
	for range 3 { // its place is free again
		ada.post("/settings/export", url.Values{}).wants(http.StatusInternalServerError).isPage().says("h1", "That went wrong")
	}
}

func TestWhoStopsADownloadFreesItsPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.writesMuch(t)
	ada := s.as(t, "ada")
	first := ada.takes()
	ada.post("/settings/export", url.Values{}).wants(http.StatusTooManyRequests).isPage().says("main", "A download of yours is still under way.")
	first.Body.Close()
	eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/settings/export", nil)
		if err != nil {
			return false
		}
		request.Header = ada.header.Clone()
		response, err := ada.client.Do(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

func TestDownloadsAreThrottled(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	for range 10 {
		ada.takes().Body.Close()
	}
	ada.post("/settings/export", url.Values{}).wants(http.StatusTooManyRequests).isPage().says("main", "downloaded too often")
}

func TestDownloadsLeaveConnectionsToEverybodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.writesMuch(t)
	most := s.accounts.ExportsAtOnce()
	for n := range most {
		name := fmt.Sprintf("reader-%d", n)
		dbtest.User(t, s.store, name)
		dbtest.Exec(t, s.store, "UPDATE posts SET author_id = (SELECT id FROM users WHERE username = $1)", name)
		if response := s.as(t, name).takes(); response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", name, response.StatusCode)
		}
	}
	ada := s.as(t, "ada")
	ada.post("/settings/export", url.Values{}).wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "60").says("main", "Other downloads are under way.")
	ada.get("/settings").wants(http.StatusOK)
}

// pacedConn notes the deadlines it is given.
type pacedConn struct {
	net.Conn
	deadlines []time.Time
}

func (c *pacedConn) SetWriteDeadline(until time.Time) error {
	c.deadlines = append(c.deadlines, until)
	return nil
}

func TestATrickleDoesNotPutOffTheEndOfADownload(t *testing.T) {
	t.Parallel()
	conn := &pacedConn{}
	download, piece := handlers.NewDownload(bytes.NewReader(make([]byte, 256<<10)), conn), make([]byte, 4<<10)
	for range 16 { // the first piece begins the time for 64 KiB, which the 17th fulfils
		if n, err := download.Read(piece); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	first, last := conn.deadlines[0], conn.deadlines[15]
	if last.Sub(first) > 20*time.Millisecond {
		t.Errorf("60 KiB put the end off by %v", last.Sub(first))
	}
	if _, err := download.Read(piece); err != nil {
		t.Fatal(err)
	}
	if next := conn.deadlines[16]; next.Sub(first) < 32*time.Millisecond {
		t.Errorf("64 KiB put it off by %v only", next.Sub(first))
	}
}

func TestAPanicWhileAnArchiveIsMadeIsAnError(t *testing.T) {
	t.Parallel()
	if err := handlers.OrPanic(func() error { panic("of a test") }); err == nil || !strings.Contains(err.Error(), "of a test") {
		t.Errorf("it is %v", err)
	}
}
