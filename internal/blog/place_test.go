package blog_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
)

func TestAPlaceIsReadBackFromItsLink(t *testing.T) {
	t.Parallel()
	for _, place := range []blog.Place{
		{Time: time.UnixMicro(0).UTC(), ID: uuid.Nil},
		{Time: time.Date(2026, 11, 22, 15, 4, 5, 123456000, time.UTC), ID: blog.NewID()},
		{Time: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max},
	} {
		got, err := blog.ParsePlace(place.String())
		if err != nil || got != place {
			t.Errorf("%v came back as %v, %v", place, got, err)
		}
	}
	if start, err := blog.ParsePlace(""); err != nil || !start.IsZero() {
		t.Errorf("the start is %v, %v", start, err)
	}
}

func TestWhatIsNoPlaceIsRefused(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	for _, text := range []string{
		".", "1", "1.", "." + id, "x." + id, "-1." + id, "1.5." + id, "253370764800000001." + id,
		"99999999999999999999." + id, "1." + id[:35], "1." + id + "0", " 1." + id, "1. " + id, "1,5",
	} {
		if place, err := blog.ParsePlace(text); err == nil {
			t.Errorf("ParsePlace(%q) = %v", text, place)
		}
	}
}

func FuzzParsePlace(f *testing.F) {
	f.Add("")
	f.Add("1700000000000000.0190a5e4-0000-7000-8000-000000000001")
	f.Add("+1.{0190a5e4-0000-7000-8000-000000000001}")
	f.Add("1.urn:uuid:0190a5e4-0000-7000-8000-000000000001")
	f.Fuzz(func(t *testing.T, text string) {
		place, err := blog.ParsePlace(text)
		if err != nil {
			if !place.IsZero() {
				t.Errorf("ParsePlace(%q) = %v and %v", text, place, err)
			}
			return
		}
		if place.IsZero() != (text == "") {
			t.Fatalf("ParsePlace(%q) is the start", text)
		}
		if place.IsZero() {
			return
		}
		again, err := blog.ParsePlace(place.String())
		if err != nil || again != place {
			t.Errorf("ParsePlace(%q) = %v, which comes back as %v, %v", text, place, again, err)
		}
	})
}
