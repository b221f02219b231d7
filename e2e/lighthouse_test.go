package e2e

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// Lighthouse and all that it needs are fetched when first needed, by the versions and sums of its lock file.
//
//go:embed testdata/lighthouse
var lighthouseFiles embed.FS

const lighthouseTools = "Lighthouse needs Node 18 or newer and npm: install them (Debian, Ubuntu: apt-get install npm; macOS: brew install node)"

// A blog's home, a post and a long one, on a phone: nothing to find fault with. How fast they are depends on the machine, so that
// is told and not asserted: task lighthouse prints it.
func TestLighthouseFindsNoFault(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fill(t)
	text, err := os.ReadFile("../handlers/testdata/long.md")
	if err != nil {
		t.Fatal(err)
	}
	hugo := blog.Author{ID: dbtest.User(t, s.store, "hugo"), Username: "hugo"}
	s.write(t, hugo, blog.Draft{Title: "A long walk", Body: string(text)}, day(11, 2))
	program, err := lighthouse(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", permalink, "/@hugo/a-long-walk"} {
		r := s.report(t, program, path)
		t.Logf("%s: performance %.0f, %s until something is seen, %s of movement", path,
			100*r.Categories["performance"].Score, r.Audits["first-contentful-paint"].DisplayValue, r.Audits["cumulative-layout-shift"].DisplayValue)
		r.isFaultless(t, path)
	}
}

// report is what Lighthouse says of a page.
type report struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Score        *float64
		Title        string
		DisplayValue string
		Details      json.RawMessage
	}
}

func (r report) isFaultless(t *testing.T, path string) {
	t.Helper()
	for _, category := range []string{"accessibility", "best-practices", "seo"} {
		if score := r.Categories[category].Score; score != 1 {
			t.Errorf("%s: %s has %.0f of 100", path, category, 100*score)
		}
		for _, ref := range r.Categories[category].AuditRefs {
			if audit := r.Audits[ref.ID]; ref.Weight > 0 && audit.Score != nil && *audit.Score < 1 {
				t.Errorf("%s: %s, %s: %s", path, category, audit.Title, audit.Details)
			}
		}
	}
}

// report has Lighthouse look at a page of the site as on a phone with a slow line.
func (s *site) report(t *testing.T, program, path string) (found report) {
	t.Helper()
	chromium, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "report.json")
	command := exec.CommandContext(t.Context(), "node", program, s.url+path, "--quiet", "--output=json", "--output-path="+target,
		"--chrome-flags=--headless=new --no-sandbox --disable-gpu")
	command.Env = append(os.Environ(), "CHROME_PATH="+chromium)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	content, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// lighthouse returns the path of the program, fetched once and kept in the user's cache.
func lighthouse(t *testing.T) (string, error) {
	t.Helper()
	lock, err := lighthouseFiles.ReadFile("testdata/lighthouse/package-lock.json")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "miniblog-test", "lighthouse-"+hex.EncodeToString(sum[:6]))
	program := filepath.Join(dir, "node_modules", "lighthouse", "cli", "index.js")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	return program, install(t, dir)
}

// install fetches the packages beside their final place first: another test must not meet half of them.
func install(t *testing.T, dir string) error {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New(lighthouseTools)
	}
	begun := fmt.Sprintf("%s.%d", dir, os.Getpid())
	defer os.RemoveAll(begun)
	if err := os.MkdirAll(begun, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := lighthouseFiles.ReadFile("testdata/lighthouse/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(begun, name), content, 0o644); err != nil {
			return err
		}
	}
	command := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	command.Dir = begun
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, said)
	}
	return os.Rename(begun, dir)
}
