package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

func text(title, body string) url.Values { return url.Values{"title": {title}, "body": {body}} }

var (
	published = url.Values{"status": {"published"}}
	asDraft   = url.Values{"status": {"draft"}}
)

// newAuthor is a site with ada logged in.
func newAuthor(t *testing.T) (*site, *browser) {
	t.Helper()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	return s, s.as(t, "ada")
}

// idIn is the id of the post that a form is for.
func idIn(t *testing.T, form sheet) uuid.UUID {
	t.Helper()
	text := form.fields.Get("id")
	if text == "" {
		text = strings.TrimPrefix(form.action, "/posts/")
	}
	id, err := uuid.Parse(text)
	if err != nil {
		t.Fatalf("a form without an id: %v", form)
	}
	return id
}

func TestWritingPublishesThePost(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	page := ada.get("/new").wants(http.StatusOK).isPage()
	page.says("[data-state]", "Not saved yet")
	form := page.form("form[data-editor]")
	ada.submit(form, merged(text(" Low tide ", "First.\r\n\r\nSecond."), published)).leadsTo("/@ada/low-tide")
	if got := s.stands(t, idIn(t, form)); got != " Low tide  | First.\n\nSecond. | version 1 | low-tide | published" {
		t.Errorf("kept %q", got)
	}
	for _, path := range []string{"/", "/@ada", "/dashboard", "/@ada/low-tide"} {
		ada.get(path).wants(http.StatusOK).says("article", "Low tide")
	}
}

func TestWritingInPlacePutsThePostOnTopOfTheList(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	open := ada.htmx().get("/new").wants(http.StatusOK).isFragment("compose")
	open.has("[autofocus][name=title]")
	form := open.form("form")
	for _, c := range []struct {
		status   url.Values
		announce string
		kept     string
	}{
		{asDraft, "Saved as a draft.", "Low tide | Text. | version 1 | no slug | draft"},
		{published, "Saved. Everybody can read it.", "Low tide | Text. | version 1 | low-tide | published"},
	} {
		done := ada.htmx().submit(form, merged(text("Low tide", "Text."), c.status)).wants(http.StatusOK)
		roots := done.page.Find("body").Children()
		if roots.Length() != 2 || roots.First().AttrOr("id", "") != "compose" || !roots.Last().Is("hx-partial[hx-target='#own-posts']") {
			t.Errorf("not the empty slot and the post for the list: %s", done.body)
		}
		if got := roots.First().AttrOr("data-announce", ""); got != c.announce {
			t.Errorf("announced %q, want %q", got, c.announce)
		}
		done.has("hx-partial > article.own#post-" + idIn(t, form).String() + " a[autofocus]")
		if got := s.stands(t, idIn(t, form)); got != c.kept {
			t.Errorf("kept %q, want %q", got, c.kept)
		}
	}
	if s.count(t, "posts") != 1 {
		t.Error("one form made several posts")
	}
}

func TestADraftIsKeptForItsAuthorAlone(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	ada.submit(form, merged(text("Low tide", ""), asDraft)).leadsTo("/dashboard")
	if got := s.stands(t, idIn(t, form)); got != "Low tide |  | version 1 | no slug | draft" {
		t.Errorf("kept %q", got)
	}
	ada.get("/dashboard").says("article .badge", "Draft")
	for _, b := range []*browser{s.visitor(t), ada} {
		b.get("/").hasNot("article")
		b.get("/@ada").hasNot("article")
	}
	ada.submit(ada.get("/new").form("form[data-editor]"), merged(text("", "Only a body"), asDraft)).leadsTo("/dashboard")
	ada.get("/dashboard").says("article:first-of-type h2", "Untitled draft")
}

