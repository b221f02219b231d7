package handlers_test

import (
	"bytes"
	"image"
	"image/color"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

// pictureIn reads a preview picture, and holds it to its size and weight.
func pictureIn(t *testing.T, a *answer) image.Image {
	t.Helper()
	a.wants(http.StatusOK).wantsHeader("Content-Type", "image/png").wantsHeader("Cross-Origin-Resource-Policy", "cross-origin")
	a.wantsHeader("Set-Cookie", "")
	made, kind, err := image.Decode(strings.NewReader(a.body))
	if err != nil || kind != "png" || made.Bounds() != image.Rect(0, 0, 1200, 630) || len(a.body) > 60_000 {
		t.Fatalf("a %s of %v and %d bytes: %v", kind, made.Bounds(), len(a.body), err)
	}
	return made
}

// pictureOf is the path of the preview picture that a page names.
func (s *site) pictureOf(a *answer) string {
	return strings.TrimPrefix(a.has("head meta[property='og:image']").AttrOr("content", ""), s.url)
}

func TestAPostHasAPreviewPictureThatIsKeptForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	path := s.pictureOf(s.visitor(t).get("/@ada/" + post.Slug()))
	bare, version, _ := strings.Cut(path, "?v=")
	if bare != "/@ada/"+post.Slug()+"/card.png" || len(version) != 16 {
		t.Fatalf("it is at %s", path)
	}
	a := s.visitor(t).get(path).wantsHeader("Cache-Control", "public, max-age=31536000, immutable").wantsHeader("ETag", `"`+version+`"`)
	pictureIn(t, a)
	for _, other := range []string{bare, bare + "?v=0000000000000000"} {
		again := s.visitor(t).get(other).wantsHeader("Cache-Control", "no-cache").wantsHeader("ETag", `"`+version+`"`)
		if pictureIn(t, again); again.body != a.body {
			t.Errorf("%s is another picture", other)
		}
		s.visitor(t).with("If-None-Match", `"`+version+`"`).get(other).wants(http.StatusNotModified).wantsHeader("ETag", `"`+version+`"`)
	}
	s.visitor(t).with("If-None-Match", `"0000000000000000"`).get(bare).wants(http.StatusOK)
	head := s.visitor(t).do(http.MethodHead, path, nil).wants(http.StatusOK)
	for _, same := range []string{"ETag", "Content-Type", "Content-Length", "Cache-Control"} {
		head.wantsHeader(same, a.Header.Get(same))
	}
}

func TestTheBlogHasAPreviewPicture(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.pictureOf(s.visitor(t).get("/"))
	made := pictureIn(t, s.visitor(t).get(path).wantsHeader("Cache-Control", "public, max-age=31536000, immutable"))
	if !strings.HasPrefix(path, "/card.png?v=") || made.At(0, 0) != color.Color(color.RGBA{0xfb, 0xfa, 0xf7, 0xff}) {
		t.Errorf("%s begins with %v", path, made.At(0, 0))
	}
}

func TestAChangedTitleOrNameHasAnotherPicture(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	page := "/@ada/" + post.Slug()
	before := s.pictureOf(s.visitor(t).get(page))
	first := s.visitor(t).get(before)
	for _, change := range []string{"UPDATE posts SET title = 'Other'", "UPDATE users SET display_name = 'Countess'"} {
		dbtest.Exec(t, s.store, change)
		after := s.pictureOf(s.visitor(t).get(page))
		second := s.visitor(t).get(after)
		if pictureIn(t, second); after == before || bytes.Equal([]byte(second.body), []byte(first.body)) {
			t.Errorf("after %s the picture is the same", change)
		}
		s.visitor(t).get(before).wants(http.StatusOK).wantsHeader("Cache-Control", "no-cache")
		before, first = after, second
	}
}

func TestAPictureIsWhereItsPostIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, ada)
	gone := dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	hidden := dbtest.Post(t, s.store, ada, titled("Hidden"), draft)
	dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'hidden' WHERE id = $1", hidden.ID)
	// It had another address, and its author another name.
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'countess' WHERE id = $1", ada)
	dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'newer' WHERE id = $1", post.ID)
	for _, old := range []string{"/@ADA/" + post.Slug(), "/@ada/newer", "/@Countess/newer", "/@countess/" + post.Slug()} {
		moved := s.visitor(t).get(old+"/card.png").wants(http.StatusMovedPermanently).wantsHeader("Location", "/@countess/newer/card.png")
		pictureIn(t, s.visitor(t).get(moved.Header.Get("Location")))
	}
	for _, b := range []*browser{s.visitor(t), s.as(t, "countess")} {
		for _, path := range []string{"/@ada/" + gone.Slug(), "/@ada/hidden", "/@ada/nothing", "/@eve/" + post.Slug(), "/@ada/%00"} {
			want := b.get(path)
			got := b.get(path + "/card.png").wants(want.StatusCode).isPage()
			if got.Header.Get("ETag") != "" || want.StatusCode < 400 {
				t.Errorf("%s answers %d, its picture has the ETag %s", path, want.StatusCode, got.Header.Get("ETag"))
			}
		}
	}
}
