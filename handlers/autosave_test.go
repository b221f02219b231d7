package handlers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// turn is what an editor sends, as its script counts it.
func turn(form sheet, n, title, body string) url.Values {
	fields := merged(form.fields, text(title, body), url.Values{"turn": {n}})
	fields.Del("id")
	return fields
}

// newPost is a site on which ada has published a post.
func newPost(t *testing.T) (*site, *browser, dbtest.NewPost) {
	t.Helper()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	return s, s.as(t, "ada"), post
}

func hashOf(title, body string) string {
	sum := sha256.Sum256([]byte(title + "\n" + body))
	return hex.EncodeToString(sum[:])
}

func TestAPauseKeepsTheTextAndNamesItsHash(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	id := idIn(t, form)
	to := "/posts/" + id.String() + "/versions"
	for range 2 { // and sent again
		a := ada.htmx().post(to, turn(form, "3", " Low tide", typed)).wants(http.StatusOK)
		a.wantsHeader("Cache-Control", "no-store")
		state := a.has("p[data-state].kept")
		if got, want := state.AttrOr("data-sha256", ""), hashOf(" Low tide", typed); got != want {
			t.Errorf("the hash is %s, want %s", got, want)
		}
		if !strings.HasPrefix(state.Text(), "Saved ") || a.page.Find("body > *").Length() != 1 {
			t.Errorf("it answers %s", a.body)
		}
	}
	if got := s.stands(t, id); got != " Low tide | "+typed+" | version 1 | no slug | draft" {
		t.Errorf("kept %q", got)
	}
	s.hasVersions(t, id, "1 autosaved  Low tide / "+typed)
	ada.get("/dashboard").says("article h2", "Low tide")
	ada.post(to, turn(form, "4", "Low tide", "More.")).leadsTo("/posts/" + id.String() + "/edit")
	s.visitor(t).get("/").hasNot("article")
	// The form is sent at last.
	fields := merged(turn(form, "4", "Low tide", "More."), published, url.Values{"id": {id.String()}})
	ada.post("/posts", fields).leadsTo("/@ada/low-tide")
	s.hasVersions(t, id, "1 autosaved  Low tide / "+typed, "2 autosaved Low tide / More.", "3 saved Low tide / More.")
}

func TestAnEditorGoesOnFromWhatWasAutosaved(t *testing.T) {
	t.Parallel()
	s, ada, post := newPost(t)
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	ada.htmx().post(at(post, "/versions"), turn(form, "1", "Low tide", "Not for readers yet.")).wants(http.StatusOK)
	for _, get := range []func(string) *answer{ada.get, ada.htmx().get} {
		editor := get(at(post, "/edit") + "?shape=full").wants(http.StatusOK)
		editor.says(".warning", "not part of the post yet")
		editor.says("[data-state]", "Saved ")
		if got := editor.has("textarea").Text(); got != "Not for readers yet." {
			t.Errorf("the editor holds %q", got)
		}
		if got := editor.has("input[name=version]").AttrOr("value", ""); got != "2" {
			t.Errorf("it began from version %s", got)
		}
		saved := get(editor.has(".warning a").AttrOr("href", "") + "&shape=full").wants(http.StatusOK)
		saved.hasNot(".warning")
		if got := saved.has("textarea").Text(); got != post.Body {
			t.Errorf("the editor holds %q", got)
		}
	}
	s.visitor(t).get("/@ada/low-tide").says(".prose", post.Body)
	ada.get("/posts/"+post.ID.String()+"/history").says(".version:nth-child(1) .byline", "Autosaved")
}

func TestWhatCannotBeKeptIsAnswered(t *testing.T) {
	t.Parallel()
	s, ada, post := newPost(t)
	dbtest.User(t, s.store, "bob")
	bob := s.as(t, "bob")
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	long := strings.Repeat("a", 201)
	s.keeps(t, func() {
		for _, id := range []string{post.ID.String(), uuid.NewString()} {
			to := "/posts/" + id + "/versions"
			a := ada.htmx().post(to, turn(form, "1", long, "B")).wants(http.StatusUnprocessableEntity)
			a.says("[data-state].wrong", "Not saved: A title has at most 200 characters.")
			a.hasNot("[data-sha256]")
		}
		plain := ada.post(at(post, "/versions"), turn(form, "1", long, "B")).wants(http.StatusUnprocessableEntity).isPage()
		if got := plain.has("input[name=title]").AttrOr("value", ""); got != long {
			t.Errorf("the editor holds %q", got)
		}
		ada.post("/posts/"+uuid.NewString()+"/versions", text(long, "B")).wants(http.StatusUnprocessableEntity).isPage().has("form.editor")
		ada.htmx().post("/posts/7/versions", turn(form, "1", "T", "B")).wants(http.StatusNotFound)
		ada.with("Sec-Fetch-Site", "cross-site").post(at(post, "/versions"), turn(form, "1", "T", "B")).wants(http.StatusForbidden)
		bobs := turn(form, "1", "T", "B")
		bobs.Del("author")
		bob.htmx().post(at(post, "/versions"), bobs).wants(http.StatusNotFound)
		s.visitor(t).htmx().post(at(post, "/versions"), turn(form, "1", "T", "B")).wants(http.StatusUnauthorized).isFragment("login-again")
	})
	ada.htmx().post(at(post, "/versions"), turn(form, "9", "T", "B")).wants(http.StatusOK)
	ada.htmx().post(at(post, "/versions"), turn(form, "8", "T", "Older.")).wants(http.StatusConflict).hasNot("[data-sha256]")
	ada.post(at(post, ""), turn(form, "8", "T", "Older.")).wants(http.StatusConflict).isPage().says("h1", "A newer text is kept")
}

// Somebody else has logged in in this browser: the text is not theirs to send, and
// its writer is asked to log in.
func TestATextIsKeptForItsWriterAlone(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	dbtest.User(t, s.store, "bob")
	form := ada.get("/new").form("form[data-editor]")
	sent := merged(form.fields, text("Low tide", "Hers."), published)
	bob := s.as(t, "bob")
	s.keeps(t, func() {
		for path, fields := range map[string]url.Values{
			"/posts": sent, "/posts/" + idIn(t, form).String(): sent, "/posts/" + idIn(t, form).String() + "/versions": turn(form, "1", "Low tide", "Hers."),
		} {
			again := bob.htmx().post(path, fields).wants(http.StatusUnauthorized).isFragment("login-again")
			again.says("p", "bob is logged in now")
			page := bob.post(path, fields).wants(http.StatusUnauthorized).isPage()
			page.says("main", "bob is logged in now")
			page.says(".clash", "Hers.")
		}
	})
	asked := bob.post("/posts", sent).wants(http.StatusUnauthorized)
	done := bob.submit(asked.form("#login"), login("ada", dbtest.Password)).wants(http.StatusSeeOther)
	editor := bob.get(done.Header.Get("Location")).wants(http.StatusOK)
	if got := editor.has("textarea").Text(); got != "Hers." {
		t.Errorf("the editor holds %q", got)
	}
}