func TestPublishingADraft(t *testing.T) {
	t.Parallel()
	for name, publish := range map[string]func(ada *browser, id string) *answer{
		"plain": func(ada *browser, id string) *answer {
			form := ada.get("/posts/" + id + "/edit").wants(http.StatusOK).isPage().form("form[data-editor]")
			done := ada.submit(form, published)
			done.leadsTo("/@ada/low-tide")
			return done
		},
		"htmx": func(ada *browser, id string) *answer {
			form := ada.htmx().get("/posts/" + id + "/edit?shape=own").wants(http.StatusOK).isFragment("post-" + id).form("form")
			done := ada.htmx().submit(form, published).wants(http.StatusOK).isFragment("post-" + id)
			done.has("article.own[data-announce='Saved. Everybody can read it.'] a[autofocus]")
			done.hasNot(".badge")
			return done
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ada := newAuthor(t)
			form := ada.get("/new").form("form[data-editor]")
			id := idIn(t, form)
			ada.submit(form, merged(text("Low tide", "Text."), asDraft)).leadsTo("/dashboard")
			publish(ada, id.String())
			if got := s.stands(t, id); got != "Low tide | Text. | version 1 | low-tide | published" {
				t.Errorf("kept %q", got)
			}
			s.visitor(t).get("/").says("article", "Low tide")
		})
	}
}

func TestRevisingKeepsTheNextTextAtTheSameAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	ada := s.as(t, "ada")
	page := ada.get(at(post, "/edit")).wants(http.StatusOK).isPage()
	page.says("[data-state].kept", "Saved ")
	page.hasNot("button[name=status]")
	ada.submit(page.form("form[data-editor]"), text("High tide", "More.")).leadsTo("/@ada/low-tide")
	if got := s.stands(t, post.ID); got != "High tide | More. | version 2 | low-tide | published" {
		t.Errorf("kept %q", got)
	}
	for version, shape := range []string{"full", "listed", "own"} {
		form := ada.htmx().get(at(post, "/edit?shape="+shape)).wants(http.StatusOK).isFragment(articleOf(post)).form("form")
		done := ada.htmx().submit(form, text("For "+shape, "More.")).wants(http.StatusOK).isFragment(articleOf(post))
		done.says("article."+shape+"[data-announce='Saved. Everybody can read it.']", "For "+shape)
		if want := "version " + strconv.Itoa(version+3); !strings.Contains(s.stands(t, post.ID), want) {
			t.Errorf("%s: kept %q, want %s", shape, s.stands(t, post.ID), want)
		}
	}
	s.visitor(t).get("/@ada/low-tide").says("h1", "For own")
}

func TestADeletedPostHasNoEditor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), deleted)
	s.as(t, "ada").get(at(post, "/edit")).wants(http.StatusNotFound).isPage()
	s.as(t, "ada").htmx().get(at(post, "/edit?shape=own")).wants(http.StatusNotFound)
}

// badTexts are texts that cannot be kept.
var badTexts = map[string]struct {
	text   url.Values
	fields []string
}{
	"no title":               {merged(text(" ", "Text."), published), []string{"title"}},
	"no body":                {merged(text("Title", " \r\n\t"), published), []string{"body"}},
	"neither":                {merged(text("", ""), published), []string{"title", "body"}},
	"neither as a draft":     {merged(text(" ", "\r\n"), asDraft), []string{"title"}},
	"endless title":          {merged(text(strings.Repeat("é", 201), "Text."), published), []string{"title"}},
	"title of two lines":     {merged(text("One\r\ntwo", "Text."), asDraft), []string{"title"}},
	"endless body":           {merged(text("Title", strings.Repeat("x", 1<<20+1)), asDraft), []string{"body"}},
	"NUL in the title":       {merged(text("a\x00b", "Text."), asDraft), []string{"title"}},
	"NUL in the body":        {merged(text("Title", "a\x00b"), published), []string{"body"}},
	"bad UTF-8 in the title": {merged(text("a\xffb", "Text."), published), []string{"title"}},
	"bad UTF-8 in the body":  {merged(text("Title", "a\xc3"), asDraft), []string{"body"}},
	"bad everywhere":         {merged(text("\x00", "\xed\xa0\x80"), published), []string{"title", "body"}},
}

func TestATextThatCannotBeKeptComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	post := dbtest.Post(t, s.store, id, titled("Low tide"))
	begun := dbtest.Post(t, s.store, id, draft)
	for name, bad := range badTexts {
		t.Run(name, func(t *testing.T) {
			s.keeps(t, func() {
				staysOpen(t, ada, ada.get("/new").form("form[data-editor]"), "#compose", bad.text, bad.fields)
				staysOpen(t, ada, ada.get(at(begun, "/edit")).form("form[data-editor]"), "#"+articleOf(begun), bad.text, bad.fields)
				if name != "neither as a draft" { // a published post asks for both
					staysOpen(t, ada, ada.get(at(post, "/edit")).form("form[data-editor]"), "#"+articleOf(post), bad.text, bad.fields)
				}
			})
		})
	}
}

