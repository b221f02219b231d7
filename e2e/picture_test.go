package e2e

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// readmePicture is what the README shows.
const readmePicture = "../docs/home.png"

func TestThePictureOfTheREADMEIsThere(t *testing.T) {
	if *update {
		makePicture(t)
	}
	content, err := os.ReadFile(readmePicture)
	if err != nil {
		t.Fatalf("%v; make it: go test ./e2e -run Picture -update", err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(content))
	if err != nil || picture.Width != 1280 {
		t.Errorf("it is %d pixels wide (%v), want 1280", picture.Width, err)
	}
}

func makePicture(t *testing.T) {
	t.Helper()
	s := newSite(t)
	s.fill(t)
	b := s.visitor(t, true)
	b.prefers("light")
	b.opens("/")
	b.until(b.loaded)
	if err := os.MkdirAll(filepath.Dir(readmePicture), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(readmePicture, b.picture(false), 0o644); err != nil {
		t.Fatal(err)
	}
}
