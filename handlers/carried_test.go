package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"miniblog/internal/dbtest"
)

const typed = "First line\n\n  second <b>line</b> \"quoted\"\t\U0001F600\n"

// afterLogin sends a text without a session, logs in on the page that comes back, a
// wrong password first, and returns the answer.
func afterLogin(t *testing.T, s *site, path string, form url.Values, username string) *answer {
	t.Helper()
	b := s.visitor(t)
	asked := b.post(path, form).wants(http.StatusUnauthorized).isPage()
	asked.says("main", "second <b>line</b>")
	refused := b.submit(asked.form("#login"), login(username, "wrong")).wants(http.StatusUnprocessableEntity)
	return b.submit(refused.form("#login"), login(username, dbtest.Password)).wants(http.StatusOK).isPage()
}

func TestATextSentWithoutASessionIsInTheEditorAfterLoggingIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	form := url.Values{"title": {"Low tide"}, "body": {typed}, "version": {"1"}}
	kept := dbtest.One[string](t, s.store, "SELECT string_agg(p::text, '') FROM posts AS p")
	for name, c := range map[string]struct{ path, username, action string }{
		"her own post":       {at(post, ""), "ada", at(post, "")},
		"somebody else's":    {at(post, ""), "bob", "/posts"},
		"a post of no one":   {"/posts/0198c5a0-0000-7000-8000-000000000000", "ada", "/posts"},
		"a new post, by ada": {"/posts", "ada", "/posts"},
		"a damaged address":  {"/posts/nonsense", "ada", "/posts"},
		"a new post, by bob": {"/posts", "bob", "/posts"},
	} {
		page := afterLogin(t, s, c.path, form, c.username)
		editor := page.has("form.editor")
		if got := editor.AttrOr("action", ""); got != c.action {
			t.Errorf("%s: the editor leads to %s, want %s", name, got, c.action)
		}
		if got := page.has("textarea").Text(); got != typed {
			t.Errorf("%s: the editor holds %q", name, got)
		}
		page.says(".warning", "not saved yet")
	}
	if now := dbtest.One[string](t, s.store, "SELECT string_agg(p::text, '') FROM posts AS p"); now != kept {
		t.Errorf("it changed the posts from %s to %s", kept, now)
	}
}

func TestADraftsSaveNeverPublishes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	b := s.as(t, "ada")
	secret := url.Values{"title": {"Low tide"}, "body": {"Secret, unfinished."}, "status": {"draft"}}
	for name, send := range map[string]func() *answer{
		"from an old tab": func() *answer {
			form := url.Values{"version": {"1"}}
			for field, values := range secret {
				form[field] = values
			}
			return b.post(at(post, ""), form)
		},
		"after Back": func() *answer {
			form := url.Values{"id": {post.ID.String()}}
			for field, values := range secret {
				form[field] = values
			}
			return b.post("/posts", form)
		},
	} {
		answer := send().wants(http.StatusConflict)
		if got := answer.has("textarea").Text(); got != "Secret, unfinished." {
			t.Errorf("%s: the editor holds %q", name, got)
		}
		if body := dbtest.One[string](t, s.store, "SELECT body FROM posts"); body != post.Body {
			t.Errorf("%s: readers see %q", name, body)
		}
	}
}
