package views

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
)

// eachChange calls try with a page that differs in one field, or in one of a list, for each
// that there is and will be.
func eachChange(t *testing.T, at reflect.Value, name string, try func(name string)) {
	t.Helper()
	before := reflect.New(at.Type()).Elem()
	before.Set(at)
	defer at.Set(before)
	switch at.Kind() {
	case reflect.String:
		at.SetString("changed")
	case reflect.Bool:
		at.SetBool(!at.Bool())
	case reflect.Int:
		at.SetInt(at.Int() + 1)
	case reflect.Pointer:
		at.Set(reflect.New(at.Type().Elem()))
	case reflect.Slice:
		at.Set(reflect.MakeSlice(at.Type(), 1, 1))
		try(name + " with one")
		if at.Type().Elem().Kind() == reflect.Struct {
			eachChange(t, at.Index(0), name+"[0]", try)
		}
		at.Set(reflect.MakeSlice(at.Type(), 2, 2))
	case reflect.Struct:
		for i := range at.NumField() {
			eachChange(t, at.Field(i), name+"."+at.Type().Field(i).Name, try)
		}
		return
	default:
		t.Fatalf("%s is a %s: what makes a difference in one?", name, at.Kind())
	}
	try(name)
}

func TestFramesAreToldApartByAllThatTheyAreMadeOf(t *testing.T) {
	t.Parallel()
	page := Page{Here: "/"}
	seen := map[string]string{string(page.appendKey(nil, false, false)): "none"}
	note := func(name, key string) {
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
	eachChange(t, reflect.ValueOf(&page).Elem(), "Page", func(name string) {
		if page.isAnybodys() {
			note(name, string(page.appendKey(nil, false, false)))
		}
	})
	note("italics", string(page.appendKey(nil, true, false)))
	note("interactive", string(page.appendKey(nil, false, true)))
	for _, links := range [][]Link{{{"a", "bc"}}, {{"ab", "c"}}, {{"", ""}, {"", "abc"}}, {{"", "abc"}}} {
		page.Pages = links
		note(fmt.Sprint(links), string(page.appendKey(nil, false, false)))
	}
	if len(seen) < 25 {
		t.Errorf("only %d were tried", len(seen))
	}
}

func TestNothingOfOneAccountIsInAFrameThatIsKept(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]Page{
		"an id": {Account: "1"}, "a username": {Username: "ada"}, "a name": {Name: "Ada"}, "an owner": {Owner: true},
		"who has left": {Left: "1"}, "what was done": {Said: "Saved."}, "a post": {Head: Head{Article: new(HeadArticle)}}, "no way back": {Path: "/reset/token"},
	} {
		page.Title = t.Name() + name
		if page.Here = "/"; name == "no way back" {
			page.Here = ""
		}
		first, err := frameOf(t.Context(), page, false, false)
		again, err2 := frameOf(t.Context(), page, false, false)
		if err != nil || err2 != nil || first == again || first.key != "" {
			t.Errorf("with %s: %v, %v, kept as %q", name, err, err2, first.key)
		}
	}
}

func TestAFrameIsMadeOnce(t *testing.T) { // not beside others, who could take its place
	page := Page{Title: t.Name(), Here: "/"}
	first, err := frameOf(t.Context(), page, false, false)
	again, err2 := frameOf(t.Context(), page, false, false)
	if err != nil || err2 != nil || first != again || first.key == "" {
		t.Errorf("%p and %p, %v, %v", first, again, err, err2)
	}
	if other, err := frameOf(t.Context(), page, true, false); err != nil || other == first || !bytes.Contains(other.before, []byte("italic")) {
		t.Errorf("with italics: %v, %v", other, err)
	}
}

func TestAKeptFrameIsTheOneThatWouldBeMade(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for n := range 200 { // for 64 places
		all.Go(func() {
			content := asItStands(fmt.Appendf(nil, "<p>%d</p>", n))
			page := Page{Title: fmt.Sprint("Page ", n), Blog: "Harbour Notes", Path: "/", Here: "/", CanJoin: n%2 == 0}
			first := laidOut(t, page, content)
			if n%20 == 0 {
				page.Title += strings.Repeat("!", largestFrame)
				first = laidOut(t, page, content)
			}
			again := laidOut(t, page, content)
			var inner, want bytes.Buffer
			if err := body(page, content).Render(t.Context(), &inner); err != nil {
				t.Error(err)
			}
			if err := document(page, false, false, inner.Bytes()).Render(t.Context(), &want); err != nil {
				t.Error(err)
			}
			if first != want.String() || again != first {
				t.Errorf("page %d is\n%s\nand then\n%s\nwant\n%s", n, first, again, want.String())
			}
		})
	}
	all.Wait()
}

func laidOut(t *testing.T, page Page, content templ.Component) string {
	t.Helper()
	var made bytes.Buffer
	if err := Layout(page).Render(templ.WithChildren(context.Background(), content), &made); err != nil {
		t.Error(err)
	}
	return made.String()
}
