package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miniblog/bench/contender"
)

func TestNginxIsToldTheHeaderOfEachAnswerAndServesItsBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	answers := map[string]contender.Answer{"/home.plain": {Body: []byte("<p>"), Header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Etag": {`W/"1"`}, "Vary": {"Cookie"}, "Content-Security-Policy": {"default-src 'none'; img-src 'self'"},
	}}}
	noError(t, writeFiles(dir, answers))
	if body, err := os.ReadFile(filepath.Join(dir, "home.plain")); err != nil || string(body) != "<p>" {
		t.Errorf("%q %v", body, err)
	}
	config := nginxConfig(dir, "127.0.0.1:1", "127.0.0.1:2", answers)
	for part, times := range map[string]int{
		"listen 127.0.0.1:1;": 1, "listen 127.0.0.1:2;": 1, "access_log off;": 1, `default_type "text/html; charset=utf-8";`: 2,
		`add_header Vary "Cookie";`: 2, `add_header Content-Security-Policy "default-src 'none'; img-src 'self'";`: 2, "Etag": 0, "add_header Content-Type": 0,
	} {
		if got := strings.Count(config, part); got != times {
			t.Errorf("it says %q %d times, want %d: %s", part, got, times, config)
		}
	}
}

func TestAPromiseIsKeptOrNot(t *testing.T) {
	t.Parallel()
	if text := promises(promise{"of nginx", 0.9, 0.85, false}, promise{"p99", 30, 20, true}); !strings.Contains(text, "of nginx **0.90**; promised is at least 0.85: kept.") ||
		!strings.Contains(text, "p99 **30.00**; promised is at most 20: **not kept**.") {
		t.Error(text)
	}
}
