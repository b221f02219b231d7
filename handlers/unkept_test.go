package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// awkward is a text that a careless page would change: its line ends are sent as CRLF.
const awkward = "\n\nAfter two\n\n  \"quoted\" 'so' & &amp; <script>alert(1)</script></textarea>\t\U0001F600 \u05e9\u05dc\u05d5\u05dd  \n"

func awkwardly(title string) url.Values {
	return text(title, strings.ReplaceAll(awkward, "\n", "\r\n"))
}

// failsToWrite makes every change of a post end with that SQLSTATE.
func (s *site) failsToWrite(t *testing.T, code string) {
	t.Helper()
	dbtest.Exec(t, s.store, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '`+code+`'; END$$`)
	dbtest.Exec(t, s.store, "CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON posts FOR EACH STATEMENT EXECUTE FUNCTION fail()")
}

func (s *site) writesAgain(t *testing.T) {
	t.Helper()
	dbtest.Exec(t, s.store, "DROP FUNCTION fail CASCADE")
}

// withoutDatabase is a site whose database cannot be reached.
func withoutDatabase(t *testing.T) *site {
	t.Helper()
	gone, err := db.Open("postgres://miniblog@127.0.0.1:1/miniblog?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gone.Close)
	return siteOn(t, gone)
}

// outages are the ways in which a save can fail. Each sends a form from ada's browser to a site that fails, and
// returns the answer once it works again.
var outages = map[string]struct {
	status int
	send   func(t *testing.T, s *site, ada *browser, form sheet, typed url.Values) *answer
}{
	"a mistake of ours": {http.StatusInternalServerError, func(t *testing.T, s *site, ada *browser, form sheet, typed url.Values) *answer {
		s.failsToWrite(t, "XX000")
		defer s.writesAgain(t)
		return ada.submit(form, typed)
	}},
	"the database stops while it writes": {http.StatusServiceUnavailable, func(t *testing.T, s *site, ada *browser, form sheet, typed url.Values) *answer {
		s.failsToWrite(t, "57P01")
		defer s.writesAgain(t)
		return ada.submit(form, typed)
	}},
	"nobody knows who asks": {http.StatusServiceUnavailable, func(t *testing.T, _ *site, ada *browser, form sheet, typed url.Values) *answer {
		return withoutDatabase(t).withCookie(t, "session="+ada.session()).submit(form, typed)
	}},
}

// holds asserts that the answer to a failed save is the editor with all that was sent, and returns its form.
func (a *answer) holds(sent sheet, typed url.Values) sheet {
	a.t.Helper()
	a.isPage().wantsHeader("Cache-Control", "no-store").says("[data-state]", "Not saved yet")
	a.says("main [role=alert] h1", strings.TrimSuffix(a.page.Find("title").Text(), " · Harbour Notes"))
	a.says("main [role=alert]", "Your text is below, not saved yet.")
	a.says("main [role=alert]", "Request "+a.Header.Get("X-Request-Id"))
	form := a.form("form[data-editor]")
	if form.action != sent.action {
		a.t.Errorf("the form leads to %s, want %s", form.action, sent.action)
	}
	for name, value := range merged(sent.fields, typed) {
		if got := form.fields.Get(name); got != value[0] && name != "status" {
			a.t.Errorf("%s comes back as %.80q, want %.80q", name, got, value[0])
		}
	}
	return form
}

func TestATextWhoseSaveFailedIsInTheEditorAndIsKeptOnceWhenItIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ada := newAuthor(t)
			form := ada.get("/new").form("form[data-editor]")
			typed := merged(awkwardly("Low \"tide\" <b>"), published)
			var failed *answer
			s.keeps(t, func() { failed = outage.send(t, s, ada, form, typed).wants(outage.status) })
			again := failed.holds(form, typed)
			for range 2 {
				ada.submit(again, published).leadsTo("/@ada/low-tide-b")
			}
			s.hasVersions(t, idIn(t, form), "1 saved Low \"tide\" <b> / "+awkward)
			if made := s.count(t, "posts"); made != 1 {
				t.Errorf("%d posts were made", made)
			}
		})
	}
}

func TestARevisionThatFailedIsInTheEditorAndIsKeptOnceWhenItIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			id := dbtest.User(t, s.store, "ada")
			ada := s.as(t, "ada")
			for _, c := range []struct {
				post    dbtest.NewPost
				button  url.Values
				buttons string
				to      string
			}{
				{dbtest.Post(t, s.store, id, titled("Low tide")), nil, "SavePreview", "/@ada/low-tide"},
				{dbtest.Post(t, s.store, id, draft), asDraft, "PublishSave draftPreview", "/dashboard"},
			} {
				form := ada.get(at(c.post, "/edit")).form("form[data-editor]")
				typed := merged(awkwardly("High tide"), c.button)
				var failed *answer
				s.keeps(t, func() { failed = outage.send(t, s, ada, form, typed).wants(outage.status) })
				again := failed.holds(form, typed)
				if got := failed.page.Find("form[data-editor] button").Text(); got != c.buttons {
					t.Errorf("the buttons are %q, want %q", got, c.buttons)
				}
				for range 2 {
					ada.submit(again, c.button).leadsTo(c.to)
				}
				if got := dbtest.One[string](t, s.store, "SELECT body FROM posts WHERE id = $1 AND version = 2", c.post.ID); got != awkward {
					t.Errorf("kept %q", got)
				}
			}
		})
	}
}

func TestAFailedSaveSendsEveryHiddenFieldOfTheEditorAgain(t *testing.T) {
	t.Parallel()
	s, away := newSite(t), withoutDatabase(t)
	id := dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	for _, path := range []string{"/new", at(dbtest.Post(t, s.store, id), "/edit"), at(dbtest.Post(t, s.store, id, titled("Two"), draft), "/edit")} {
		page := ada.get(path).wants(http.StatusOK)
		failed := away.withCookie(t, "session="+ada.session()).submit(page.form("form[data-editor]"), text("T", "B"))
		failed.wants(http.StatusServiceUnavailable).wantsHeader("Retry-After", "5")
		page.has("form[data-editor] input[type=hidden]").Each(func(_ int, hidden *goquery.Selection) {
			name, value := hidden.AttrOr("name", ""), hidden.AttrOr("value", "")
			if got := failed.page.Find("form[data-editor] input[type=hidden][name="+name+"]").AttrOr("value", "none"); got != value {
				t.Errorf("%s: %s comes back as %q, want %q", path, name, got, value)
			}
		})
	}
}

func TestAnEditorThatStoodInAListSendsItsTextAgainAsAPage(t *testing.T) {
	t.Parallel()
	form := merged(text("T", "B"), url.Values{"shape": {"listed"}, "version": {"3"}})
	failed := withoutDatabase(t).withCookie(t, "session="+randomToken()).post("/posts/"+uuid.NewString(), form)
	failed.wants(http.StatusServiceUnavailable).hasNot("form[data-editor] [name=shape]")
}

func TestATextForAPostThatIsNotThereIsOfferedAsANewPost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	dbtest.User(t, s.store, "bob")
	bob := s.as(t, "bob")
	for path, form := range map[string]url.Values{
		at(post):                     {"version": {"1"}},
		"/posts/" + uuid.NewString(): {"version": {"1"}},
		"/posts/nonsense":            {"version": {"1"}},
		"/posts":                     {"id": {post.ID.String()}},
	} {
		var missing *answer
		s.keeps(t, func() { missing = bob.post(path, merged(awkwardly("Mine"), form)).wants(http.StatusNotFound) })
		anew := missing.holds(sheet{action: "/posts"}, awkwardly("Mine"))
		if idIn(t, anew) == post.ID {
			t.Errorf("%s: it is offered for the same post again", path)
		}
		bob.submit(anew, asDraft).leadsTo("/dashboard")
	}
}

func TestATextOnItsWayThroughTheLoginPageOutlivesAFailureThere(t *testing.T) {
	t.Parallel()
	s, away := newSite(t), withoutDatabase(t)
	id := dbtest.User(t, s.store, "ada")
	post := dbtest.Post(t, s.store, id, titled("Low tide"))
	for path, form := range map[string]url.Values{
		at(post): {"version": {"1"}},
		"/posts": {"id": {uuid.NewString()}},
	} {
		typed := merged(awkwardly("High tide"), form)
		asked := s.visitor(t).post(path, typed).wants(http.StatusUnauthorized)
		failed := away.visitor(t).submit(asked.form("#login"), login("ada", dbtest.Password)).wants(http.StatusServiceUnavailable)
		again := failed.holds(sheet{action: path}, typed)
		if strings.Contains(failed.body, dbtest.Password) {
			t.Error("the password comes back")
		}
		asked = s.visitor(t).submit(again, nil).wants(http.StatusUnauthorized)
		b := s.visitor(t)
		editor := b.goesOnAs("ada", asked)
		b.submit(editor.form("form[data-editor]"), asDraftOf(path)).wants(http.StatusSeeOther)
	}
	if got := dbtest.One[int](t, s.store, "SELECT count(*) FROM posts WHERE body = $1", awkward); got != 2 {
		t.Errorf("%d of 2 texts were kept", got)
	}
	away.visitor(t).post("/login", merged(login("ada", "x"), text("T", "B"))).wants(http.StatusServiceUnavailable).hasNot("textarea")
}

// asDraftOf presses Save draft where there is that button: on a new post.
func asDraftOf(path string) url.Values {
	if path == "/posts" {
		return asDraft
	}
	return nil
}

func TestOnlyAnEditorsOwnPlainFormGetsItsTextBack(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	post := "/posts/" + uuid.NewString()
	s.failsToWrite(t, "57P01")
	for name, a := range map[string]*answer{
		"from another site":    ada.with("Sec-Fetch-Site", "cross-site").post("/posts", text("Secret", "Secret")).wants(http.StatusForbidden),
		"a damaged address":    ada.with("Sec-Fetch-Site", "cross-site").post("/posts/%ff", text("Secret", "Secret")).wants(http.StatusNotFound),
		"in place":             ada.htmx().post("/posts", text("Secret", "Secret")).wants(http.StatusServiceUnavailable),
		"for another address":  ada.post(post+"/deletion", text("Secret", "Secret")).wants(http.StatusServiceUnavailable),
		"in another format":    ada.send(http.MethodPost, "/posts", "text/plain", "title=Secret").wants(http.StatusUnsupportedMediaType),
		"in a packed body":     ada.with("Content-Encoding", "gzip").post("/posts", text("Secret", "Secret")).wants(http.StatusUnsupportedMediaType),
		"by a method not used": ada.do(http.MethodPut, "/posts", text("Secret", "Secret")).wants(http.StatusMethodNotAllowed),
	} {
		if strings.Contains(a.body, "Secret") || a.page.Find("form[data-editor]").Length() > 0 {
			t.Errorf("%s: the text comes back: %s", name, a.body)
		}
	}
	ada.htmx().post("/posts", text("Secret", "Secret")).wantsHeader("HX-Retarget", "#status").says("body > .wrong", "cannot reach its database")
	if a := ada.post("/posts", url.Values{"id": {uuid.NewString()}}); strings.Contains(a.body, "Your text is below") {
		t.Error("a form without a text is said to hold one")
	}
}
