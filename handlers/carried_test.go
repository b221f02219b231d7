package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

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
	return b.goesOnAs(username, refused)
}

// goesOnAs logs in on a login page that carries a text, and returns the editor with it.
func (b *browser) goesOnAs(username string, asked *answer) *answer {
	b.t.Helper()
	done := b.submit(asked.form("#login"), login(username, dbtest.Password))
	if done.StatusCode == http.StatusUnprocessableEntity { // it is on screen, but cannot be kept as it is
		return done.isPage()
	}
	return b.get(done.wants(http.StatusSeeOther).Header.Get("Location")).wants(http.StatusOK).isPage()
}

func TestATextSentWithoutASessionIsInTheEditorAfterLoggingIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	post := dbtest.Post(t, s.store, ada, titled("Low tide"))
	form := url.Values{"title": {"Low tide"}, "body": {typed}, "version": {"1"}}
	for name, c := range map[string]struct {
		path, username string
		own            bool // the text belongs to ada's post
	}{
		"her own post":       {at(post, ""), "ada", true},
		"somebody else's":    {at(post, ""), "bob", false},
		"a post of no one":   {"/posts/0198c5a0-0000-7000-8000-000000000000", "ada", false},
		"a new post, by ada": {"/posts", "ada", false},
		"a damaged address":  {"/posts/nonsense", "ada", false},
		"a new post, by bob": {"/posts", "bob", false},
	} {
		page := afterLogin(t, s, c.path, form, c.username)
		action := page.has("form.editor").AttrOr("action", "")
		if (action == at(post, "")) != c.own {
			t.Errorf("%s: the editor leads to %s", name, action)
		}
		if got := page.has("textarea").Text(); got != typed {
			t.Errorf("%s: the editor holds %q", name, got)
		}
		page.says(".warning", "your text is kept")
		kept := s.stands(t, uuid.MustParse(strings.TrimPrefix(action, "/posts/")))
		if want := "Low tide | " + typed + " | version 1 | no slug | draft"; !c.own && kept != want {
			t.Errorf("%s: kept %q, want %q", name, kept, want)
		}
	}
	s.hasVersions(t, post.ID, "1 saved Low tide / "+post.Body, "2 autosaved Low tide / "+typed)
	s.visitor(t).get("/@ada/low-tide").says(".prose", post.Body)
}

// Of one form that is sent twice through the login page, one draft is kept.
func TestATextCarriedTwiceIsOneDraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	form := url.Values{"title": {"Low tide"}, "body": {typed}, "id": {"0198c5a0-0000-7000-8000-000000000001"}, "status": {"published"}}
	for range 2 {
		afterLogin(t, s, "/posts", form, "ada")
	}
	if all := dbtest.One[int](t, s.store, "SELECT count(*) FROM versions"); all != 1 {
		t.Errorf("%d versions, want 1", all)
	}
}

func TestATextCarriedToADeletedPostBecomesAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"), func(p *dbtest.NewPost) { p.Deleted = true })
	page := afterLogin(t, s, at(post, ""), url.Values{"title": {"Low tide"}, "body": {typed}, "version": {"1"}}, "ada")
	if action := page.has("form.editor").AttrOr("action", ""); action == at(post, "") {
		t.Errorf("the editor leads to %s", action)
	}
	s.hasVersions(t, post.ID, "1 saved Low tide / "+post.Body)
}

func TestACarriedTextThatCannotBeKeptIsShownAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	long := strings.Repeat("a", 201)
	b := s.visitor(t)
	asked := b.post("/posts", url.Values{"title": {long}, "body": {"B"}}).wants(http.StatusUnauthorized)
	refused := b.submit(asked.form("#login"), login("ada", dbtest.Password)).wants(http.StatusUnprocessableEntity).isPage()
	if got := refused.has("input[name=title]").AttrOr("value", ""); got != long {
		t.Errorf("the editor holds %q", got)
	}
	refused.says("[role=alert]", "at most 200 characters")
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
