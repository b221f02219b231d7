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
	jar, err := checker(t)
	if err != nil {
		t.Fatal(err)
	}
	java, err := exec.LookPath("java")
	if err != nil {
		t.Fatal(checkerTools)
	}
	command := exec.CommandContext(t.Context(), java, append([]string{"-jar", jar, "--errors-only", "--format", "json"}, files...)...)
	var report strings.Builder
	command.Stderr = &report
	failed := command.Run()
	if found := reportErrors(t, report.String()); failed != nil && found == 0 {
		t.Fatalf("%v: %s", failed, report.String())
	}
}

// reportErrors fails the test with what the checker wrote, and counts it.
func reportErrors(t *testing.T, report string) int {
	t.Helper()
	var result struct {
		Messages []struct{ URL, Message, Extract string }
	}
	if err := json.Unmarshal([]byte(report), &result); err != nil {
		t.Fatalf("the checker wrote no report: %v: %s", err, report)
	}
	for _, m := range result.Messages {
		t.Errorf("%s: %s\n%s", filepath.Base(m.URL), m.Message, m.Extract)
	}
	return len(result.Messages)
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
