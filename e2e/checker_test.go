package e2e

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"miniblog/assets"
)

// The W3C's checker has 30 MB and is fetched when first needed.
const (
	checkerVersion = "26.9.27" // of the npm package vnu-jar
	checkerFile    = "package/build/dist/vnu.jar"
	checkerSum     = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
	checkerTools   = "the W3C's checker needs Java and npm: install them " +
		"(Debian, Ubuntu: apt-get install default-jre-headless npm; macOS: brew install openjdk node)"
)

// validate fails the test with every error that the checker finds in a directory's HTML.
func validate(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages to check (%v)", err)
	}
	for _, e := range check(t, files...) {
		t.Errorf("%s: %s\n%s", filepath.Base(e.URL), e.Message, e.Extract)
	}
}

// TestTheStylesheetIsValid knows what is younger than the checker; all of it is left out by a browser that does not
// know it either, and nothing is lost then but a comfort.
func TestTheStylesheetIsValid(t *testing.T) {
	t.Parallel()
	sheet := filepath.Join(t.TempDir(), "app.css")
	file, _ := assets.Find(strings.TrimPrefix(assets.URL("app.css"), assets.Root))
	if err := os.WriteFile(sheet, file.Identity, 0o644); err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, e := range check(t, "--css", sheet) {
		young := youngIn(e)
		met[young] = true
		if young == "" {
			t.Errorf("%s\n%s", e.Message, e.Extract)
		}
	}
	for _, young := range younger {
		if !met[young] {
			t.Errorf("the checker has learned %q: take it off the list", young)
		}
	}
}

// younger is what the checker does not know yet: fields that grow with their text (CSS Basic User Interface 4), an order
// for the Tab key (CSS Display 4), and fades between pages (CSS View Transitions 2).
var younger = []string{"field-sizing:", "reading-flow:", "view-transition-name:", "@view-transition", "::view-transition"}

func youngIn(e finding) string {
	// What is wrong stands amid the extract.
	for _, young := range younger {
		if strings.Contains(e.Extract, young) || strings.Contains(e.Extract, "nsition-") && young == "::view-transition" {
			return young
		}
	}
	return ""
}

// finding is an error that the checker reports.
type finding struct{ URL, Message, Extract string }

// check has the checker look at files, and returns the errors.
func check(t *testing.T, arguments ...string) []finding {
	t.Helper()
	jar, err := checker(t)
	if err != nil {
		t.Fatal(err)
	}
	java, err := exec.LookPath("java")
	if err != nil {
		t.Fatal(checkerTools)
	}
	command := exec.CommandContext(t.Context(), java, append([]string{"-jar", jar, "--errors-only", "--format", "json"}, arguments...)...)
	var report strings.Builder
	command.Stderr = &report
	failed := command.Run()
	var result struct{ Messages []finding }
	if err := json.Unmarshal([]byte(report.String()), &result); err != nil {
		t.Fatalf("the checker wrote no report: %v: %s", err, report.String())
	}
	if failed != nil && len(result.Messages) == 0 {
		t.Fatalf("%v: %s", failed, report.String())
	}
	return result.Messages
}

// checker returns the path of the checker, fetched once and kept in the user's cache.
func checker(t *testing.T) (string, error) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	jar := filepath.Join(cache, "miniblog-test", "vnu-"+checkerVersion+".jar")
	if err := verify(jar); !errors.Is(err, fs.ErrNotExist) {
		return jar, err
	}
	if err := os.MkdirAll(filepath.Dir(jar), 0o755); err != nil {
		return "", err
	}
	// Beside its final place first: another test must not meet half of it.
	fetched := fmt.Sprintf("%s.%d", jar, os.Getpid())
	defer os.Remove(fetched)
	if err := fetch(t, fetched); err != nil {
		return "", err
	}
	if err := verify(fetched); err != nil {
		return "", err
	}
	return jar, os.Rename(fetched, jar)
}

func verify(jar string) error {
	content, err := os.ReadFile(jar)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	if got := hex.EncodeToString(sum[:]); got != checkerSum {
		return fmt.Errorf("%s has the sha256 %s, want %s: remove it", jar, got, checkerSum)
	}
	return nil
}

// fetch packs the npm package and takes the checker out of it.
func fetch(t *testing.T, target string) error {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New(checkerTools)
	}
	dir := t.TempDir()
	command := exec.CommandContext(t.Context(), npm, "pack", "--silent", "vnu-jar@"+checkerVersion)
	command.Dir = dir
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack vnu-jar@%s: %w: %s", checkerVersion, err, said)
	}
	return unpack(filepath.Join(dir, "vnu-jar-"+checkerVersion+".tgz"), target)
}

func unpack(archive, target string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	entries := tar.NewReader(plain)
	for {
		entry, err := entries.Next()
		if err != nil {
			return fmt.Errorf("%s in %s: %w", checkerFile, archive, err)
		}
		if entry.Name == checkerFile {
			return keep(entries, target)
		}
	}
}

func keep(content io.Reader, target string) error {
	file, err := os.Create(target)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
