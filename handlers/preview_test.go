package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// marked is a text in Markdown whose links lead away.
const marked = "# Wind\r\n\r\nIt **blew** [all night](/@ada/storm), see [above](#h-wind).\r\n\r\n- [x] nets"

// previewOf is where the editor that a form stands in shows its preview.
func previewOf(t *testing.T, form sheet) string {
	t.Helper()
	return "preview-of-" + idIn(t, form).String()
}

func TestThePreviewIsTheTextAsReadersWillSeeIt(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	s.keeps(t, func() {
		shown := ada.htmx().post("/preview", merged(form.fields, text("Low <tide>", marked), url.Values{"tags": {"#Sea, nets"}}))
		shown.wants(http.StatusOK).isFragment(previewOf(t, form)).wantsHeader("Cache-Control", "no-store")
		shown.says("section[aria-label=Preview] > h2[dir=auto]", "Low <tide>")
		shown.says(".prose[data-hx-ignore] strong", "blew")
		shown.says("ul.tags li:last-child", "nets")
		shown.says(".preview-note", "1 min")
		shown.has(".prose a[href='/@ada/storm'][target=_blank]")
		shown.has(".prose a[href='#h-wind']:not([target])")
		shown.hasNot("[hidden], [autofocus], .prose [data-hx-get], .prose [data-hx-post]")
	})
	ada.submit(form, merged(text("Low <tide>", marked), published)).leadsTo("/@ada/low-tide")
	inPost := exactly(ada.get("/@ada/low-tide"), ".post .prose")
	shown := exactly(ada.htmx().post("/preview", text("Low tide", marked)), ".preview .prose")
	if got := strings.ReplaceAll(shown, ` rel="noopener" target="_blank"`, ""); strings.TrimSpace(got) != strings.TrimSpace(inPost) {
		t.Errorf("the preview is\n%s\nand the post\n%s", shown, inPost)
	}
}

func TestWithoutScriptsThePreviewIsBelowTheEditorAndLosesNothing(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	author := s.writer(t, "ada")
	for path, c := range map[string]struct {
		button         url.Values
		buttons, leads string
	}{
		"/new": {asDraft, "PublishSave draftPreview", "/dashboard"},
		at(dbtest.Post(t, s.store, author, titled("Low tide")), "/edit"): {nil, "SavePreview", "/@ada/low-tide"},
		at(dbtest.Post(t, s.store, author, draft), "/edit"):              {asDraft, "PublishSave draftPreview", "/dashboard"},
	} {
		editor := ada.get(path)
		form := editor.form("form[data-editor]")
		button := editor.has("form[data-editor] button[formaction='/preview']")
		pressed := url.Values{}
		if name, named := button.Attr("name"); named {
			pressed.Set(name, button.AttrOr("value", ""))
		}
		typed := merged(awkwardly("Low \"tide\" <b>"), url.Values{"tags": {"Sea,  nets"}})
		var page *answer
		s.keeps(t, func() { page = ada.post("/preview", merged(form.fields, typed, pressed)).wants(http.StatusOK).isPage() })
		again := page.form("form[data-editor]")
		if again.action != form.action || again.fields.Encode() != merged(form.fields, typed).Encode() {
			t.Errorf("%s: the form comes back as %v %v, want %v", path, again.action, again.fields, merged(form.fields, typed))
		}
		page.says("[data-state]", "Not saved yet")
		page.says("#"+previewOf(t, form)+" > h2", "Low \"tide\" <b>")
		if focused := page.page.Find("[autofocus]"); focused.Length() != 1 || !focused.Is(".preview[tabindex='0']:not([hidden])") {
			t.Errorf("%s: the page is not where the preview is: %s", path, page.body)
		}
		if got := page.page.Find("form[data-editor] button").Text(); got != c.buttons {
			t.Errorf("%s: the buttons are %q, want %q", path, got, c.buttons)
		}
		ada.submit(again, merged(c.button, url.Values{"title": {"Low tide"}})).leadsTo(c.leads)
		if got := dbtest.One[string](t, s.store, "SELECT body FROM posts WHERE id = $1", idIn(t, form)); got != awkward {
			t.Errorf("%s: kept %q", path, got)
		}
	}
	ada.get("/preview").leadsTo("/dashboard")
}

func TestCancelOnThePageOfAPreviewLeadsToThePost(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	post := dbtest.Post(t, s.store, s.writer(t, "ada"), titled("Low tide"))
	form := ada.get(at(post, "/edit")).form("form[data-editor]")
	page := ada.post("/preview", form.fields).wants(http.StatusOK)
	ada.get(page.has(".actions a").AttrOr("href", "")).leadsTo("/@ada/low-tide")
}