// staysOpen asserts that the editor comes back with the text and the mistakes in it, as a page and in place.
func staysOpen(t *testing.T, b *browser, form sheet, editor string, typed url.Values, fields []string) {
	t.Helper()
	page := b.submit(form, typed).refuses(editor, fields...).isPage()
	part := b.htmx().submit(form, merged(typed, url.Values{"shape": {"own"}})).refuses(editor, fields...)
	part.isFragment(strings.TrimPrefix(editor, "#")).has("[name=shape][value=own]")
	for _, a := range []*answer{page, part} {
		a.says("[data-state]", "Not saved yet")
		shown := a.form(editor)
		for _, field := range []string{"title", "body"} {
			if got, want := asShown(shown.fields.Get(field)), asShown(typed.Get(field)); got != want && got != strings.ReplaceAll(want, "\uFFFD", "") && field == "body" {
				t.Errorf("the %s came back as %.60q, want %.60q", field, got, want)
			}
		}
		for _, hidden := range []string{"id", "version"} {
			if shown.fields.Get(hidden) != form.fields.Get(hidden) {
				t.Errorf("%s changed from %q to %q", hidden, form.fields.Get(hidden), shown.fields.Get(hidden))
			}
		}
	}
}

func TestAFormSentTwiceMakesOnePost(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	typed := merged(text("Low tide", "Text."), published)
	ada.submit(form, typed).leadsTo("/@ada/low-tide")
	s.keeps(t, func() {
		ada.submit(form, typed).leadsTo("/@ada/low-tide")
		ada.htmx().submit(form, typed).goesOn("/@ada/low-tide")
	})
	ada.submit(form, text("High tide", "Text.")).leadsTo("/@ada/low-tide")
	if got := s.stands(t, idIn(t, form)); got != "High tide | Text. | version 2 | low-tide | published" {
		t.Errorf("sent again with another text, kept %q", got)
	}
	clash := ada.submit(form, text("Slack tide", "A third text.")).wants(http.StatusConflict).isPage()
	clash.says(".clash", "High tide")
	finish := clash.form("form[data-editor]")
	ada.submit(finish, text("Low tide", "A third text.")).leadsTo("/@ada/low-tide")
	if got := s.stands(t, idIn(t, finish)); got != "Low tide | A third text. | version 4 | low-tide | published" {
		t.Errorf("saved with both in sight, kept %q", got)
	}
	s.hasVersions(t, idIn(t, finish), "1 saved Low tide / Text.", "2 saved High tide / Text.",
		"3 autosaved Slack tide / A third text.", "4 saved Low tide / A third text.")
}

func TestAFormSentAgainAfterItsPostWasDeletedBringsNothingBack(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	ada.submit(form, text("Low tide", "Text.")).leadsTo("/@ada/low-tide")
	ada.post("/posts/"+idIn(t, form).String()+"/deletion", url.Values{}).wants(http.StatusSeeOther)
	s.keeps(t, func() { ada.submit(form, text("Low tide", "Text.")).wants(http.StatusConflict).isPage() })
}

func TestAScriptNeedsNoIDToWrite(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	ada.post("/posts", text("Low tide", "Text.")).leadsTo("/@ada/low-tide")
	ada.post("/posts", text("Low tide", "Text.")).leadsTo("/@ada/low-tide-2")
	if s.count(t, "posts") != 2 {
		t.Error("two forms without ids did not make two posts")
	}
}

// atOnce posts all the forms at the same time and returns their answers.
func atOnce(b *browser, path string, forms ...url.Values) []*answer {
	answers := make([]*answer, len(forms))
	var all sync.WaitGroup
	for i, form := range forms {
		all.Go(func() { answers[i] = b.post(path, form) })
	}
	all.Wait()
	return answers
}

func TestAFormSentManyTimesAtOnceMakesOnePost(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := merged(ada.get("/new").form("form[data-editor]").fields, text("Low tide", "Text."))
	for _, a := range atOnce(ada, "/posts", slices.Repeat([]url.Values{form}, 8)...) {
		a.leadsTo("/@ada/low-tide")
	}
	if s.count(t, "posts") != 1 || s.count(t, "posts WHERE version = 1") != 1 {
		t.Error("there is not one post with one text")
	}
}

