package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// hasVersions compares what a post has had with lines such as "1 saved Title / Body".
func (s *site) hasVersions(t *testing.T, id uuid.UUID, want ...string) {
	t.Helper()
	got := dbtest.One[[]string](t, s.store, `
		SELECT coalesce(array_agg(concat_ws(' ', number, kind, title) || ' / ' || body ORDER BY number), '{}')
		FROM versions WHERE post_id = $1`, id)
	if !slices.Equal(got, want) {
		t.Errorf("the versions are\n%q, want\n%q", got, want)
	}
}

// bothWays makes a test with plain forms and with htmx.
func bothWays(t *testing.T, do func(t *testing.T, send func(*browser) *browser, inPlace bool)) {
	t.Helper()
	t.Run("plain", func(t *testing.T) {
		t.Parallel()
		do(t, func(b *browser) *browser { return b }, false)
	})
	t.Run("htmx", func(t *testing.T) {
		t.Parallel()
		do(t, (*browser).htmx, true)
	})
}

// threeParagraphs are what two people edit at once.
func threeParagraphs(p *dbtest.NewPost) { p.Title, p.Body = "Low tide", "One.\n\nTwo  <b>.\n\nThree." }

func TestASaveFromAnOldTextIsMergedAndSaysWhatCameIn(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), threeParagraphs)
		ada := s.as(t, "ada")
		form := send(ada).get(at(post, "/edit?shape=full")).form("form[data-editor]")
		ada.submit(form, text("Low tide", "ONE.\r\n\r\nTwo  <b>.\r\n\r\nThree.")).wants(http.StatusSeeOther)
		seen := func() *answer {
			done := send(ada).submit(form, text("Lowest tide", "One.\r\n\r\nTwo  <b>.\r\n\r\nTHREE."))
			if inPlace {
				done.wants(http.StatusOK).isFragment(articleOf(post))
				done.has("article.full[data-announce='Saved, together with what was saved meanwhile.'] a[autofocus]")
				done.says(".prose", "ONE. Two . THREE.")
				return done
			}
			done.leadsTo(at(post, "/history?merged=yes&from=3&to=4"))
			return ada.get(done.Header.Get("Location")).wants(http.StatusOK).isPage()
		}
		seen().wantsChanges("Lowest tide", "<del>One.\n</del><ins>ONE.\n</ins>\nTwo  &lt;b&gt;.\n\nTHREE.").says(".comparison .kept", "both changes are kept")
		if got := s.stands(t, post.ID); got != "Lowest tide | ONE.\n\nTwo  <b>.\n\nTHREE. | version 4 | low-tide | published" {
			t.Errorf("kept %q", got)
		}
		s.keeps(t, func() { // sent again
			seen().wantsChanges("Lowest tide", "<del>One.\n</del><ins>ONE.\n</ins>\nTwo  &lt;b&gt;.\n\nTHREE.")
		})
		s.hasVersions(t, post.ID,
			"1 saved Low tide / One.\n\nTwo  <b>.\n\nThree.", "2 saved Low tide / ONE.\n\nTwo  <b>.\n\nThree.",
			"3 merged Lowest tide / One.\n\nTwo  <b>.\n\nTHREE.", "4 saved Lowest tide / ONE.\n\nTwo  <b>.\n\nTHREE.")
	})
}

// wantsChanges asserts the title and the body of the one comparison, to the blank.
func (a *answer) wantsChanges(title, body string) *answer {
	a.t.Helper()
	for selector, want := range map[string]string{".comparison p.compared": title, ".comparison div.compared": body} {
		if got := exactly(a, selector); got != want {
			a.t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	return a
}

// exactly is the HTML that stands in the one element of that selector.
func exactly(a *answer, selector string) string {
	a.t.Helper()
	found := a.has(selector)
	html, err := found.Html()
	if err != nil || found.Length() != 1 {
		a.t.Fatalf("%d times %s (%v)", found.Length(), selector, err)
	}
	return html
}

func TestANewPostSentAgainIsMergedToo(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s, ada := newAuthor(t)
		form := send(ada).get("/new").form("form[data-editor]")
		id := idIn(t, form)
		ada.submit(form, text("Low tide", "One.\r\n\r\nTwo.")).wants(http.StatusSeeOther)
		ada.post("/posts/"+id.String(), merged(url.Values{"version": {"1"}}, text("Low tide", "ONE.\r\n\r\nTwo."))).wants(http.StatusSeeOther)
		done := send(ada).submit(form, text("Low tide", "One.\r\n\r\nTWO."))
		if to := "/posts/" + id.String() + "/history?merged=yes&from=3&to=4"; inPlace {
			done.goesOn(to)
		} else {
			done.leadsTo(to)
		}
		if got := s.stands(t, id); got != "Low tide | ONE.\n\nTWO. | version 4 | low-tide | published" {
			t.Errorf("kept %q", got)
		}
	})
}