func TestWhatCannotBeKeptIsNotPreviewed(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	long, shown := kib(1025)
	for name, c := range map[string]struct {
		typed        url.Values
		field, words string
	}{
		"a long title":       {text(strings.Repeat("a", 201), "B"), "title", "at most 200 characters"},
		"a long text":        {text("T", long), "body", "longer than 1 MiB"},
		"no text":            {text("T", "\x00"), "body", "cannot be kept"},
		"too many tags":      {merged(text("T", "B"), url.Values{"tags": {"1,2,3,4,5,6,7,8,9,10,11"}}), "tags", "at most 10 tags"},
		"a title of 2 lines": {text("T\nU", "B"), "title", "one line"},
	} {
		form := ada.get("/new").form("form[data-editor]")
		typed := merged(form.fields, c.typed)
		s.keeps(t, func() {
			note := ada.htmx().post("/preview", typed).wants(http.StatusUnprocessableEntity)
			note.isFragment(previewOf(t, form)+"-note").wantsHeader("HX-Retarget", "#"+previewOf(t, form)+"-note")
			note.says(".preview-note.wrong", c.words)
			page := ada.post("/preview", typed).refuses("form[data-editor]", c.field).isPage()
			page.has(".preview[hidden]")
			if got := page.page.Find("textarea").Text(); name == "a long text" && got != shown {
				t.Errorf("%s came back as %d bytes, want %d", name, len(got), len(shown))
			}
		})
	}
	ada.htmx().post("/preview", text("", "")).wants(http.StatusOK).hasNot("h2, .tags")
}

func TestAPreviewIsAsHarmlessAsAPost(t *testing.T) {
	t.Parallel()
	_, ada := newAuthor(t)
	hostile := strings.Join([]string{
		`<script>alert(1)</script><img src=x onerror=alert(1)><form action="/logout"><button>x</button></form>`,
		`<p data-hx-get="/logout" data-hx-trigger="load" hx-get="/x">x</p><hx-partial hx-target="#status">x</hx-partial>`,
		`<section id="status" class="preview" autofocus style="position:fixed">x</section><template><b>x</b></template>`,
		`[x](javascript:alert(1)) <a href="javascript:alert(1)">x</a> <iframe src="/x"></iframe></div></section></form><h1>out</h1>`,
	}, "\n\n")
	for name, a := range map[string]*answer{
		"in place": ada.htmx().post("/preview", text("<b>T", hostile)).wants(http.StatusOK),
		"a page":   ada.post("/preview", text("<b>T", hostile)).wants(http.StatusOK).isPage(),
	} {
		prose := a.has(".preview > .prose[data-hx-ignore]")
		found := prose.Find("script, form, button, section, template, iframe, hx-partial, style, [autofocus], [style], [onerror], [data-hx-get], [hx-get], [id=status], [href^=javascript]")
		if found.Length() != 0 || a.page.Find(".preview").Length() != 1 || !strings.Contains(prose.Text(), "out") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

func TestOnlyAnAuthorOfThisBlogsOwnPagesGetsAPreview(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	bob := dbtest.User(t, s.store, "bob")
	s.keeps(t, func() {
		refused := ada.with("Sec-Fetch-Site", "cross-site").post("/preview", text("Secret", "Secret")).wants(http.StatusForbidden)
		if strings.Contains(refused.body, "Secret") {
			t.Errorf("another site gets %s", refused.body)
		}
		ada.send(http.MethodPost, "/preview", "text/plain", "title=T").wants(http.StatusUnsupportedMediaType)
		again := s.visitor(t).htmx().post("/preview", text("T", "B")).wants(http.StatusUnauthorized)
		again.isFragment("login-again").wantsHeader("HX-Retarget", "#login-again")
		other := ada.htmx().post("/preview", merged(text("T", "B"), url.Values{"author": {bob.String()}})).wants(http.StatusUnauthorized)
		other.says("#login-again", "In this browser ada is logged in now")
	})
}

func TestATextWhosePreviewMeetsAnEndedSessionIsInTheEditorAfterLoggingIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"))
	for path, button := range map[string]url.Values{"/new": asDraft, at(post, "/edit"): nil} {
		form := s.as(t, "ada").get(path).form("form[data-editor]")
		page := afterLogin(t, s, "/preview", merged(form.fields, text("Low tide", typed), button), "ada")
		if got := page.form("form[data-editor]"); got.action != "/posts/"+idIn(t, form).String() || page.has("textarea").Text() != typed {
			t.Errorf("%s: the editor leads to %s and holds %q", path, got.action, page.has("textarea").Text())
		}
		page.says(".warning", "your text is kept")
	}
	s.hasVersions(t, post.ID, "1 saved Low tide / "+post.Body, "2 autosaved Low tide / "+typed)
}

func TestATextWhosePreviewFailsIsGivenBack(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	away := withoutDatabase(t).withCookie(t, "session="+randomToken())
	for _, path := range []string{"/new", at(dbtest.Post(t, s.store, s.writer(t, "ada")), "/edit")} {
		form := ada.get(path).form("form[data-editor]")
		typed := awkwardly("Low tide")
		away.post("/preview", merged(form.fields, typed)).wants(http.StatusServiceUnavailable).holds(form, typed)
	}
	long, _ := kib(500)
	ada.post("/preview", text("Long", long)).wants(http.StatusOK)
}

func TestAnEditorBringsTheScriptsOfItsKeysAndItsPreview(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	post := dbtest.Post(t, s.store, s.writer(t, "ada"), titled("Low tide"))
	for _, name := range []string{"editor", "preview"} {
		script := "script[type=module][src^='/assets/" + name + ".']"
		for _, a := range []*answer{ada.get("/new"), ada.htmx().get("/new"), ada.get(at(post, "/edit"))} {
			a.has("form[data-editor] " + script)
		}
		ada.get("/@ada/low-tide").hasNot(script)
		ada.get("/dashboard").hasNot(script)
	}
}

// writer is the id of the account of that name.
func (s *site) writer(t *testing.T, username string) uuid.UUID {
	t.Helper()
	return dbtest.One[uuid.UUID](t, s.store, "SELECT id FROM users WHERE username = $1", username)
}