func TestPostsOfOneTitleWrittenAtOnceGetAddressesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := text("Low tide", "Text.")
	var led []string
	for _, a := range atOnce(ada, "/posts", form, form, form, form) {
		led = append(led, a.wants(http.StatusSeeOther).Header.Get("Location"))
	}
	slices.Sort(led)
	if want := []string{"/@ada/low-tide", "/@ada/low-tide-2", "/@ada/low-tide-3", "/@ada/low-tide-4"}; !slices.Equal(led, want) {
		t.Errorf("they led to %v, want %v", led, want)
	}
	if s.count(t, "posts") != 4 {
		t.Error("there are not four posts")
	}
}

func TestATextForAPostThatWasDeletedIsOfferedAsANewPost(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(*browser) *browser{
		"plain": func(b *browser) *browser { return b }, "htmx": (*browser).htmx,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
			ada := s.as(t, "ada")
			form := send(ada).get(at(post, "/edit?shape=own")).form("form[data-editor]")
			ada.post(at(post, "/deletion"), url.Values{}).wants(http.StatusSeeOther)
			var offer *answer
			s.keeps(t, func() {
				offer = send(ada).submit(form, text("Mine", "What I typed.")).wants(http.StatusConflict)
			})
			offer.says("[role=alert]", "was deleted")
			anew := offer.form("form[data-editor]")
			if anew.action != "/posts" || idIn(t, anew) == post.ID {
				t.Fatalf("this is not offered as a new post: %v", anew)
			}
			if name == "htmx" {
				offer.isFragment("post-" + idIn(t, anew).String())
				ada.htmx().submit(anew, published).goesOn("/@ada/mine")
			} else {
				offer.isPage()
				ada.submit(anew, published).leadsTo("/@ada/mine")
			}
			if got := s.stands(t, idIn(t, anew)); got != "Mine | What I typed. | version 1 | mine | published" {
				t.Errorf("kept %q", got)
			}
			if got := s.stands(t, post.ID); !strings.HasSuffix(got, "| deleted") {
				t.Errorf("the deleted post is %q", got)
			}
		})
	}
}

func TestATitleMakesTheAddress(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for title, slug := range map[string]string{
		"Hello, World!":                 "hello-world",
		"It’s ada's":                    "its-adas",
		"  --- a --- ":                  "a",
		"../../etc/passwd":              "etc-passwd",
		"日本の港":                          "日本の港",
		"Ünïcöde ÉTÉ":                   "ünïcöde-été",
		"مرحبا بالعالم":                 "مرحبا-بالعالم",
		"!!!":                           "post",
		"<script>alert(1)</script>":     "script-alert-1-script",
		strings.Repeat("ab ", 60) + "x": strings.TrimSuffix(strings.Repeat("ab-", 27), "-"),
	} {
		to := ada.post("/posts", text(title, "Text.")).wants(http.StatusSeeOther).Header.Get("Location")
		if want := "/@ada/" + url.PathEscape(slug); to != want {
			t.Errorf("%q went to %q, want %q", title, to, want)
			continue
		}
		s.visitor(t).get(to).wants(http.StatusOK).isPage()
	}
	ada.post("/posts", text("🚢", "Text.")).leadsTo("/@ada/post-2")
}

func TestAnAddressOnceUsedIsNeverSomethingElses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.Post(t, s.store, dbtest.User(t, s.store, "bob"), titled("Low tide"))
	id := dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	gone := dbtest.Post(t, s.store, id, titled("Low tide"), deleted)
	ada.post("/posts", text("Low tide", "Text.")).leadsTo("/@ada/low-tide-2")
	ada.post(at(gone, "/restoration"), url.Values{}).leadsTo("/@ada/low-tide")
	for n := 3; n <= 9; n++ {
		ada.post("/posts", text("Low tide", "Text.")).leadsTo("/@ada/low-tide-" + strconv.Itoa(n))
	}
	last := uuid.NewString()
	ada.post("/posts", merged(text("Low tide", "Text."), url.Values{"id": {last}})).leadsTo("/@ada/low-tide-" + last)
	s.visitor(t).get("/@ada/low-tide-" + last).wants(http.StatusOK)
}