func TestASaveOfTheSamePlaceShowsBothTexts(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), threeParagraphs)
		ada := s.as(t, "ada")
		form := send(ada).get(at(post, "/edit?shape=full")).form("form[data-editor]")
		ada.submit(form, text("Theirs", "One.\r\n\r\nWhat was saved <b>meanwhile</b>.\r\n\r\nThree.")).wants(http.StatusSeeOther)
		typed := text("Mine", "One.\r\n\r\n\tWhat I typed.  \r\n\r\nTHREE.")
		clash := send(ada).submit(form, typed).wants(http.StatusConflict)
		if inPlace {
			clash.isFragment(articleOf(post))
		} else {
			clash.isPage()
		}
		clash.says("[role=alert]", "both changed the same place")
		for selector, want := range map[string]string{
			".clash .side:first-child p.compared":   "<mark>Mine</mark>",
			".clash .side:first-child div.compared": "One.\n\n<mark>\tWhat I typed.  \n</mark>\nTHREE.",
			".clash .side:last-child p.compared":    "<mark>Theirs</mark>",
			".clash .side:last-child div.compared":  "One.\n\n<mark>What was saved &lt;b&gt;meanwhile&lt;/b&gt;.\n</mark>\nThree.",
		} {
			if got := exactly(clash, selector); got != want {
				t.Errorf("%s is %q, want %q", selector, got, want)
			}
		}
		finish := clash.form("form[data-editor]")
		both := text("Mine Theirs", "One.\r\n\r\n\tWhat I typed.  \r\nWhat was saved <b>meanwhile</b>.\r\n\r\nTHREE.")
		of := url.Values{"id": {post.ID.String()}, "author": {post.AuthorID.String()}, "sitting": finish.fields["sitting"], "turn": {"0"}, "tags": {""}}
		if got, want := finish.fields.Encode(), merged(both, of, url.Values{"version": {"2"}, "shape": {"full"}}).Encode(); got != want {
			t.Errorf("the form holds %s, want %s", got, want)
		}
		if got := s.stands(t, post.ID); !strings.HasPrefix(got, "Theirs | One.\n\nWhat was saved") {
			t.Errorf("shown is %q", got)
		}
		s.keeps(t, func() { send(ada).submit(form, typed).wants(http.StatusConflict) }) // sent again
		ada.submit(finish, nil).leadsTo("/@ada/low-tide")
		s.hasVersions(t, post.ID,
			"1 saved Low tide / One.\n\nTwo  <b>.\n\nThree.",
			"2 saved Theirs / One.\n\nWhat was saved <b>meanwhile</b>.\n\nThree.",
			"3 autosaved Mine / One.\n\n\tWhat I typed.  \n\nTHREE.",
			"4 saved Mine Theirs / One.\n\n\tWhat I typed.  \nWhat was saved <b>meanwhile</b>.\n\nTHREE.")
	})
}

func TestAMergedTextThatBreaksARuleIsFinishedAtItsField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	ada := s.as(t, "ada")
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	long := strings.Repeat("x", 150)
	ada.submit(form, text(long+" Low tide", post.Body)).wants(http.StatusSeeOther)
	clash := ada.submit(form, text("Low tide "+long, post.Body)).wants(http.StatusConflict).isPage()
	clash.says(".warning", "cannot be saved as it is")
	clash.hasNot("mark")
	clash.has("[name=title][aria-invalid=true][autofocus]")
	finish := clash.form("form[data-editor]")
	if got := finish.fields.Get("title"); got != long+" Low tide "+long {
		t.Errorf("to be finished is %q", got)
	}
	ada.submit(finish, text("Low tide", post.Body)).leadsTo("/@ada/" + post.Slug())
	if got := s.stands(t, post.ID); got != "Low tide | "+post.Body+" | version 4 | low-tide | published" {
		t.Errorf("kept %q", got)
	}
}

func TestASaveOfTheSameTextIsNoClash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	ada := s.as(t, "ada")
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	ada.submit(form, text("High tide", "Text.")).wants(http.StatusSeeOther)
	s.keeps(t, func() { ada.submit(form, text("High tide", "Text.")).leadsTo("/@ada/low-tide") })
}

func TestRevisionsMadeAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	version := url.Values{"version": {"1"}}
	kept := 0
	for _, a := range atOnce(s.as(t, "ada"), at(post),
		merged(version, text("One", "1")), merged(version, text("Two", "2")), merged(version, text("Three", "3"))) {
		if a.StatusCode == http.StatusSeeOther {
			kept++
		} else {
			a.wants(http.StatusConflict)
		}
	}
	if kept != 1 || s.count(t, "posts WHERE version = 2") != 1 || s.count(t, "versions") != 4 {
		t.Errorf("%d were kept, and %d versions: %s", kept, s.count(t, "versions"), s.stands(t, post.ID))
	}
}
