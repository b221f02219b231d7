package handlers_test

import (
	"encoding/binary"
	"encoding/json"
	"image"
	"net/http"
	"strings"
	"testing"
)

func TestTheFaviconIsWhereBrowsersLookForIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.visitor(t).get("/favicon.ico").wants(http.StatusOK).wantsHeader("Content-Type", "image/x-icon")
	// The directory of an ICO file: three words, then 16 bytes a picture, of which the last eight are its length and place.
	file := []byte(a.body)
	if binary.LittleEndian.Uint16(file[2:]) != 1 || binary.LittleEndian.Uint16(file[4:]) != 3 {
		t.Fatalf("it begins with %v", file[:6])
	}
	for n, side := range []int{16, 32, 48} {
		entry := file[6+16*n:]
		length, place := binary.LittleEndian.Uint32(entry[8:]), binary.LittleEndian.Uint32(entry[12:])
		made, _, err := image.Decode(strings.NewReader(a.body[place : place+length]))
		if err != nil || made.Bounds().Dx() != side || int(entry[0]) != side {
			t.Errorf("picture %d: %v, %v", n, made, err)
		}
	}
	s.visitor(t).with("If-None-Match", a.Header.Get("ETag")).get("/favicon.ico").wants(http.StatusNotModified)
}

func TestTheWebManifestNamesTheBlogAndIconsThatAreThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.visitor(t).get("/").has("head link[rel=manifest]").AttrOr("href", "")
	a := s.visitor(t).get(path).wants(http.StatusOK).wantsHeader("Content-Type", "application/manifest+json")
	var manifest struct {
		Name, Start_URL, Display string
		Icons                    []struct{ Src, Sizes, Type, Purpose string }
	}
	if err := json.Unmarshal([]byte(a.body), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name != "Harbour Notes" || manifest.Start_URL != "/" || manifest.Display == "" {
		t.Errorf("it says %+v", manifest)
	}
	seen := map[string]bool{}
	for _, icon := range manifest.Icons {
		file := s.visitor(t).get(icon.Src).wants(http.StatusOK).wantsHeader("Content-Type", icon.Type)
		made, _, err := image.Decode(strings.NewReader(file.body))
		if err != nil || icon.Sizes != map[int]string{192: "192x192", 512: "512x512"}[made.Bounds().Dx()] {
			t.Errorf("%+v: %v", icon, err)
		}
		seen[icon.Purpose+" "+icon.Sizes] = true
	}
	for _, needed := range []string{"any 192x192", "any 512x512", "maskable 512x512"} {
		if !seen[needed] {
			t.Errorf("there is no icon for %s", needed)
		}
	}
}