func TestWhatIsTypedRoundTripsThroughTheEditorByteForByte(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	for name, body := range map[string]string{
		"markup":             `<script>alert("1")</script> & &amp; &lt; <!-- ' " ` + "`",
		"end of a textarea":  "</textarea><script>alert(1)</script>",
		"leading newlines":   "\n\nAfter two",
		"one newline":        "\nAfter one",
		"trailing blanks":    "blanks   \n\ttab\t\n\n\n",
		"emoji":              "👩‍🚀 🏳️‍🌈 e\u0301 ñ",
		"right to left":      "שלום \u202Eabc\u202C مرحبا",
		"odd blanks":         "a\u00a0b\u2028c\u2029d\u200b\ufeffe\u0085f",
		"control characters": "a\x01b\x0bc\x0cd\x1b[31m",
		"htmx":               `<div hx-get="/x" hx-trigger="load">{{ .X }} ${x}</div>`,
		"no end of line":     "x",
	} {
		t.Run(name, func(t *testing.T) {
			title := strings.TrimSpace(strings.Join(strings.Fields(body), " "))
			form := ada.get("/new").form("form[data-editor]")
			typed := text(title, strings.ReplaceAll(body, "\n", "\r\n"))
			to := ada.submit(form, typed).wants(http.StatusSeeOther).Header.Get("Location")
			id := idIn(t, form)
			for _, get := range []func(string) *answer{ada.get, ada.htmx().get} {
				again := get("/posts/" + id.String() + "/edit").wants(http.StatusOK).form("form[data-editor]")
				ada.submit(again, nil).leadsTo(to)
			}
			if got := dbtest.One[string](t, s.store, "SELECT body FROM posts WHERE id = $1 AND version = 1", id); got != body {
				t.Errorf("the body is kept as %q, want %q", got, body)
			}
			if got := dbtest.One[string](t, s.store, "SELECT title FROM posts WHERE id = $1", id); got != title {
				t.Errorf("the title is kept as %q, want %q", got, title)
			}
			s.visitor(t).get(to).wants(http.StatusOK).hasNot("main script, main [hx-get], main textarea")
		})
	}
}

func TestLineEndsOfEverySortAreOne(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	ada.post("/posts", text("Title", "a\r\nb\rc\nd\r\n\r\ne")).wants(http.StatusSeeOther)
	if got := dbtest.One[string](t, s.store, "SELECT body FROM posts"); got != "a\nb\nc\nd\n\ne" {
		t.Errorf("kept %q", got)
	}
}

func TestTheLongestTextIsTakenInEveryScript(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	body := strings.Repeat("é", 1<<19)
	ada.post("/posts", text(strings.Repeat("é", 200), body)).wants(http.StatusSeeOther)
	if dbtest.One[string](t, s.store, "SELECT body FROM posts") != body {
		t.Error("the text of 1 MiB is not kept as it was typed")
	}
}

func TestTagsAreKeptWithTheTextAndStayWhereAFormSaysNothingOfThem(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	ada.submit(form, merged(text("T", "B"), published)).leadsTo("/@ada/t")
	id := idIn(t, form)
	for _, c := range []struct {
		sent url.Values
		want string
	}{
		{url.Values{"version": {"1"}, "tags": {" Tides,, #Sea  walls, tides"}}, "Tides, Sea walls | tides, sea-walls"},
		{url.Values{"version": {"2"}}, "Tides, Sea walls | tides, sea-walls"},
		{url.Values{"version": {"2"}, "tags": {""}}, " | "},
	} {
		ada.post("/posts/"+id.String(), merged(text("T", "B"), c.sent)).leadsTo("/@ada/t")
		kept := dbtest.One[string](t, s.store, "SELECT array_to_string(tags, ', ') || ' | ' || array_to_string(tag_slugs, ', ') FROM posts WHERE id = $1", id)
		if kept != c.want {
			t.Errorf("after %v the tags are %q, want %q", c.sent, kept, c.want)
		}
	}
}

func TestTooManyTagsComeBackAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	const typed = "a,b,c,d,e,f,g,h,i,j, k"
	back := ada.submit(form, merged(text("T", "B"), url.Values{"tags": {typed}})).wants(http.StatusUnprocessableEntity)
	back.says("[role=alert]", "A post has at most 10 tags. Remove some.")
	if got := back.form("form[data-editor]").fields.Get("tags"); got != typed {
		t.Errorf("the tags came back as %q", got)
	}
}
